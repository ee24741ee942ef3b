import type { ClientName } from '../client/choose.ts';
import type { BrokersAsSeen } from '../common/broker-as-seen.ts';
import type { Scalar } from '../common/scalar.ts';
import type { RecordedName } from '../results/latency.ts';
import type { RecordsSpec } from '../workload/schema.ts';
import type { ObserverAnswers, ObserverRequest } from './observer-requests.ts';
import type { LoadShape } from './schedule.ts';
import type { ShareTally, ShareTerms } from './share.ts';

/**
 * The whole conversation between the coordinator and a generator: two unions, carried by its agent (agent/protocol.ts).
 * Times are µs of CLOCK_MONOTONIC, one clock for all generators of a host; each is told times of its own.
 */

/** When records are due: `perSec` from `fromUs` after the start until the next step; the last step ends at `endUs`. */
export interface RateStep {
  readonly fromUs: number;
  readonly perSec: number;
}

export interface ProducerAssignment {
  readonly role: 'producer';
  readonly name: string;
  readonly driver: ClientName;
  /** Name of the load host that it runs on; absent: the coordinator's. */
  readonly host?: string | undefined;
  /** Index among the producers, part of each record's stamp. */
  readonly index: number;
  /** Ties a record to this repeat: records with another tag are foreign. */
  readonly runTag: number;
  readonly topic: string;
  readonly partitions: number;
  /** Client settings, already in librdkafka's names. */
  readonly client: Readonly<Record<string, Scalar>>;
  /** Of a payload file that was sent to the agent. */
  readonly corpusId: string;
  readonly seed: number;
  readonly keysId: string | null;
  /** Of headers that go with the payloads; null where records have none of their own. */
  readonly headersId: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly stamp: RecordsSpec['stamp'];
  readonly timing: 'each' | 'counts';
  /** 'max', or this process's share of the offered rate. */
  readonly rate:
    | 'max'
    | { readonly steps: readonly RateStep[]; readonly arrivals: 'constant' | 'poisson' }
    /** The law of all producers together, of whose records this one takes every `producers`th. */
    | { readonly shape: LoadShape; readonly producers: number; readonly arrivals: 'constant' | 'poisson' };
  /** Where in its first interval this producer starts, 0 to 1, so that several producers interleave evenly. */
  readonly phase: number;
  /** Records that the client may hold unacknowledged (queue.buffering.max.messages). */
  readonly queueLimit: number;
  /** How long to go on after the end of the load: for what the queue had no room for, and for acknowledgements. */
  readonly drainLimitMs: number;
  /** Records to send in all; null: until `endUs`. */
  readonly recordLimit: number | null;
  /** Records in a transaction; null: no transactions. */
  readonly transactionSize: number | null;
}

export interface ConsumerAssignment {
  readonly role: 'consumer';
  readonly name: string;
  readonly driver: ClientName;
  readonly host?: string | undefined;
  readonly group: string;
  readonly runTag: number;
  readonly topic: string;
  readonly client: Readonly<Record<string, Scalar>>;
  readonly stamp: RecordsSpec['stamp'];
  readonly producers: number;
  readonly maxPollRecords: number;
  readonly handlerMs: number;
  readonly concurrency: number;
  /** Owns its partitions at once, and gets the first record at the start: for a backlog that has to wait. */
  readonly paused: boolean;
  /** False where the records carry no stamp of ours (an existing topic that is only consumed). */
  readonly checkSequence: boolean;
  /** Reads its first record so long after the start, from the beginning of the topic, ms; absent: at the start. */
  readonly lateMs?: number;
  /** A member of a share group; null or absent: of a consumer group. */
  readonly share?: ShareTerms | null;
}

/** The admin side: makes and deletes topics, and samples end offsets each second; lag is from consumers' positions. */
export interface ObserverAssignment {
  readonly role: 'observer';
  readonly name: string;
  readonly driver: ClientName;
  readonly host?: string | undefined;
  readonly client: Readonly<Record<string, Scalar>>;
  /** The run's scratch folder: removed, like the topics made, where the coordinator dies without a word. */
  readonly scratchDir: string | null;
}

export type Assignment = ProducerAssignment | ConsumerAssignment | ObserverAssignment;

/** What a consumer has to know of the producers' clocks, by producer. */
export interface ProducerClocks {
  /** What to add to its due times to have them by this host's clock, µs. */
  readonly shiftsUs: readonly number[];
  /** Whether it is on another host, and a latency is no better than two clocks are known. */
  readonly across: readonly boolean[];
}

