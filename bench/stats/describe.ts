/** Numbers in ascending order, as a copy. */
export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/**
 * Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan, as in R and NumPy).
 * NaN for no values; `p` from 0 to 1.
 */
export function quantile(values: readonly number[], p: number): number {
  return quantileOfAscending(ascending(values), p);
}

export function quantileOfAscending(values: ArrayLike<number>, p: number): number {
  const position = (values.length - 1) * p;
  const below = Math.floor(position);
  const low = values[below] ?? Number.NaN;
  const high = values[below + 1] ?? low;
  // Two infinities have no difference.
  return high === low ? low : low + (high - low) * (position - below);
}

/** NaN for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** NaN for no values. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Median absolute deviation from the median, unscaled (× 1.4826 estimates σ of a normal distribution). */
export function mad(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map((value) => Math.abs(value - centre)));
}

/** A figure from repeats, with what is needed to judge it. */
export interface Spread {
  readonly n: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly iqr: number;
  /** Interval of the median from order statistics, or null where `n` is too small for the level. */
  readonly ci: { readonly low: number; readonly high: number; readonly level: number } | null;
}

/**
 * Distribution-free interval of the median: [x_(k), x_(n+1−k)] covers it with probability
 * 1 − 2·P(Bin(n, ½) < k); the largest k that keeps `level` (David and Nagaraja, Order Statistics, 7.1).
 * `level` in the result is the exact coverage. Six values are the fewest for 95 %.
 */
export function medianInterval(values: readonly number[], level = 0.95): Spread['ci'] {
  const n = values.length;
  const ordered = ascending(values);
  let tail = 0;
  let probability = 2 ** -n;
  let found: Spread['ci'] = null;
  for (let k = 1; k <= n / 2; k++) {
    tail += probability;
    probability *= (n - k + 1) / k;
    if (1 - 2 * tail < level) break;
    const low = ordered[k - 1];
    const high = ordered[n - k];
    if (low !== undefined && high !== undefined) found = { low, high, level: 1 - 2 * tail };
  }
  return found;
}

/** Summary over repeats. All figures are NaN for no values. */
export function spread(values: readonly number[], level = 0.95): Spread {
  const ordered = ascending(values);
  return {
    n: values.length,
    median: quantileOfAscending(ordered, 0.5),
    min: ordered[0] ?? Number.NaN,
    max: ordered.at(-1) ?? Number.NaN,
    iqr: quantileOfAscending(ordered, 0.75) - quantileOfAscending(ordered, 0.25),
    ci: medianInterval(values, level),
  };
}
