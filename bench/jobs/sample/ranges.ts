import type { OffsetRange } from '../../client/confluent/topic-reader.ts';

/** What is to be read of a topic. */
export interface AskedRange {
  readonly mode: 'end' | 'from' | 'evenly';
  /** Epoch ms, for `from`. */
  readonly fromMs: number;
  readonly records: number;
}

export interface Bounds {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** By partition the first offset whose record is not older than a time (epoch ms); −1 where there is none. */
export type OffsetsAt = (timeMs: number) => Promise<readonly number[]>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const sizesOf = ({ low, high }: Bounds): number[] => high.map((end, i) => Math.max(0, end - (low[i] ?? 0)));
export const topicRecords = (bounds: Bounds): number => sum(sizesOf(bounds));

/** Runs of records a partition: enough to see a day's course, few enough that each costs little to begin. */
const EVEN_RUNS = 16;
/** Many records of one millisecond can't be parted by time. */
const MOST_OVER = 2;
const FIRST_STEP_MS = 1_000;

/** Offsets at a time within the bounds: the end where no record is as new. */
async function placed(at: OffsetsAt, { low, high }: Bounds, timeMs: number): Promise<number[]> {
  const found = await at(timeMs);
  return high.map((end, i) => {
    const offset = found[i] ?? -1;
    return offset < 0 ? end : Math.min(end, Math.max(low[i] ?? 0, offset));
  });
}

/** A part of each range in proportion to its size, `records` in all, from its start or its end. */
function proportional(ranges: readonly OffsetRange[], records: number, side: 'start' | 'end'): OffsetRange[] {
  const all = sum(ranges.map(({ from, to }) => to - from));
  return ranges.map(({ partition, from, to }) => {
    const count = all === 0 ? 0 : Math.min(to - from, Math.ceil((records * (to - from)) / all));
    return side === 'start' ? { partition, from, to: from + count } : { partition, from: to - count, to };
  });
}

const rangesOf = (from: readonly number[], to: readonly number[]): OffsetRange[] =>
  from.map((start, partition) => ({ partition, from: start, to: Math.max(start, to[partition] ?? start) }));

const countOf = (ranges: readonly OffsetRange[]): number => sum(ranges.map(({ from, to }) => to - from));

/**
 * The times on both sides of a border, by galloping from `startMs` and then halving.
 * @param beyond whether a time lies past the border; direction 1 looks later, −1 earlier
 */
async function border(
  startMs: number,
  direction: 1 | -1,
  limitMs: number,
  beyond: (timeMs: number) => Promise<boolean>,
): Promise<{ readonly insideMs: number; readonly beyondMs: number }> {
  let inside = startMs;
  let outside = startMs;
  for (let step = FIRST_STEP_MS; ; step *= 4) {
    outside = startMs + direction * step;
    const over = direction > 0 ? outside >= limitMs : outside <= limitMs;
    if (over) outside = limitMs;
    if (over || (await beyond(outside))) break;
    inside = outside;
  }
  // To the millisecond: what a topic got in seconds may be a year ago. Some forty questions at most.
  while (Math.abs(outside - inside) > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (await beyond(middle)) outside = middle;
    else inside = middle;
  }
  return { insideMs: inside, beyondMs: outside };
}

/**
 * Which offsets to read, as rounds of one range a partition at most. From the end and from a time, partitions are cut at
 * one time, so that what is read is the topic's traffic of a while; evenly takes runs of records all over each log.
 */
export async function planRanges(
  asked: AskedRange,
  bounds: Bounds,
  at: OffsetsAt,
  nowMs: number,
): Promise<OffsetRange[][]> {
  const { records, mode, fromMs } = asked;
  const { low, high } = bounds;
  const everything = rangesOf(low, high);
  if (mode === 'evenly') return countOf(everything) <= records ? [everything] : evenly(everything, records);
  const start = mode === 'from' ? await placed(at, bounds, fromMs) : low;
  const open = rangesOf(start, high);
  if (countOf(open) <= records) return [open];
  if (mode === 'from') {
    const until = async (timeMs: number) => rangesOf(start, await placed(at, bounds, timeMs));
    const enough = async (timeMs: number) => countOf(await until(timeMs)) >= records;
    const { beyondMs } = await border(fromMs, 1, Math.max(nowMs, fromMs) + 1, enough);
    const found = await until(beyondMs);
    return [countOf(found) > MOST_OVER * records ? proportional(found, records, 'start') : found];
  }
  const since = async (timeMs: number) => rangesOf(await placed(at, bounds, timeMs), high);
  const enough = async (timeMs: number) => countOf(await since(timeMs)) >= records;
  const { beyondMs } = await border(nowMs, -1, 0, enough);
  const found = await since(beyondMs);
  return [countOf(found) > MOST_OVER * records ? proportional(found, records, 'end') : found];
}

function evenly(everything: readonly OffsetRange[], records: number): OffsetRange[][] {
  const shares = proportional(everything, records, 'start');
  return Array.from({ length: EVEN_RUNS }, (_, run) =>
    everything.map(({ partition, from, to }, i) => {
      const share = shares[i];
      const take = share === undefined ? 0 : share.to - share.from;
      // Rounded as a whole, so that the runs of a partition are its share together.
      const count = Math.floor(((run + 1) * take) / EVEN_RUNS) - Math.floor((run * take) / EVEN_RUNS);
      const startOf = (index: number): number => from + Math.floor((index * (to - from)) / EVEN_RUNS);
      const first = startOf(run);
      return { partition, from: first, to: Math.min(startOf(run + 1), first + count) };
    }),
  );
}

/** Intervals into which what is retained is divided to see its rate. */
const HISTORY_INTERVALS = 48;

/**
 * How many records each of equally long intervals over the retention holds, from the brokers' offset index alone:
 * nothing is read. The last entry ends it and holds 0. Empty where all records are of one time.
 */
export async function rateHistory(
  bounds: Bounds,
  at: OffsetsAt,
  nowMs: number,
): Promise<{ readonly fromMs: number; readonly records: number }[]> {
  const all = topicRecords(bounds);
  if (all === 0) return [];
  const left = async (timeMs: number) => countOf(rangesOf(await placed(at, bounds, timeMs), bounds.high));
  const { beyondMs: firstMs } = await border(nowMs, -1, 0, async (timeMs) => (await left(timeMs)) >= all);
  const { beyondMs: lastMs } = await border(
    firstMs,
    1,
    nowMs + 1,
    async (timeMs) => (await left(timeMs)) === 0,
  );
  const lengthMs = (lastMs - firstMs) / HISTORY_INTERVALS;
  if (lengthMs < 1) return [];
  const edges = Array.from({ length: HISTORY_INTERVALS + 1 }, (_, i) => Math.round(firstMs + i * lengthMs));
  const remaining: number[] = [];
  for (const edge of edges) remaining.push(await left(edge));
  return edges.map((fromMs, i) => ({
    fromMs,
    records: i === HISTORY_INTERVALS ? 0 : Math.max(0, (remaining[i] ?? 0) - (remaining[i + 1] ?? 0)),
  }));
}

/** Bytes or records a second that may be read. */
export interface ReadRate {
  readonly kind: 'records' | 'bytes';
  readonly perSec: number;
}

/** How long to wait, ms, so that what has been read by now is no more than the rate allows. */
export function holdBackMs(rate: ReadRate, records: number, bytes: number, elapsedMs: number): number {
  const done = rate.kind === 'records' ? records : bytes;
  return Math.max(0, (done * 1000) / rate.perSec - elapsedMs);
}