export type ToLoad =
  | { readonly type: 'assign'; readonly assignment: Assignment }
  /** Due times and seconds count from `startUs`; the last record is due before `endUs`. */
  | { readonly type: 'start'; readonly startUs: number; readonly endUs: number }
  /** The same across hosts: answered by `armed`, and by `begun` when it has come to it. */
  | { readonly type: 'arm'; readonly startUs: number; readonly endUs: number }
  /** Takes it back: answered by `disarmed`. */
  | { readonly type: 'disarm' }
  | ({ readonly type: 'clocks' } & ProducerClocks)
  /** Stop sending or receiving now, wait up to `limitMs` for what is in flight, and answer `done`. */
  | { readonly type: 'stop'; readonly limitMs: number }
  /** Consumers: tell `progress` every few ms from now on, so that the drain ends when the last record is in. */
  | { readonly type: 'report-progress' }
  /** Consumers: to their group now. */
  | { readonly type: 'join' }
  /** Close the client and exit. */
  | { readonly type: 'exit' }
  /** Observer requests; each is answered by `answer` with the same id. */
  | { readonly type: 'ask'; readonly id: number; readonly request: ObserverRequest };

/** An encoded histogram (compressed V2, base64) by latency. */
type EncodedHistograms = { readonly [K in RecordedName]?: string };

/**
 * Latencies of the records that were due in one second of the load, whenever they were acknowledged or received:
 * after a stall they come many seconds late, and still belong to the second in which they were due.
 */
export interface DueSecond {
  readonly second: number;
  readonly negative: { readonly [K in RecordedName]?: number };
  readonly histograms: EncodedHistograms;
}

/** What one generator did in one second, counted from the start of the load. Counts are of this second. */
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
  /** What was recorded in this second, by due second: several where acknowledgements came late. */
  readonly latencies: readonly DueSecond[];
  readonly cpuUs: number;
  readonly eventLoopDelayP99Us: number;
  readonly eventLoopDelayMaxUs: number;
  /** From the client's thread taking a report or a record to this loop's reading it; absent where there was none. */
  readonly noticeDelayP99Us?: number;
  readonly noticeDelayMaxUs?: number;
  /** Consumers: next offset to be read, by partition owned. */
  readonly positions?: Readonly<Record<number, number>>;
  /** Members of a share group: records that nobody will get again, in place of positions. */
  readonly settled?: number;
  /** Consumers: how often partitions were taken from it in this second; absent where none were. */
  readonly rebalances?: number;
  /** Producers: what they saw of each broker. */
  readonly brokersAsSeen?: BrokersAsSeen;
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
  /** Why the client took no more records; null where it took them all. */
  readonly refused: { readonly code: string; readonly message: string } | null;
  /** Sequences that nobody has to receive: delivery failed, or their transaction was aborted. Each once; null with timing 'counts', where only their number is known. */
  readonly failedSequences: Float64Array | null;
  readonly committedTransactions: number;
  readonly abortedTransactions: number;
  readonly wireBytes: number | null;
  readonly produceRequests: number | null;
  /** When the last acknowledgement (or the flush) was in, µs of the monotonic clock. */
  readonly finishedUs: number;
  /** Records still unacknowledged, or not known to be acknowledged, when the time limit of the drain ran out. */
  readonly inFlight: number;
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
  /** When its first and last records came, µs of the monotonic clock; 0 where none did. */
  readonly firstReceivedUs: number;
  readonly lastReceivedUs: number;
  /** The lowest latency from due to received, below zero where clocks are off by more than it; null without one, µs. */
  readonly lowestLatencyUs: number | null;
  readonly errorsByCode: Readonly<Record<string, number>>;
  /** Which sequences were seen, by producer: bitmaps, least significant bit first. */
  readonly seen: readonly { readonly producer: number; readonly bits: Uint8Array }[];
  readonly wireBytes: number | null;
  /** Of a member of a share group. */
  readonly share?: ShareTally;
}

export type FromLoad =
  /** Consumers: ready to join their group, when told to. */
  | { readonly type: 'connected' }
  | { readonly type: 'ready' }
  /** `intime`: the start is still to come. */
  | { readonly type: 'armed'; readonly intime: boolean }
  /** When it began, µs of its host's clock: at the start, or as late as it was. */
  | { readonly type: 'begun'; readonly atUs: number }
  /** `begun`: too late, it has. */
  | { readonly type: 'disarmed'; readonly begun: boolean }
  | { readonly type: 'assigned'; readonly partitions: readonly number[] }
  /** Distinct records of this repeat that this consumer has received, and the next offset by partition owned. */
  | {
      readonly type: 'progress';
      readonly received: number;
      readonly positions: Readonly<Record<number, number>>;
    }
  | { readonly type: 'interval'; readonly snapshot: IntervalSnapshot }
  | { readonly type: 'done'; readonly done: ProducerDone | ConsumerDone | { readonly role: 'observer' } }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly answer: ObserverAnswers[ObserverRequest['kind']];
    }
  | { readonly type: 'refused'; readonly id: number; readonly code: string; readonly message: string }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };
