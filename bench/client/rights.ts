import { type AdminClient, ClientError, type TopicSpec } from './driver.ts';

/** What a run will use, and what is asked about it. */
export interface RightsQuestion {
  /** A name that no topic has, below the prefix of a run's topics: nothing that is asked about it can change anything. */
  readonly probe: TopicSpec;
  /** A topic of the user's that a run would use; null where a run makes its own. */
  readonly existing: string | null;
  readonly group: string;
}

/** How the brokers answered: null for success, else librdkafka's name of the error. */
export interface RightsAnswer {
  readonly code: string | null;
  readonly message: string;
  /** What is allowed, where the request tells; null where it does not. */
  readonly operations: readonly string[] | null;
}

export interface RightsAnswers {
  /** DescribeCluster with authorized operations. */
  readonly cluster: RightsAnswer;
  /** DescribeTopics with authorized operations, of the existing topic or of the probe. */
  readonly topic: RightsAnswer;
  /** CreateTopics with validate_only; null with an existing topic. */
  readonly create: RightsAnswer | null;
  /** OffsetCommit of the group for the topic that is not there, which brokers refuse whatever the rights are. */
  readonly group: RightsAnswer;
}

async function answerOf(ask: () => Promise<readonly string[] | null | undefined>): Promise<RightsAnswer> {
  try {
    return { code: null, message: '', operations: (await ask()) ?? null };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { code: error.code, message: error.message, operations: null };
  }
}

/**
 * Asks what the principal may do, one request after the other. Makes, changes and deletes nothing; brokers that never
 * had a group make their own __consumer_offsets when they are asked for its coordinator, as for any consumer.
 */
export async function askRights(
  admin: AdminClient,
  { probe, existing, group }: RightsQuestion,
  timeoutMs: number,
): Promise<RightsAnswers> {
  const nothing = (ask: Promise<void>): Promise<null> => ask.then(() => null);
  return {
    cluster: await answerOf(() => admin.clusterOperations(timeoutMs)),
    topic: await answerOf(() => admin.topicOperations(existing ?? probe.name, timeoutMs)),
    create: existing === null ? await answerOf(() => nothing(admin.validateTopic(probe, timeoutMs))) : null,
    group: await answerOf(() => nothing(admin.commitOffsets(group, probe.name, [0], timeoutMs))),
  };
}
