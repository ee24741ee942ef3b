import { poolTask } from '../../common/pool.ts';
import type { IntervalSnapshot } from '../../load/protocol.ts';
import { addEncoded } from '../../results/encoded-histogram.ts';
import { encode, maxUs, newHistogram, percentileUs, summarize } from '../../results/histogram.ts';
import { formatHlog, type LogInterval } from '../../results/hlog.ts';
import {
  LATENCIES,
  type LatencyName,
  type LatencySummary,
  partsOf,
  RECORDED,
  type RecordedName,
} from '../../results/latency.ts';
import { findWarmUp, type SteadySeries, type WarmUp } from '../../stats/warm-up.ts';
import { type ClockLimits, tooUnsure } from './clock-limits.ts';

export interface MergeInput {
  /** One list a generator, in any order. */
  readonly processes: readonly (readonly IntervalSnapshot[])[];
  /** Wall clock at second 0, ms. */
  readonly startEpochMs: number;
  /** Seconds of fixed warm-up. */
  readonly warmupSec: number;
  /** Sending ended here: nothing is due later. */
  readonly endSec: number;
  /** Look for more warm-up. False where the load changes by design: rate steps, a backlog, disruptions. */
  readonly seekSteadyState: boolean;
  /** At maximum rate a latency only tells how deep the client's queue is: throughput alone decides on steadiness. */
  readonly openTap: boolean;
  /** How well the clocks of different hosts are known; null where all is on one. */
  readonly clocks: ClockLimits | null;
}

/** What the end-to-end figure is made of, where records crossed hosts. */
export interface EndToEndAcross {
  /** Of all records, whatever the headline is made of. */
  readonly all: LatencySummary | null;
  readonly across: LatencySummary | null;
  /** Of the records that were timed, those that were produced and received on one host; null where none was timed. */
  readonly sameHostShare: number | null;
  /** `same-host`: two clocks are known too badly for the others, and they are not in the figure. */
  readonly madeOf: 'all' | 'same-host';
}

/** Quantiles of the records due in one second, over all processes, µs; null where the second has too few samples for them. */
interface SecondQuantiles {
  readonly count: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly maxUs: number;
}

export interface MergedSecond {
  readonly second: number;
  /** A latency without a sample is absent. */
  readonly latencies: { readonly [K in LatencyName]?: SecondQuantiles };
}

export interface MergeResult {
  /** Every second in which a record was due that has a latency, in order. */
  readonly series: readonly MergedSecond[];
  readonly warmUp: WarmUp;
  /** Where the measured window starts: the fixed warm-up and what MSER-5 cut, at most half of the load's time. */
  readonly fromSec: number;
  /** Where it ends, exclusive. */
  readonly endSec: number;
  readonly latencyUs: { readonly [K in LatencyName]: LatencySummary | null };
  /** null where all was on one host. */
  readonly endToEnd: EndToEndAcross | null;
  /** A histogram log for each latency that has a sample in the window. */
  readonly hlog: { readonly [K in RecordedName]?: string };
}

/** One latency over all processes, by the second its records were due in. */
type Track = ReadonlyMap<number, Interval>;

interface Interval {
  readonly quantiles: SecondQuantiles;
  readonly negative: number;
  readonly encoded: string;
}

/** What was recorded in one second, or a part of it. */
interface Piece {
  readonly second: number;
  /** Absent where nothing but negative samples were recorded. */
  readonly encoded: string | undefined;
  readonly negative: number;
}

function merged(pieces: Iterable<Piece>): Track {
  const parts = new Map<number, { encoded: string[]; negative: number }>();
  for (const { second, encoded, negative } of pieces) {
    const part = parts.get(second) ?? { encoded: [], negative: 0 };
    parts.set(second, part);
    if (encoded !== undefined) part.encoded.push(encoded);
    part.negative += negative;
  }
  const track = new Map<number, Interval>();
  const interval = newHistogram();
  for (const [second, { encoded, negative }] of parts) {
    if (encoded.length === 0 && negative === 0) continue;
    interval.reset();
    for (const text of encoded) addEncoded(interval, text);
    const quantiles = {
      count: interval.totalCount,
      p50Us: percentileUs(interval, 'p50'),
      p99Us: percentileUs(interval, 'p99'),
      maxUs: maxUs(interval),
    };
    track.set(second, { quantiles, negative, encoded: encode(interval) });
  }
  return track;
}

const recordedTrack = (name: RecordedName, snapshots: readonly IntervalSnapshot[]): Track =>
  merged(
    snapshots.flatMap(({ latencies }) =>
      latencies.map(({ second, histograms, negative }) => ({
        second,
        encoded: histograms[name],
        negative: negative[name] ?? 0,
      })),
    ),
  );

/** Tracks of the same seconds as one. */
function joined(tracks: readonly Track[]): Track {
  const [first = new Map(), ...others] = tracks.filter(({ size }) => size > 0);
  if (others.length === 0) return first;
  return merged(
    [first, ...others].flatMap((track) => [...track].map(([second, interval]) => ({ second, ...interval }))),
  );
}

