import { median } from '../../stats/describe.ts';
import { changePoints } from '../../stats/edivisive.ts';
import { pooledT } from '../../stats/edivisive-t.ts';
import { gateP } from './gate.ts';
import type { Direction } from './metrics.ts';
import { clipOutliers } from './outliers.ts';

/** How a night is judged; one set of figures for all series but for δ. */
export interface Policy {
  readonly window: number;
  readonly maxP: number;
  /** Largest p that may fail a night, over all its series together. */
  readonly familyP: number;
  /** Nights for which a change is news. */
  readonly recentNights: number;
  /** Nights back to which a change may lie that shows itself only tonight. */
  readonly newsNights: number;
  /** Nights of the new level that it takes to fail a night. */
  readonly confirmNights: number;
  /** Nights of the old level without which nothing is judged. */
  readonly minBaseline: number;
}

export const DEFAULT_POLICY: Policy = {
  window: 50,
  maxP: 0.001,
  familyP: 0.01,
  recentNights: 5,
  newsNights: 15,
  confirmNights: 2,
  minBaseline: 8,
};

export interface SeriesInput {
  /** Night medians, all above zero, oldest first, of one definition of the cell; the last is tonight's. */
  readonly values: Float64Array;
  readonly direction: Direction;
  /** Relative change that matters. */
  readonly delta: number;
  /** Indexes of nights whose change somebody has accepted. */
  readonly accepted: readonly number[];
  /** Series judged in the same night: the more, the stricter each one's gate. */
  readonly family: number;
}

export interface SeriesChange {
  /** First night of the new level. */
  readonly index: number;
  readonly p: number;
  /** New level ÷ old level, of the medians of the nights on either side. */
  readonly ratio: number;
  readonly worse: boolean;
  /** Somebody has said that it is known. */
  readonly accepted: boolean;
  /** News: not known to the analysis of five nights ago. */
  readonly recent: boolean;
  /** Recent, worse, large enough and lasting: fails the night unless the environment explains it. */
  readonly confirmed: boolean;
}

export interface SeriesAnalysis {
  /** `learning`: too few nights for a verdict. */
  readonly state: 'judged' | 'learning';
  readonly changes: readonly SeriesChange[];
}

/** Nights by which the place of a change may be off, or be seen elsewhere with other data. */
const PLACE_TOLERANCE = 3;
/** Share of a change that the nights have to agree on, lest one spoiled night and a slow one make a change. */
const AGREED_SHARE = 0.5;

/** Outliers are clipped no closer than this to their neighbours: a step has to stay larger than δ. */
const clipWidth = (delta: number): number => 1.5 * Math.log1p(delta);

/**
 * The changes of one series up to its last night: E-divisive on clipped logarithms, with half of δ as its least
 * magnitude (a slow drift is then cut into steps). A change is news where it lies in the last five nights, or was not
 * seen yet five nights ago: a drift shows itself late, and its place lies further back. It is confirmed where it got
 * worse, at least two nights have the new level, their lower median is off by δ, the last two are both still off by
 * half of it, and the difference is too large for nights that resemble each other ({@link gateP}): one bad night is
 * no change, and neither is what has gone again.
 */
export function analyseSeries(input: SeriesInput, policy: Policy = DEFAULT_POLICY): SeriesAnalysis {
  const logs = input.values.map(Math.log);
  const n = logs.length;
  if (n < policy.minBaseline + 1) return { state: 'learning', changes: [] };
  const margin = Math.log1p(input.delta);
  const clipped = clipOutliers(logs, clipWidth(input.delta));
  const options = {
    window: policy.window,
    maxP: policy.maxP,
    minMagnitude: margin / 2,
    magnitude: 'difference',
  } as const;
  const found = changePoints(clipped, options);
  if (found.length === 0) return { state: 'judged', changes: [] };
  const old = logs.subarray(0, n - policy.recentNights);
  const earlier = changePoints(clipOutliers(old, clipWidth(input.delta)), options);
  const sign = input.direction === 'lower-is-better' ? 1 : -1;

  const changes = found.map((point, place): SeriesChange => {
    const start = Math.max(found[place - 1]?.index ?? 0, point.index - policy.window);
    const end = Math.min(found[place + 1]?.index ?? n, point.index + policy.window);
    const before = median([...logs.subarray(start, point.index)]);
    const shift = median([...logs.subarray(point.index, end)]) - before;
    const worse = sign * shift > 0;
    const seenBefore = earlier.some(
      (other) =>
        Math.abs(other.index - point.index) <= PLACE_TOLERANCE &&
        other.after > other.before === point.after > point.before,
    );
    const recent = n - point.index <= policy.newsNights && !seenBefore;
    const accepted = input.accepted.some((night) => Math.abs(night - point.index) <= PLACE_TOLERANCE);
    const confirmed = (): boolean => {
      const shifts = logs.subarray(point.index, end).map((value) => sign * (value - before));
      const lastNights = shifts.subarray(-policy.confirmNights);
      const agreed = shifts.toSorted()[(shifts.length - 1) >> 1] ?? 0;
      const usual = clipped.subarray(start, point.index).map((value) => sign * (value - before));
      // No night counts for more than twice what the nights agree on.
      const lasting = shifts.map((value) => Math.min(value, 2 * agreed));
      return (
        end === n &&
        shifts.length >= policy.confirmNights &&
        point.index - start >= policy.minBaseline &&
        agreed >= Math.max(margin, AGREED_SHARE * Math.abs(shift)) &&
        lastNights.every((value) => value >= margin / 2) &&
        gateP(usual, lasting) <= Math.min(policy.maxP, policy.familyP / input.family)
      );
    };
    return {
      index: point.index,
      p: point.p,
      ratio: Math.exp(shift),
      worse,
      accepted,
      recent,
      confirmed: recent && worse && !accepted && confirmed(),
    };
  });
  return { state: 'judged', changes };
}

export interface SplitTest {
  readonly ratio: number;
  readonly p: number;
}

/**
 * The canary before and from index `split` on, where a series changed; null where a side has no night. As for a
 * series, p is of clipped nights and the ratio of medians as they were.
 */
export function testSplit(values: Float64Array, split: number, delta: number): SplitTest | null {
  if (split <= 0 || split >= values.length) return null;
  const logs = values.map(Math.log);
  const clipped = clipOutliers(logs, clipWidth(delta));
  const moments = (side: Float64Array) => {
    const mean = side.reduce((sum, value) => sum + value, 0) / side.length;
    const variance = side.reduce((sum, value) => sum + (value - mean) ** 2, 0) / side.length;
    return { n: side.length, mean, variance };
  };
  const shift = median([...logs.subarray(split)]) - median([...logs.subarray(0, split)]);
  return {
    ratio: Math.exp(shift),
    p: pooledT(moments(clipped.subarray(0, split)), moments(clipped.subarray(split))),
  };
}
