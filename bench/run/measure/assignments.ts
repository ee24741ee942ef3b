import type { ClientName } from '../../client/choose.ts';
import { translateConsumer, translateProducer } from '../../client/properties/translate.ts';
import { createRandom } from '../../common/random.ts';
import type { Scalar } from '../../common/scalar.ts';
import type { Rate } from '../../common/units.ts';
import type { CorpusResult } from '../../corpus/corpus-input.ts';
import { blobId } from '../../load/agent/agents.ts';
import type { Placement } from '../../load/agent/placement.ts';
import type { ConsumerAssignment, ProducerAssignment, RateStep } from '../../load/protocol.ts';
import type { CellWorkload } from '../../workload/plan.ts';

/** What every client of a repeat has in common. */
export interface RepeatContext {
  readonly driver: ClientName;
  readonly workload: CellWorkload;
  /** bootstrap.servers and security, in librdkafka's names. */
  readonly connection: Readonly<Record<string, Scalar>>;
  readonly topic: string;
  readonly partitions: number;
  readonly runTag: number;
  readonly seed: number;
  readonly corpus: Pick<CorpusResult, 'corpusFile' | 'keysFile' | 'meanBytes'> | null;
  /** Who runs where; absent where all run on this host. */
  readonly placement?: Placement | undefined;
  /** Zone of a load host; null where it is not known. */
  readonly rackOf?: ((host: string) => string | null) | undefined;
}

/** The offered load of a workload, in records a second over all producers; null at maximum rate. */
function offeredSteps(workload: CellWorkload, meanBytes: number): RateStep[] | null {
  const { rate } = workload.load;
  const perSec = (value: Rate): number =>
    value.kind === 'records' ? value.perSec : value.perSec / meanBytes;
  if (rate === 'max') return null;
  if ('kind' in rate) return [{ fromUs: 0, perSec: perSec(rate) }];
  if ('search' in rate) throw new Error('a searched rate has to be fixed before a repeat is planned');
  // The warm-up runs at the first step's rate, so that the first step is measured in full.
  let fromUs = workload.load.warmup * 1000;
  return rate.steps.map((step, index) => {
    const from = index === 0 ? 0 : fromUs;
    fromUs += step.for * 1000;
    return { fromUs: from, perSec: perSec(step.rate) };
  });
}

function producer(context: RepeatContext, name: string, index: number): ProducerAssignment {
  const { workload, corpus } = context;
  if (corpus === null) throw new Error('a producer needs a corpus');
  const { client, transactionSize } = translateProducer(workload.producer);
  const transactionalId = client['transactional.id'];
  const count = Math.max(1, workload.load.producers);
  const steps = offeredSteps(workload, corpus.meanBytes)?.map((step) => ({
    ...step,
    perSec: step.perSec / count,
  }));
  return {
    role: 'producer',
    name,
    driver: context.driver,
    host: context.placement?.producer(index),
    index,
    runTag: context.runTag,
    topic: context.topic,
    partitions: context.partitions,
    client: {
      ...client,
      ...context.connection,
      'client.id': `ksweep-${name}`,
      ...(transactionalId === undefined
        ? {}
        : { 'transactional.id': `${transactionalId}-${context.runTag}-${index}` }),
    },
    corpusId: blobId(corpus.corpusFile),
    keysId: corpus.keysFile === null ? null : blobId(corpus.keysFile),
    seed: context.seed,
    headers: workload.records.headers,
    stamp: workload.records.stamp,
    timing: workload.load.timing,
    rate: steps === undefined ? 'max' : { steps, arrivals: workload.load.arrivals },
    phase: index / count,
    queueLimit: Number(client['queue.buffering.max.messages'] ?? 100_000),
    drainLimitMs: workload.load.drainLimit,
    recordLimit: null,
    transactionSize,
  };
}

export function producerAssignments(context: RepeatContext): ProducerAssignment[] {
  return Array.from({ length: context.workload.load.producers }, (_, i) =>
    producer(context, `producer-${i}`, i),
  );
}

/** The process that lays down the backlog before the consumers start, as fast as it can; null without a backlog. */
export function backlogAssignment(context: RepeatContext): ProducerAssignment | null {
  const { backlog } = context.workload.consumers;
  if (backlog === 0) return null;
  const index = context.workload.load.producers;
  return { ...producer(context, 'backlog', index), timing: 'each', rate: 'max', recordLimit: backlog };
}

const groupName = (context: RepeatContext, prefix: string, group: number): string =>
  `${prefix}-${context.runTag.toString(16)}-${group}`;

/** One consumer; `member` counts within its group. */
export function consumerAssignment(
  context: RepeatContext,
  group: number,
  member: number,
): ConsumerAssignment {
  const { workload } = context;
  const { client, maxPollRecords, groupPrefix, staticMembership } = translateConsumer(workload.consumer);
  const id = groupName(context, groupPrefix, group);
  const name = `consumer-${group}-${member}`;
  const host = context.placement?.consumer(group * workload.consumers.perGroup + member);
  // A consumer fetches from its own zone, as it would where it is used, unless the workload says another one.
  const rack = host === undefined ? null : (context.rackOf?.(host) ?? null);
  return {
    role: 'consumer',
    name,
    driver: context.driver,
    host,
    group: id,
    runTag: context.runTag,
    topic: context.topic,
    client: {
      ...(rack === null ? {} : { 'client.rack': rack }),
      ...client,
      ...context.connection,
      'client.id': `ksweep-${name}`,
      'group.id': id,
      ...(staticMembership === null ? {} : { 'group.instance.id': `${staticMembership}-${group}-${member}` }),
    },
    stamp: workload.records.stamp,
    producers: workload.load.producers + 1,
    maxPollRecords,
    handlerMs: workload.consumers.handler,
    concurrency: workload.consumers.concurrency,
    // What is there before the load must not be read before it.
    paused: workload.consumers.backlog > 0 || workload.load.producers === 0,
    checkSequence: workload.load.producers > 0 || workload.consumers.backlog > 0,
  };
}

export function consumerAssignments(context: RepeatContext): ConsumerAssignment[] {
  const { groups, perGroup } = context.workload.consumers;
  return Array.from({ length: groups }, (_, group) =>
    Array.from({ length: perGroup }, (_, member) => consumerAssignment(context, group, member)),
  ).flat();
}

/** A 32-bit tag that no other attempt of any run is likely to share. */
export function runTagOf(runId: string, attemptTag: string): number {
  return createRandom(0).fork(`${runId} ${attemptTag}`).uint32();
}
