import type { Scalar } from '../common/scalar.ts';

/**
 * What ksweep needs of a Kafka client, and no more. confluent/ implements it with librdkafka,
 * fake.ts with a simulated cluster; a thread-safe client could be put behind it one day.
 */

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, Scalar>>;
}

/** Settings in the client's own (librdkafka) names. */
export type ClientSettings = Readonly<Record<string, Scalar>>;

/** A failure that the client reports: `code` is librdkafka's name for it, such as ERR__MSG_TIMED_OUT. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface ProducerHandlers {
  /** One call a record with `reports: 'each'`; only the failed ones with 'errors'. `slot` is undefined with 'errors'. */
  readonly onReport: (errorCode: string | null, slot: number | undefined, partition: number) => void;
  /** Client-wide errors, such as all brokers being down. They are counted; librdkafka goes on trying. */
  readonly onError: (code: string, message: string) => void;
}

/** What a client counts itself, so far. */
export interface ClientStatistics {
  /** Socket bytes. */
  readonly sent: number;
  readonly received: number;
  /** Records that are still queued or in flight. */
  readonly queued: number;
  /** Produce requests, those that were sent again included. */
  readonly produceRequests: number;
}

export interface ProducerClient {
  /** Resolves when the topic's partitions have leaders. Rejects with ClientError. */
  connect(topic: string, timeoutMs: number): Promise<void>;
  /**
   * Enqueues one record; the payload is copied before this returns. Returns false where the client's queue is full.
   * Throws ClientError for anything else.
   */
  produce(
    topic: string,
    payload: Buffer,
    key: Buffer | null,
    slot: number | undefined,
    headers: readonly Record<string, string | Buffer>[] | undefined,
  ): boolean;
  beginTransaction(): Promise<void>;
  commitTransaction(timeoutMs: number): Promise<void>;
  abortTransaction(timeoutMs: number): Promise<void>;
  /** Resolves true when nothing is left in flight, false after `timeoutMs`. */
  flush(timeoutMs: number): Promise<boolean>;
  /** After the next statistics event; null where the client can't tell. */
  statistics(timeoutMs: number): Promise<ClientStatistics | null>;
  close(): Promise<void>;
}

export interface ReceivedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly size: number;
  readonly value: Buffer | null;
  readonly key?: Buffer | string | null;
  readonly headers?: readonly Record<string, unknown>[];
}

export interface ConsumerHandlers {
  /** After each rebalance event: what it was, and the partitions owned now. */
  readonly onAssignment: (event: 'assigned' | 'revoked', partitions: readonly number[]) => void;
  readonly onError: (code: string, message: string) => void;
}

export interface ConsumerClient {
  /** Joins the group; `onAssignment` follows while `receive` is being called. Paused: owns partitions, gets no record. */
  connect(topic: string, timeoutMs: number, paused: boolean): Promise<void>;
  resume(): void;
  /** Up to `limit` records, waiting up to `timeoutMs` for the first one only. */
  receive(limit: number, done: (error: ClientError | null, records: readonly ReceivedRecord[]) => void): void;
  statistics(timeoutMs: number): Promise<ClientStatistics | null>;
  close(): Promise<void>;
}

export interface AdminClient {
  connect(timeoutMs: number): Promise<void>;
  describeCluster(timeoutMs: number): Promise<readonly { id: number; address: string }[]>;
  createTopic(topic: TopicSpec, timeoutMs: number): Promise<void>;
  deleteTopic(name: string, timeoutMs: number): Promise<void>;
  listTopics(timeoutMs: number): Promise<readonly string[]>;
  /** Throws ClientError ERR_UNKNOWN_TOPIC_OR_PART where there is none of that name. */
  describeTopic(name: string, timeoutMs: number): Promise<{ partitions: number; replicationFactor: number }>;
  /** Log start and end offsets by partition; −1 where a partition did not answer in time. */
  offsets(
    topic: string,
    partitions: number,
    timeoutMs: number,
  ): Promise<{ low: readonly number[]; high: readonly number[] }>;
  /** Commits offsets by partition for a group that has no members, which then starts there. */
  commitOffsets(group: string, topic: string, offsets: readonly number[], timeoutMs: number): Promise<void>;
  deleteGroups(names: readonly string[], timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface Driver {
  readonly versions: { readonly client: string; readonly librdkafka: string };
  createProducer(
    settings: ClientSettings,
    reports: 'each' | 'errors',
    handlers: ProducerHandlers,
  ): ProducerClient;
  createConsumer(settings: ClientSettings, handlers: ConsumerHandlers): ConsumerClient;
  createAdmin(settings: ClientSettings): AdminClient;
}
