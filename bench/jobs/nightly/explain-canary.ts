import { median } from '../../stats/describe.ts';
import { pooledT } from '../../stats/edivisive-t.ts';
import { clipOutliers } from './outliers.ts';
import type { Policy } from './policy.ts';

/** p below which the canary's move at the place of a series' change explains it; not a gate, so not as strict. */
const CANARY_P = 0.02;
/** Least share of a change that the canary has to show to explain it. */
const CANARY_SHARE = 0.4;

/** What the canary says about the nights around one change. */
export interface EnvironmentShift {
  /** When the canary changed. */
  readonly time: number;
  /** New level ÷ old level of the canary. */
  readonly ratio: number;
  readonly p: number;
}

interface Timed {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly delta: number;
}

/** Index of the first time that is not before `time`. */
export function firstFrom(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The nights before and from `split` on: p of clipped nights, the ratio of medians as they were. */
function testSplit(values: Float64Array, split: number, delta: number): { ratio: number; p: number } | null {
  if (split <= 0 || split >= values.length) return null;
  const logs = values.map(Math.log);
  const clipped = clipOutliers(logs, 1.5 * Math.log1p(delta));
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

/**
 * The canary between the nights around a series' change at `from`, with what is known by `until` (times), or null
 * where it stood still or went the other way. `shift` is ln(new ÷ old) of the series.
 */
export function explainByCanary(
  canary: Timed | undefined,
  nights: { readonly since: number; readonly from: number; readonly until: number },
  shift: number,
  policy: Policy,
): EnvironmentShift | null {
  if (canary === undefined) return null;
  const split = firstFrom(canary.times, nights.from);
  const start = Math.max(firstFrom(canary.times, nights.since), split - policy.window);
  const end = firstFrom(canary.times, nights.until + 1);
  const values = canary.values.subarray(start, end);
  // A series' change may be seen a night beside the canary's, in particular on the first nights.
  for (const place of [split, split + 1, split - 1]) {
    const test = testSplit(values, place - start, canary.delta);
    if (test === null || test.p > CANARY_P) continue;
    const its = Math.log(test.ratio);
    if (Math.sign(shift) === Math.sign(its) && Math.abs(its) >= CANARY_SHARE * Math.abs(shift)) {
      return { time: canary.times[place] ?? Number.NaN, ...test };
    }
  }
  return null;
}
