import type { LatencyName } from '../result.ts';
import type { Scalar } from '../workload/schema.ts';

/**
 * The whole conversation between the coordinator and a load process: two unions, over `child_process.fork`
 * with `serialization: 'advanced'`. Times are µs of CLOCK_MONOTONIC, one clock for all processes of a host.
 */

/** When records are due: `perSec` from `fromUs` after the start until the next step; the last step ends at `endUs`. */
export interface RateStep {
  readonly fromUs: number;
  readonly perSec: number;
}

export interface ProducerAssignment {
  readonly role: 'producer';
  readonly name: string;
  /** Index among the producers, part of each record's stamp. */
  readonly index: number;
  /** Ties a record to this repeat: records with another tag are foreign. */
  readonly runTag: number;
  readonly topic: string;
  readonly partitions: number;
  /** Client settings, already in librdkafka's names. */
  readonly client: Readonly<Record<string, Scalar>>;
  readonly corpusFile: string;
  readonly seed: number;
  readonly keys: { readonly kind: 'none' } | { readonly kind: 'file'; readonly file: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly stamp: 'payload' | 'header';
  readonly timing: 'each' | 'counts';
  /** 'max', or this process's share of the offered rate. */
  readonly rate: 'max' | { readonly steps: readonly RateStep[]; readonly arrivals: 'constant' | 'poisson' };
  /** Records to send in all; null: until `endUs`. */
  readonly recordLimit: number | null;
  /** Records in a transaction; null: no transactions. */
  readonly transactionSize: number | null;
}

export interface ConsumerAssignment {
  readonly role: 'consumer';
  readonly name: string;
  readonly group: string;
  readonly runTag: number;
  readonly topic: string;
  readonly client: Readonly<Record<string, Scalar>>;
  readonly stamp: 'payload' | 'header';
  readonly producers: number;
  readonly partitions: number;
  readonly maxPollRecords: number;
  readonly handlerMs: number;
  readonly concurrency: number;
  /** False where the records carry no stamp of ours (an existing topic that is only consumed). */
  readonly checkSequence: boolean;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, Scalar>>;
}

/** The admin side: makes and deletes topics, and samples end offsets and committed offsets each second. */
export interface ObserverAssignment {
  readonly role: 'observer';
  readonly name: string;
  readonly client: Readonly<Record<string, Scalar>>;
}

export type Assignment = ProducerAssignment | ConsumerAssignment | ObserverAssignment;

export type ToLoad =
  | { readonly type: 'assign'; readonly assignment: Assignment }
  /** Producers: due times count from `startUs`; samples from `measureUs` on are in the window; sending ends at `endUs`. */
  | { readonly type: 'start'; readonly startUs: number; readonly measureUs: number; readonly endUs: number }
  /** Stop sending or receiving, finish what is in flight within `limitMs`, report, and exit. */
  | { readonly type: 'stop'; readonly limitMs: number }
  /** Observer requests; each is answered by `answer` with the same id. */
  | { readonly type: 'ask'; readonly id: number; readonly request: ObserverRequest };

export type ObserverRequest =
  | { readonly kind: 'describe-cluster'; readonly timeoutMs: number }
  | { readonly kind: 'create-topic'; readonly topic: TopicSpec; readonly timeoutMs: number }
  | { readonly kind: 'delete-topics'; readonly names: readonly string[]; readonly timeoutMs: number }
  | { readonly kind: 'list-topics'; readonly timeoutMs: number }
  | { readonly kind: 'describe-topic'; readonly name: string; readonly timeoutMs: number }
  | {
      readonly kind: 'offsets';
      readonly topic: string;
      readonly partitions: number;
      readonly timeoutMs: number;
    };

export type ObserverAnswer =
  | { readonly kind: 'describe-cluster'; readonly brokers: readonly { id: number; address: string }[] }
  | { readonly kind: 'create-topic' }
  | { readonly kind: 'delete-topics'; readonly deleted: readonly string[] }
  | { readonly kind: 'list-topics'; readonly names: readonly string[] }
  | { readonly kind: 'describe-topic'; readonly partitions: number; readonly replicationFactor: number }
  | { readonly kind: 'offsets'; readonly low: readonly number[]; readonly high: readonly number[] };

/** An encoded histogram (compressed V2, base64) of one interval. */
export type EncodedHistograms = { readonly [K in LatencyName]?: string };

/** What one load process did in one second. Counts are of this interval; `second` counts from the start. */
export interface IntervalSnapshot {
  readonly second: number;
  readonly due: number;
  readonly sent: number;
  readonly acked: number;
  readonly ackedBytes: number;
  readonly failed: number;
  readonly received: number;
  readonly receivedBytes: number;
  readonly queueFull: number;
  readonly queueFullMs: number;
  readonly negative: { readonly [K in LatencyName]?: number };
  readonly histograms: EncodedHistograms;
  readonly cpuUs: number;
  readonly eventLoopDelayP99Us: number;
  readonly eventLoopDelayMaxUs: number;
  /** Consumers: next offset to be read, by partition owned. */
  readonly positions?: Readonly<Record<number, number>>;
}

export interface ProducerDone {
  readonly role: 'producer';
  readonly due: number;
  readonly sent: number;
  readonly acked: number;
  readonly ackedBytes: number;
  readonly failed: number;
  readonly queueFull: number;
  readonly errorsByCode: Readonly<Record<string, number>>;
  /** Acknowledged records by partition: the consumers have to receive exactly these. */
  readonly ackedByPartition: readonly number[];
  readonly committedTransactions: number;
  readonly abortedTransactions: number;
  readonly wireBytes: number | null;
}

export interface ConsumerDone {
  readonly role: 'consumer';
  readonly group: string;
  readonly received: number;
  readonly receivedBytes: number;
  readonly partitions: readonly number[];
  readonly duplicated: number;
  readonly outOfOrder: number;
  readonly foreign: number;
  readonly rebalances: number;
  readonly rebalancingMs: number;
  readonly errorsByCode: Readonly<Record<string, number>>;
  /** Which sequences were seen, by producer: sorted, disjoint, inclusive [from, to] pairs, flattened. */
  readonly seen: readonly { readonly producer: number; readonly ranges: Float64Array }[];
  readonly wireBytes: number | null;
}

export type FromLoad =
  | { readonly type: 'ready'; readonly partitions?: readonly number[] }
  | { readonly type: 'assigned'; readonly partitions: readonly number[] }
  | { readonly type: 'interval'; readonly snapshot: IntervalSnapshot }
  | { readonly type: 'sent-all'; readonly acked: number }
  | { readonly type: 'done'; readonly done: ProducerDone | ConsumerDone | { readonly role: 'observer' } }
  | { readonly type: 'answer'; readonly id: number; readonly answer: ObserverAnswer }
  | { readonly type: 'refused'; readonly id: number; readonly code: string; readonly message: string }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
