import type { BrokersAsSeen } from '../common/broker-as-seen.ts';
import type { Scalar } from '../common/scalar.ts';

/**
 * What ksweep needs of a Kafka client, and no more: records go in and come out as columns, many a call. batch/
 * implements it with an addon of our own, confluent/ with Confluent's, fake.ts with a simulated cluster.
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

export interface ErrorHandlers {
  /** Client-wide errors, such as all brokers being down. They are counted; librdkafka goes on trying. */
  readonly onError: (code: string, message: string) => void;
}

/** Where a record carries its stamp, STAMP_BYTES bytes: over the payload's first bytes, or as the value of a header. */
export type StampPlace = 'payload' | 'header' | 'none';

/** Bytes of records or of keys: row i is pool[offsets[i] .. offsets[i] + lengths[i]); a length of −1 is null. */
export interface BytesColumn {
  readonly pool: Uint8Array;
  readonly offsets: Uint32Array;
  readonly lengths: Int32Array;
}

/** Records to hand over, as columns of one capacity; a call names a range of rows. */
export interface RecordColumns extends BytesColumn {
  /** Null where no record has a key. */
  readonly keys: BytesColumn | null;
  /**
   * Headers of each record's own, beside those of the producer: for each u32 bytes of its name, i32 bytes of its value
   * (−1: none), name, value; little-endian. Null or absent where records have none.
   */
  readonly headers?: BytesColumn | null;
  /** STAMP_BYTES a row; null where there is no stamp. */
  readonly stamps: Uint8Array | null;
  /** Partition a row, −1 for the partitioner; null: all by the partitioner. */
  readonly partitions: Int32Array | null;
  /** A number a row that comes back with its report; null where only errors are reported. */
  readonly slots: Int32Array | null;
}

export interface ProducerOptions {
  readonly topic: string;
  /** A report a record, or one a record that failed. */
  readonly reports: 'each' | 'errors';
  readonly stamp: StampPlace;
  /** Headers of every record, the same each time. */
  readonly headers: readonly { readonly name: string; readonly value: Uint8Array | null }[];
  /** A power of two; a full ring is back-pressure on the client's thread, never a lost row. */
  readonly ringRows: number;
}

/** Delivery reports as columns. */
export interface ReportRows {
  /** −1 where only errors are reported. */
  readonly slot: Int32Array;
  /** 0, or librdkafka's error code: Driver.errorName. */
  readonly error: Int32Array;
  /** −1 where the record never got one. */
  readonly partition: Int32Array;
  /** −1: unknown. */
  readonly offset: Float64Array;
  /** µs of CLOCK_MONOTONIC when the client's thread took the report; one reading a batch of them. */
  readonly atUs: Float64Array;
}

/** Rows of a ring that can be read: the first one's index, and how many. They wrap round at the ring's mask. */
export interface RowRange {
  readonly start: number;
  readonly count: number;
}

/** The reading end of a ring. */
export interface RowSource {
  /** What can be read now, without waiting. */
  readable(): RowRange;
  release(count: number): void;
  /**
   * Blocks this thread until rows are there or `deadlineUs` (CLOCK_MONOTONIC) has come; may return early. False where
   * the client cannot block, since its rows come through the event loop.
   */
  waitUntil(deadlineUs: number): boolean;
  /** Calls back once in the event loop when rows are there; a later call replaces an earlier one. */
  onReadable(callback: () => void): void;
}

/** What has crossed a client's connections so far. */
export interface Traffic {
  /** Socket bytes. */
  readonly sent: number;
  readonly received: number;
  /** Produce requests, those that were sent again included. */
  readonly produceRequests: number;
}

