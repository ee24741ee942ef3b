import { mean } from './describe.ts';

/** Fewer values of one stretch tell nothing of how they resemble each other. */
const FEWEST = 10;

/** How one stretch of equally spaced values strays, and how long it remembers. */
export interface Memory {
  readonly mean: number;
  readonly variance: number;
  /** Integrated autocorrelation time 1 + 2 Σ ρ_k, in steps; at least 1. */
  readonly steps: number;
  readonly values: number;
}

/**
 * The integrated autocorrelation time by Geyer's initial positive sequence (Statistical Science 7, 1992): sums of
 * neighbouring autocorrelations as long as they stay above zero. Null for fewer than ten values.
 */
export function memoryOf(values: readonly number[]): Memory | null {
  const n = values.length;
  if (n < FEWEST) return null;
  const centre = mean(values);
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += ((values[i] ?? 0) - centre) * ((values[i - lag] ?? 0) - centre);
    return sum / n;
  };
  const variance = covariance(0);
  let steps = 1;
  if (variance > 0) {
    // A third of the stretch: beyond, few pairs are left.
    for (let lag = 1; lag + 1 <= n / 3; lag += 2) {
      const pair = (covariance(lag) + covariance(lag + 1)) / variance;
      if (pair <= 0) break;
      steps += 2 * pair;
    }
  }
  return { mean: centre, variance: (variance * n) / (n - 1), steps, values: n };
}

/** z of a 95 % interval. */
const Z = 1.96;

/** Relative half width of the 95 % interval of a mean over `length` steps: z · √(σ² τ ÷ length) ÷ mean. */
export function relativePrecision({ mean: centre, variance, steps }: Memory, length: number): number {
  return (Z * Math.sqrt((variance * steps) / length)) / Math.abs(centre);
}

/** Steps after which a mean is known to ± `precision` (relative, 95 %). */
export const stepsFor = (memory: Memory, precision: number): number =>
  relativePrecision(memory, 1) ** 2 / precision ** 2;
