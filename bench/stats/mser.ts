/**
 * Where a run's warm-up ends: MSER-5 (White, Cobb and Spratt, "A comparison of five steady-state truncation
 * heuristics for simulation", WSC 2000). Batch means Z of 5 samples; d* = argmin over d of Σ_{i>d}(Z_i − Z̄_d)² / (n − d)²;
 * d* > n/2 means that no steady state was found.
 */
export interface Mser {
  /** Samples to cut off, a multiple of the batch size: d*. */
  readonly cut: number;
  readonly batches: number;
  readonly batchSize: number;
  /** d* ≤ n/2. */
  readonly withinHalf: boolean;
}

const BATCH = 5;
const MIN_BATCHES = 10;
/** Fewer seconds cannot be judged: a batch holds one at least. */
export const MIN_STEADY_SEC = MIN_BATCHES;
/** The statistic of the last few batches is near 0 by chance: they are no candidates. */
const MIN_REST = 3;

/**
 * @param noise standard deviation that is of no interest: without it, a stretch that is quieter than the rest by
 *   chance wins over a real end of the warm-up. Added to the variance of what is left: (s² + noise²) / (n − d).
 * @returns undefined below 10 samples. Below 50, batches are smaller, so that there are at least 10 of them.
 */
export function mser(samples: readonly number[], noise = 0): Mser | undefined {
  const batchSize = Math.min(BATCH, Math.floor(samples.length / MIN_BATCHES));
  if (batchSize < 1) return undefined;
  const batches = Math.floor(samples.length / batchSize);
  const means = Array.from({ length: batches }, (_, batch) => mean(samples, batch * batchSize, batchSize));
  let best = Number.POSITIVE_INFINITY;
  let bestCut = 0;
  for (let d = 0; d <= batches - MIN_REST; d++) {
    const rest = batches - d;
    const restMean = mean(means, d, rest);
    let squares = 0;
    for (let i = d; i < batches; i++) squares += ((means[i] ?? 0) - restMean) ** 2;
    const statistic = (squares + rest * noise ** 2) / rest ** 2;
    if (statistic < best) {
      best = statistic;
      bestCut = d;
    }
  }
  return { cut: bestCut * batchSize, batches, batchSize, withinHalf: bestCut <= batches / 2 };
}

function mean(values: readonly number[], from: number, count: number): number {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += values[i] ?? 0;
  return sum / count;
}