export interface ProducerClient extends RowSource {
  /** Rows that are best handed over between two turns of the event loop: more would starve the reports. */
  readonly burstRows: number;
  readonly reports: ReportRows;
  readonly reportMask: number;
  /** Resolves when the topic's partitions have leaders. Rejects with ClientError. */
  connect(timeoutMs: number): Promise<void>;
  /**
   * Enqueues rows [from, from + count) in order, copying them, and returns how many it took before its queue was full.
   * A record that is refused for its own sake (too large, no such topic) counts as taken and comes back as a report.
   * Throws ClientError where all would be refused, RangeError or TypeError for columns that are no such thing.
   */
  produce(columns: RecordColumns, from: number, count: number): number;
  beginTransaction(): Promise<void>;
  commitTransaction(timeoutMs: number): Promise<void>;
  abortTransaction(timeoutMs: number): Promise<void>;
  /** Resolves true when nothing is left in flight, false after `timeoutMs`. Reports have to be read meanwhile. */
  flush(timeoutMs: number): Promise<boolean>;
  /** CPU time that the client and the thread that asks have used since they began, µs; of the whole process where that is all that can be told. */
  cpuUs(): number;
  /** Counted at or after this call, or the newest there is after the limit; null where the client cannot tell. */
  traffic(timeoutMs: number): Promise<Traffic | null>;
  /** Records that are still queued or in flight; null where the client has not told within the limit. */
  queued(timeoutMs: number): Promise<number | null>;
  /** By the address and id of the broker, host:port/id; what the client told since the last call. */
  brokersAsSeen(): BrokersAsSeen;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  readonly stamp: StampPlace;
  /** A power of two: the client reads no further ahead of its user. */
  readonly ringRows: number;
  /** Rows that the user takes at a time, max.poll.records. */
  readonly pollRows: number;
}

/** Received records as columns; of their bytes only the stamp is kept. */
export interface ReceivedRows {
  readonly partition: Int32Array;
  readonly offset: Float64Array;
  /** Bytes of the value. */
  readonly sizeBytes: Int32Array;
  /** The broker's or the producer's, as the topic says; −1 where there is none. */
  readonly timestampMs: Float64Array;
  /** µs of CLOCK_MONOTONIC when the client's thread took the record; one reading a batch of them. */
  readonly atUs: Float64Array;
  /** STAMP_BYTES a row, valid where `stamped` is 1. */
  readonly stamp: Uint8Array;
  readonly stamped: Uint8Array;
  /** Share groups: how often the record was delivered, from 1. Absent where each is delivered once. */
  readonly deliveries?: Int32Array;
}

/** What a member of a share group says of a record when its handler is through (KIP-932). */
export const ACKNOWLEDGE = { accept: 1, release: 2, reject: 3 } as const;

/** Records of a share group, and what becomes of each. */
export interface ShareRows extends ReceivedRows {
  readonly deliveries: Int32Array;
  /** Written by the user before a row is released: one of ACKNOWLEDGE, `accept` where nothing is written. */
  readonly verdict: Uint8Array;
}

export interface ConsumerHandlers extends ErrorHandlers {
  /** After each rebalance event: what it was, and the partitions owned now. */
  readonly onAssignment: (event: 'assigned' | 'revoked', partitions: readonly number[]) => void;
}

/** Offsets are stored, for committing, when their rows are released; a client whose rows nobody asks for stops polling. */
export interface ConsumerClient extends RowSource {
  readonly rows: ReceivedRows;
  readonly rowMask: number;
  /**
   * Joins the group; `onAssignment` follows while rows are asked for. Paused: owns partitions, gets no record.
   * @param beforeJoin called when the topics' partitions have leaders; the group is joined when it resolves
   */
  connect(
    topics: readonly string[],
    timeoutMs: number,
    paused: boolean,
    beforeJoin?: () => Promise<void>,
  ): Promise<void>;
  resume(): void;
  pause(): void;
  /** As a producer's. */
  cpuUs(): number;
  traffic(timeoutMs: number): Promise<Traffic | null>;
  /** Without leaving, the group sees what it would see of a killed process. */
  close(options?: { readonly leave?: boolean }): Promise<void>;
}

/** A member of a share group: its rows are acknowledged as their verdicts say when all of a batch are released. */
export interface ShareConsumerClient extends Omit<ConsumerClient, 'rows'> {
  readonly rows: ShareRows;
}

