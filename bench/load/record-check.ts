import type { ReceivedRows } from '../client/driver.ts';
import { StampReader } from '../results/stamp.ts';
import type { ConsumerAssignment, ConsumerDone, ProducerClocks } from './protocol.ts';
import { END_TO_END, END_TO_END_ACROSS, type Recorder } from './recorder.ts';
import { SequenceSet } from './seen.ts';

/** What a consumer finds out of the stamps of its records. */
export interface RecordCheck {
  readonly distinct: number;
  readonly duplicated: number;
  readonly outOfOrder: number;
  /** Of another run, or without a stamp. */
  readonly foreign: number;
  /** Of this run, and delivered before; share groups have them. */
  readonly redelivered: number;
  readonly seen: ConsumerDone['seen'];
  /** The lowest time from due to received, µs; null before the first. */
  readonly lowestLatencyUs: number | null;
  setClocks(clocks: ProducerClocks): void;
  /** Checks one row's sequence, and times it from when it was due. */
  row(row: number, startUs: number): void;
}

export function createRecordCheck(
  { runTag, producers, lateMs }: Pick<ConsumerAssignment, 'runTag' | 'producers' | 'lateMs'>,
  rows: ReceivedRows,
  recorder: Recorder,
): RecordCheck {
  const stamps = new StampReader(rows.stamp);
  const sets = Array.from({ length: producers }, () => new SequenceSet());
  /** The last sequence of each producer in each partition: within one it may only grow. */
  const lastSequence: number[][] = sets.map(() => []);
  let distinct = 0;
  let duplicated = 0;
  let outOfOrder = 0;
  let foreign = 0;
  let redelivered = 0;
  let lowestUs = Number.POSITIVE_INFINITY;
  let clocks: ProducerClocks = { shiftsUs: sets.map(() => 0), across: [] };

  return {
    get distinct() {
      return distinct;
    },
    get duplicated() {
      return duplicated;
    },
    get outOfOrder() {
      return outOfOrder;
    },
    get foreign() {
      return foreign;
    },
    get redelivered() {
      return redelivered;
    },
    get lowestLatencyUs() {
      return Number.isFinite(lowestUs) ? lowestUs : null;
    },
    setClocks(told) {
      clocks = told;
    },
    get seen() {
      return sets.map((set, producer) => ({ producer, bits: set.bits }));
    },
    row(row, startUs) {
      const producer = rows.stamped[row] === 1 && stamps.runTag(row) === runTag ? stamps.producer(row) : -1;
      const set = sets[producer];
      const last = lastSequence[producer];
      if (set === undefined || last === undefined) {
        foreign++;
        return;
      }
      const sequence = stamps.sequence(row);
      const isNew = set.add(sequence);
      // Delivered before, to whomever: a share group's way, and no duplicate. Its latency was taken the first time.
      if ((rows.deliveries?.[row] ?? 1) > 1) {
        redelivered++;
        return;
      }
      if (!isNew) {
        duplicated++;
        return;
      }
      distinct++;
      if (rows.deliveries === undefined) {
        const partition = rows.partition[row] as number;
        if (sequence < (last[partition] ?? -1)) outOfOrder++;
        else last[partition] = sequence;
      }
      const dueUs = stamps.dueUs(row) + (clocks.shiftsUs[producer] ?? 0);
      // Records of a backlog were due before the load began, those of a late group long before it read them: when they
      // are read says nothing of their latency.
      if (dueUs < startUs || lateMs !== undefined) return;
      const latencyUs = (rows.atUs[row] as number) - dueUs;
      if (latencyUs < lowestUs) lowestUs = latencyUs;
      const latency = clocks.across[producer] === true ? END_TO_END_ACROSS : END_TO_END;
      recorder.record(latency, Math.floor((dueUs - startUs) / 1e6), latencyUs);
    },
  };
}
