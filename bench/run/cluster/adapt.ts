import { ClientError, type TopicSpec } from '../../client/driver.ts';
import { KsweepError } from '../../common/errors.ts';
import type { LoadGenerator } from '../../load/agent/load-generator.ts';
import type { Cell, Plan } from '../../workload/plan.ts';

const ASK_LIMIT_MS = 20_000;
/** What services force, the usual one first. */
const REPLICATION_FACTORS = [3, 2, 1];
/** Refusals that say nothing of the topic: the client cannot ask, nobody answered, or the principal may not make topics. */
const NOT_OF_THE_TOPIC = /^ERR_(_.*|REQUEST_TIMED_OUT|(TOPIC|CLUSTER)_AUTHORIZATION_FAILED)$/;

type Validate = (topic: TopicSpec) => Promise<ClientError | null>;

/** A topic that the brokers take, in words what is other than was asked for, and why it has to be. */
export interface Adapted {
  readonly topic: TopicSpec;
  readonly changes: readonly string[];
  /** Absent where nothing was refused. */
  readonly refusal?: ClientError;
}

/**
 * The nearest topic that brokers take: first another replication factor, then without the configs that are refused.
 * Returns the refusal where neither helps; partitions are never changed, as they are what is measured.
 */
export async function adaptTopic(wanted: TopicSpec, validate: Validate): Promise<Adapted | ClientError> {
  const refusal = await validate(wanted);
  if (refusal === null || NOT_OF_THE_TOPIC.test(refusal.code)) return { topic: wanted, changes: [] };
  const others = REPLICATION_FACTORS.filter((factor) => factor !== wanted.replicationFactor);
  const factors = [wanted.replicationFactor, ...others];
  for (const replicationFactor of others) {
    const topic = { ...wanted, replicationFactor };
    if ((await validate(topic)) === null) return { topic, changes: changesOf(wanted, topic), refusal };
  }
  for (const replicationFactor of factors) {
    let topic: TopicSpec = { ...wanted, replicationFactor, configs: {} };
    if ((await validate(topic)) !== null) continue;
    for (const [name, value] of Object.entries(wanted.configs)) {
      const more = { ...topic, configs: { ...topic.configs, [name]: value } };
      if ((await validate(more)) === null) topic = more;
    }
    return { topic, changes: changesOf(wanted, topic), refusal };
  }
  return refusal;
}

function changesOf(wanted: TopicSpec, topic: TopicSpec): string[] {
  const factor =
    wanted.replicationFactor === topic.replicationFactor
      ? []
      : [`replication factor ${topic.replicationFactor} instead of ${wanted.replicationFactor}`];
  const left = Object.entries(wanted.configs).filter(([name]) => !Object.hasOwn(topic.configs, name));
  return [...factor, ...left.map(([name, value]) => `without ${name}=${value}`)];
}

export interface AdaptedPlan {
  readonly plan: Plan;
  /** By cell: what is other than the workload says. */
  readonly changes: ReadonlyMap<string, readonly string[]>;
}

/**
 * Asks the brokers about each topic of a plan before anything is measured; nothing is made. Throws topic-failed where
 * one is refused, with `adapt` only where no topic near it is taken.
 */
export async function adaptPlan(
  plan: Plan,
  observer: Pick<LoadGenerator, 'ask'>,
  name: string,
  adapt: boolean,
): Promise<AdaptedPlan> {
  const validate: Validate = (topic) =>
    observer.ask({ kind: 'validate-topic', topic, timeoutMs: ASK_LIMIT_MS }).then(
      () => null,
      (error: unknown) => {
        if (error instanceof ClientError) return error;
        throw error;
      },
    );
  const known = new Map<string, Promise<Adapted | ClientError>>();
  const changes = new Map<string, readonly string[]>();
  const cells: Cell[] = [];
  for (const cell of plan.cells) {
    const { topic: wanted } = cell.workload;
    if (wanted.existing) {
      cells.push(cell);
      continue;
    }
    const { partitions, replicationFactor, configs } = wanted;
    const spec = { name, partitions, replicationFactor, configs };
    const key = JSON.stringify(spec);
    const asked = known.get(key) ?? adaptTopic(spec, validate);
    known.set(key, asked);
    const found = await asked;
    if (found instanceof ClientError) throw refused(cell.label, found, null);
    if (found.refusal === undefined || found.changes.length === 0) {
      cells.push(cell);
      continue;
    }
    if (!adapt) throw refused(cell.label, found.refusal, found.changes);
    changes.set(cell.id, found.changes);
    const { replicationFactor: factor, configs: kept } = found.topic;
    const topic = { ...wanted, replicationFactor: factor, configs: { ...kept } };
    cells.push({ ...cell, workload: { ...cell.workload, topic } });
  }
  return { plan: changes.size === 0 ? plan : { ...plan, cells }, changes };
}

function refused(
  label: string,
  { code, message }: ClientError,
  changes: readonly string[] | null,
): KsweepError {
  const hint =
    changes === null
      ? 'check topic.partitions, topic.replicationFactor and topic.configs against what the service allows'
      : `--adapt measures ${changes.join(', ')}, and says so in each result`;
  return new KsweepError('topic-failed', `the brokers refuse the topic of ${label}: ${message} (${code})`, {
    hint,
  });
}