/** The headline latency's 99th percentile, and acknowledged (or else received, or else sent) records, a second. */
function steadySeries(input: MergeInput, tracks: Readonly<Record<LatencyName, Track>>): SteadySeries {
  const fromSec = Math.ceil(input.warmupSec);
  const length = Math.max(0, Math.floor(input.endSec) - fromSec);
  const acked = new Array<number>(length).fill(0);
  const received = new Array<number>(length).fill(0);
  const sent = new Array<number>(length).fill(0);
  for (const snapshot of input.processes.flat()) {
    const at = snapshot.second - fromSec;
    if (at < 0 || at >= length) continue;
    acked[at] = (acked[at] ?? 0) + snapshot.acked;
    received[at] = (received[at] ?? 0) + snapshot.received;
    sent[at] = (sent[at] ?? 0) + snapshot.sent;
  }
  const moves = (records: readonly number[]): boolean => records.some((count) => count > 0);
  const produces = moves(acked);
  const headline = tracks[produces ? 'due-to-ack' : 'end-to-end'];
  const p99Us = (second: number): number | null => headline.get(second)?.quantiles.p99Us ?? null;
  return {
    // Producers that only count see no acknowledgement; what they send is held back by a full queue.
    throughput: [acked, received].find(moves) ?? sent,
    p99: acked.map((_, at) => (input.openTap ? null : p99Us(fromSec + at))),
  };
}

function summarizeWindow(track: Track, fromSec: number, endSec: number): LatencySummary | null {
  const window = newHistogram();
  let negative = 0;
  for (const [second, interval] of track) {
    if (second < fromSec || second >= endSec) continue;
    if (interval.quantiles.count > 0) addEncoded(window, interval.encoded);
    negative += interval.negative;
  }
  return summarize(window, negative);
}

/** One interval for each second of the window: a second without a sample is an empty histogram, not a gap. */
function logIntervals(track: Track, fromSec: number, endSec: number): LogInterval[] {
  const empty = encode(newHistogram());
  return Array.from({ length: Math.max(0, endSec - fromSec) }, (_, atSec) => {
    const interval = track.get(fromSec + atSec);
    return {
      atSec,
      lengthSec: 1,
      maxUs: interval?.quantiles.maxUs ?? 0,
      encoded: interval?.encoded ?? empty,
    };
  });
}

function seriesOf(tracks: Readonly<Record<LatencyName, Track>>): MergedSecond[] {
  const seconds = new Map<number, { [K in LatencyName]?: SecondQuantiles }>();
  for (const name of LATENCIES) {
    for (const [second, { quantiles }] of tracks[name]) {
      if (quantiles.count === 0) continue;
      const latencies = seconds.get(second) ?? {};
      seconds.set(second, latencies);
      latencies[name] = quantiles;
    }
  }
  return [...seconds]
    .map(([second, latencies]) => ({ second, latencies }))
    .sort((a, b) => a.second - b.second);
}

/**
 * Merges what the generators of one repeat reported: buckets are added, percentiles never averaged.
 *
 * A sample belongs to the second its record was due in, however late it came. The window is [fromSec, endSec) of
 * due times: a stall at its end counts although its acknowledgements arrive in the drain, and the tail of a stall
 * in the warm-up does not.
 */
export function mergeRepeat(input: MergeInput): MergeResult {
  const snapshots = input.processes.flat();
  const recorded = Object.fromEntries(
    RECORDED.map((name) => [name, recordedTrack(name, snapshots)]),
  ) as Record<RecordedName, Track>;
  const tracks = Object.fromEntries(
    LATENCIES.map((name) => [name, joined(partsOf(name).map((part) => recorded[part]))]),
  ) as Record<LatencyName, Track>;
  const found: WarmUp = input.seekSteadyState
    ? findWarmUp(steadySeries(input, tracks))
    : { cutSec: 0, steady: null };
  const fixedSec = Math.ceil(input.warmupSec);
  const endSec = Math.floor(input.endSec);
  // A warm-up that would take more than half of the load's time is none: part of it would be measured.
  const tooLong = found.cutSec > 0 && fixedSec + found.cutSec > Math.floor(endSec / 2);
  const warmUp = tooLong ? { ...found, cutSec: 0, steady: false } : found;
  const fromSec = fixedSec + warmUp.cutSec;

  const hlog: { [K in RecordedName]?: string } = {};
  const log = (name: RecordedName, track: Track, summary: LatencySummary | null): void => {
    if (summary === null || summary.count === 0) return;
    hlog[name] = formatHlog(name, input.startEpochMs + fromSec * 1000, logIntervals(track, fromSec, endSec));
  };
  let endToEnd: EndToEndAcross | null = null;
  if (input.clocks !== null) {
    const { 'end-to-end': same, 'end-to-end-across': across } = recorded;
    const summaries = [tracks['end-to-end'], same, across].map((track) =>
      summarizeWindow(track, fromSec, endSec),
    );
    endToEnd = chooseEndToEnd(summaries as Summaries, input.clocks);
    log('end-to-end-across', across, endToEnd.across);
    if (endToEnd.madeOf === 'same-host') tracks['end-to-end'] = same;
  }
  const latencyUs = {} as Record<LatencyName, LatencySummary | null>;
  for (const name of LATENCIES) {
    latencyUs[name] = summarizeWindow(tracks[name], fromSec, endSec);
    log(name, tracks[name], latencyUs[name]);
  }
  return { series: seriesOf(tracks), warmUp, fromSec, endSec, latencyUs, endToEnd, hlog };
}

type Summaries = [all: LatencySummary | null, same: LatencySummary | null, across: LatencySummary | null];

/** Two clocks that are known too badly leave records of one host only; where there are none, all, marked. */
function chooseEndToEnd([all, same, across]: Summaries, clocks: ClockLimits): EndToEndAcross {
  const timed = (summary: LatencySummary | null): number =>
    summary === null ? 0 : summary.count + summary.negativeCount;
  const leavesOut = timed(same) > 0 && tooUnsure(clocks, all) !== null;
  return {
    all,
    across,
    sameHostShare: timed(all) === 0 ? null : timed(same) / timed(all),
    madeOf: leavesOut ? 'same-host' : 'all',
  };
}

export const mergeTask = poolTask(import.meta.url, 'mergeTask', mergeRepeat);
