import { quantileOfAscending } from '../../stats/describe.ts';

/** Nights on either side that a night is held against. */
const REACH = 3;
/** Robust standard deviations from the neighbours' median at which a night is held back. */
const LIMIT_SIGMAS = 3;
/** Scales the median absolute deviation to σ of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;

/** σ from one night to the next, which steps of the level don't inflate. */
export function nightlySigma(logs: Float64Array): number {
  if (logs.length < 2) return 0;
  const steps = logs.subarray(1).map((value, i) => value - (logs[i] ?? value));
  const centre = quantileOfAscending(steps.sort(), 0.5);
  const deviations = steps.map((step) => Math.abs(step - centre)).sort();
  return (MAD_TO_SIGMA * quantileOfAscending(deviations, 0.5)) / Math.SQRT2;
}

/** The median of a night and its neighbours, sorted by insertion into `near`: this runs for every night of a series. */
function medianNear(logs: Float64Array, i: number, near: Float64Array): number {
  const from = Math.max(0, i - REACH);
  const count = Math.min(logs.length, i + REACH + 1) - from;
  for (let k = 0; k < count; k++) {
    const value = logs[from + k] ?? 0;
    let place = k;
    for (; place > 0 && (near[place - 1] ?? 0) > value; place--) near[place] = near[place - 1] ?? 0;
    near[place] = value;
  }
  const middle = count >> 1;
  return count % 2 === 1 ? (near[middle] ?? 0) : ((near[middle - 1] ?? 0) + (near[middle] ?? 0)) / 2;
}

/**
 * The series with spoiled nights drawn in to the edge of what is usual (a Hampel filter that clips): a single bad
 * night would inflate the variance of the t-test and hide a change for weeks. The median of the neighbours keeps
 * every step where it is, and at the end of the series, where there are no later neighbours, a step is drawn in to
 * `minWidth` (ln) at least, never removed.
 */
export function clipOutliers(logs: Float64Array, minWidth: number): Float64Array {
  const width = Math.max(LIMIT_SIGMAS * nightlySigma(logs), minWidth);
  const near = new Float64Array(2 * REACH + 1);
  return logs.map((value, i) => {
    const centre = medianNear(logs, i, near);
    return Math.min(centre + width, Math.max(centre - width, value));
  });
}
