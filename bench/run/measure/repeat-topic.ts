import { ClientError } from '../../client/driver.ts';
import { delay } from '../../common/deadline.ts';
import { KsweepError } from '../../common/errors.ts';
import type { Scalar } from '../../common/scalar.ts';
import type { LoadGenerator } from '../../load/agent/load-generator.ts';
import type { RepeatContext } from './assignments.ts';

export interface RepeatTopicOptions {
  readonly context: RepeatContext;
  readonly replicationFactor: number;
  /** Where consumers of an existing topic begin, by partition; all 0 in a topic of our own. */
  readonly startOffsets: readonly number[];
  readonly observer: LoadGenerator;
  /** Topics of the run that are there: one is noted before it is made, and struck off when it is deleted. */
  readonly topics: Set<string>;
}

export const TOPIC_LIMIT_MS = 20_000;
const DELETE_PAUSE_MS = 500;

/** One repeat's topic, made for it or an existing one that is never deleted, and its groups' offsets there. */
export class RepeatTopic {
  readonly #options: RepeatTopicOptions;

  constructor(options: RepeatTopicOptions) {
    this.#options = options;
  }

  /** Throws topic-failed where the brokers refuse it. */
  async make(groups: ReadonlySet<string>): Promise<void> {
    const { context, observer, replicationFactor } = this.#options;
    const { topic } = context.workload;
    if (topic.existing) {
      await this.#placeGroups(groups);
      return;
    }
    const spec = {
      name: context.topic,
      partitions: topic.partitions,
      replicationFactor,
      configs: topic.configs,
    };
    // Noted first: a request that times out may still have made the topic.
    this.#options.topics.add(spec.name);
    await observer
      .ask({ kind: 'create-topic', topic: spec, timeoutMs: TOPIC_LIMIT_MS })
      .catch((error: unknown) => {
        if (!(error instanceof ClientError)) throw error;
        throw new KsweepError(
          'topic-failed',
          `topic ${spec.name} could not be made: ${error.message} (${error.code})`,
          {
            hint: 'check the replication factor against the number of brokers, and the topic configs',
          },
        );
      });
    // From the latest record, or from no offset at all, a new group would miss what comes before its first fetch.
    const { 'auto.offset.reset': reset = 'earliest' } = context.workload.consumer;
    const share = context.workload.consumers.type === 'share';
    if (reset !== 'earliest' && !share) await this.#placeGroups(groups);
    await this.#configureGroups(groups);
  }

  /** Configs that the groups get beyond the brokers' defaults. */
  get #groupConfigs(): Readonly<Record<string, Scalar>> {
    const { type, groupConfigs } = this.#options.context.workload.consumers;
    return type === 'share' ? { ...groupConfigs, 'share.auto.offset.reset': 'earliest' } : groupConfigs;
  }

  async #configureGroups(groups: ReadonlySet<string>): Promise<void> {
    const configs = this.#groupConfigs;
    if (Object.keys(configs).length === 0) return;
    for (const group of groups) {
      const request = { kind: 'configure-group', group, configs, remove: false } as const;
      await this.#options.observer.ask({ ...request, timeoutMs: TOPIC_LIMIT_MS }).catch((error: unknown) => {
        if (!(error instanceof ClientError)) throw error;
        throw new KsweepError(
          'group-failed',
          `configs of group ${group} were refused: ${error.message} (${error.code})`,
          {
            hint: 'share groups need Kafka 4.2 or later and --client batch; check consumers.groupConfigs against the brokers’ version',
          },
        );
      });
    }
  }

  /** In an existing topic groups begin at the records of this repeat, however much lies before them. */
  async #placeGroups(groups: ReadonlySet<string>): Promise<void> {
    const { context, observer, startOffsets } = this.#options;
    for (const group of groups) {
      await observer.ask({
        kind: 'commit-offsets',
        group,
        topic: context.topic,
        offsets: startOffsets,
        timeoutMs: TOPIC_LIMIT_MS,
      });
    }
  }

  /** A group that cannot be deleted now expires by itself; it holds no data. */
  async deleteGroups(groups: ReadonlySet<string>, timeoutMs: number): Promise<void> {
    if (groups.size === 0) return;
    const { observer } = this.#options;
    const request = { kind: 'delete-groups', names: [...groups], timeoutMs } as const;
    await observer.ask(request).catch(() => null);
    // They outlive their group.
    const configs = this.#groupConfigs;
    if (Object.keys(configs).length === 0) return;
    const all = [...groups].map((group) =>
      observer.ask({ kind: 'configure-group', group, configs, remove: true, timeoutMs }).catch(() => null),
    );
    await Promise.all(all);
  }

  async delete(timeoutMs: number, attempts: number): Promise<void> {
    const { observer, context, topics } = this.#options;
    if (!topics.has(context.topic)) return;
    for (let attempt = 1; ; attempt++) {
      try {
        await observer.ask({ kind: 'delete-topics', names: [context.topic], timeoutMs });
        topics.delete(context.topic);
        return;
      } catch (error) {
        // What could not be deleted is tried once more when the session ends, and by --resume.
        if (!(error instanceof ClientError)) throw error;
        if (attempt >= attempts) return;
        await delay(DELETE_PAUSE_MS);
      }
    }
  }
}