/** By partition: the id of its leader, −1 without one, and how many of its replicas are in sync. */
export interface TopicState {
  readonly leaders: readonly number[];
  readonly inSync: readonly number[];
}

/** Partitions of all topics of a cluster. */
export interface ClusterHealth {
  readonly partitions: number;
  /** Led, and with fewer replicas in sync than they have. */
  readonly underReplicated: number;
  /** Without a leader. */
  readonly offline: number;
}

export interface AdminClient {
  connect(timeoutMs: number): Promise<void>;
  describeCluster(timeoutMs: number): Promise<readonly { id: number; address: string }[]>;
  createTopic(topic: TopicSpec, timeoutMs: number): Promise<void>;
  /** What the brokers would say to createTopic; nothing is made. ERR__NOT_IMPLEMENTED where the client cannot ask. */
  validateTopic(topic: TopicSpec, timeoutMs: number): Promise<void>;
  /**
   * What this principal may do with the cluster, in the words of kafka-acls; null where the brokers do not tell.
   * ERR__NOT_IMPLEMENTED where the client cannot ask.
   */
  clusterOperations(timeoutMs: number): Promise<readonly string[] | null>;
  /** The same of a topic. Never makes it: ERR_UNKNOWN_TOPIC_OR_PART where it is not there and may be described. */
  topicOperations(name: string, timeoutMs: number): Promise<readonly string[] | null>;
  deleteTopic(name: string, timeoutMs: number): Promise<void>;
  listTopics(timeoutMs: number): Promise<readonly string[]>;
  /** Throws ClientError ERR_UNKNOWN_TOPIC_OR_PART where there is none of that name. */
  describeTopic(name: string, timeoutMs: number): Promise<{ partitions: number; replicationFactor: number }>;
  topicState(name: string, timeoutMs: number): Promise<TopicState>;
  /** Log start and end offsets by partition; −1 where a partition did not answer in time. */
  offsets(
    topic: string,
    partitions: number,
    timeoutMs: number,
  ): Promise<{ low: readonly number[]; high: readonly number[] }>;
  /** Commits offsets by partition for a group that has no members, which then starts there. */
  commitOffsets(group: string, topic: string, offsets: readonly number[], timeoutMs: number): Promise<void>;
  /**
   * Sets dynamic configs of a group, such as share.auto.offset.reset, or removes those that are named: they outlive
   * their group. ERR__NOT_IMPLEMENTED where the client cannot.
   */
  configureGroup(name: string, configs: ClientSettings, remove: boolean, timeoutMs: number): Promise<void>;
  deleteGroups(names: readonly string[], timeoutMs: number): Promise<void>;
  /** ERR__NOT_IMPLEMENTED where the client cannot tell. */
  clusterHealth(timeoutMs: number): Promise<ClusterHealth>;
  /** Records that a group is behind; null where it has committed nothing. ERR__NOT_IMPLEMENTED as above. */
  groupLag(group: string, timeoutMs: number): Promise<number | null>;
  /** The client's newest word on what keeps it from the brokers; null while it has none. */
  complaint(): string | null;
  close(): Promise<void>;
}

type DriverName = 'batch' | 'confluent' | 'fake';

export interface Driver {
  readonly name: DriverName;
  readonly versions: { readonly client: string; readonly librdkafka: string };
  /** librdkafka's name for an error code, such as ERR__MSG_TIMED_OUT. */
  errorName(code: number): string;
  createProducer(settings: ClientSettings, options: ProducerOptions, handlers: ErrorHandlers): ProducerClient;
  createConsumer(
    settings: ClientSettings,
    options: ConsumerOptions,
    handlers: ConsumerHandlers,
  ): ConsumerClient;
  /** Absent where the client knows no share groups. `onAssignment` tells when it is a member; it owns no partition. */
  createShareConsumer?(
    settings: ClientSettings,
    options: ConsumerOptions,
    handlers: ConsumerHandlers,
  ): ShareConsumerClient;
  createAdmin(settings: ClientSettings): AdminClient;
}
