import { type ChangePoint, changePoints } from '../compute/edivisive.ts';
import { pooledT } from '../compute/edivisive-t.ts';
import { median } from '../compute/stats/describe.ts';
import type { Direction } from './metrics.ts';
import { clipOutliers } from './outliers.ts';

/** How a night is judged; one set of figures for all series but for δ. */
export interface Policy {
  readonly window: number;
  readonly maxP: number;
  /** Nights for which a change is news. */
  readonly recentNights: number;
  /** Nights of the new level that it takes to fail a night. */
  readonly confirmNights: number;
  /** Nights of the old level without which nothing is judged. */
  readonly minBaseline: number;
}

export const DEFAULT_POLICY: Policy = {
  window: 50,
  maxP: 0.001,
  recentNights: 5,
  confirmNights: 2,
  minBaseline: 8,
};

export interface SeriesInput {
  /** Night medians, all above zero, oldest first, of one definition of the cell; the last is tonight's. */
  readonly values: readonly number[];
  readonly direction: Direction;
  /** Relative change that matters. */
  readonly delta: number;
  /** Indexes of nights whose change somebody has accepted. */
  readonly accepted: readonly number[];
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

function detect(logs: Float64Array, delta: number, policy: Policy): ChangePoint[] {
  // Half of δ on means, so that a slow drift is cut into steps; the gate itself asks for δ, of medians.
  const minMagnitude = Math.log1p(delta) / 2;
  return changePoints(clipOutliers(logs, 1.5 * Math.log1p(delta)), { window: policy.window, maxP: policy.maxP, minMagnitude });
}

/**
 * The changes of one series up to its last night. A change is news where it lies in the last five nights, or was not
 * yet seen five nights ago: a slow drift shows itself late, and its place lies further back. It is confirmed where
 * at least two nights have the new level, the medians differ by δ, and each of the last two nights is still worse
 * than the old median by half of δ: one bad night is none, and neither is a change that has gone again.
 */
export function analyseSeries(input: SeriesInput, policy: Policy = DEFAULT_POLICY): SeriesAnalysis {
  const logs = Float64Array.from(input.values, Math.log);
  const n = logs.length;
  if (n < policy.minBaseline + 1) return { state: 'learning', changes: [] };
  const found = detect(logs, input.delta, policy);
  const earlier =
    found.length === 0 ? [] : detect(logs.subarray(0, n - policy.recentNights), input.delta, policy);
  const sign = input.direction === 'lower-is-better' ? 1 : -1;
  const changes = found.map((point, place): SeriesChange => {
    const start = Math.max(found[place - 1]?.index ?? 0, point.index - policy.window);
    const end = Math.min(found[place + 1]?.index ?? n, point.index + policy.window);
    const before = median([...logs.subarray(start, point.index)]);
    const shift = median([...logs.subarray(point.index, end)]) - before;
    const worse = sign * shift > 0;
    const known = earlier.some(
      (old) =>
        Math.abs(old.index - point.index) <= PLACE_TOLERANCE &&
        Math.sign(old.after - old.before) === Math.sign(point.after - point.before),
    );
    const accepted = input.accepted.some((night) => Math.abs(night - point.index) <= PLACE_TOLERANCE);
    const last = logs.subarray(Math.max(point.index, n - policy.confirmNights));
    const lasting =
      place === found.length - 1 &&
      n - point.index >= policy.confirmNights &&
      last.every((value) => sign * (value - before) >= Math.log1p(input.delta) / 2);
    return {
      index: point.index,
      p: point.p,
      ratio: Math.exp(shift),
      worse,
      accepted,
      recent: !known,
      confirmed:
        !known &&
        !accepted &&
        worse &&
        lasting &&
        point.index >= policy.minBaseline &&
        Math.abs(shift) >= Math.log1p(input.delta),
    };
  });
  return { state: 'judged', changes };
}

export interface SplitTest {
  readonly ratio: number;
  readonly p: number;
}

/** The canary on either side of the very nights between which a series changed; null where a side has no night. */
export function testSplit(
  values: readonly number[],
  split: number,
  delta: number,
): SplitTest | null {
  if (split <= 0 || split >= values.length) return null;
  const clipped = clipOutliers(Float64Array.from(values, Math.log), 1.5 * Math.log1p(delta));
  const moments = (logs: Float64Array) => {
    const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length;
    return { n: logs.length, mean, variance };
  };
  const [left, right] = [moments(clipped.subarray(0, split)), moments(clipped.subarray(split))];
  return { ratio: Math.exp(right.mean - left.mean), p: pooledT(left, right) };
}
