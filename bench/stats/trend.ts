import { median } from './describe.ts';
import { normalCdf } from './normal.ts';
import { tieSizes } from './ranks.ts';

/** A monotonic trend in evenly spaced samples. */
export interface Trend {
  /** Theil–Sen: the median of the slopes between all pairs, per sample. 0 for fewer than two samples. */
  readonly slope: number;
  /** Mann–Kendall, two-sided, normal approximation with tie and continuity correction; 1 below 8 samples. */
  readonly p: number;
}

export const MIN_SAMPLES = 8;

/**
 * Theil–Sen slope (Sen, JASA 63, 1968) and Mann–Kendall test (Kendall, Rank Correlation Methods, 1975). Neither
 * is moved by a few outliers, such as a stall. Autocorrelation makes p too small: judge the slope's size as well.
 */
export function trend(samples: readonly number[]): Trend {
  const n = samples.length;
  const slopes: number[] = [];
  let s = 0;
  for (let j = 1; j < n; j++) {
    for (let i = 0; i < j; i++) {
      const difference = (samples[j] ?? 0) - (samples[i] ?? 0);
      s += Math.sign(difference);
      slopes.push(difference / (j - i));
    }
  }
  const slope = slopes.length === 0 ? 0 : median(slopes);
  if (n < MIN_SAMPLES) return { slope, p: 1 };
  const term = (size: number): number => size * (size - 1) * (2 * size + 5);
  const variance = (term(n) - tieSizes(samples).reduce((sum, size) => sum + term(size), 0)) / 18;
  if (variance <= 0 || s === 0) return { slope, p: 1 };
  const z = (Math.abs(s) - 1) / Math.sqrt(variance);
  return { slope, p: Math.min(1, 2 * normalCdf(-z)) };
}
