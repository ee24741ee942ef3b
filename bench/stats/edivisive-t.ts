import { studentTwoSided } from './student-t.ts';

/** Size, mean and population variance (divisor n) of one side. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/**
 * Two-sided p of Student's t-test with a pooled variance made of the population variances (ddof 0), as
 * arXiv 2301.03034 uses in place of a permutation test: s² = ((n₁−1)v₁ + (n₂−1)v₂) ÷ (n₁+n₂−2).
 * Without any variance, p is 0 where the means differ and 1 where they don't.
 */
export function pooledT(left: Moments, right: Moments): number {
  const degrees = left.n + right.n - 2;
  if (degrees <= 0) return 1;
  const difference = right.mean - left.mean;
  const pooled = ((left.n - 1) * left.variance + (right.n - 1) * right.variance) / degrees;
  // Below this the variance is the rounding of sums, not a spread.
  const floor = 1e-24 * Math.max(1, left.mean * left.mean);
  if (pooled <= floor) return Math.abs(difference) <= 1e-12 * Math.max(1, Math.abs(left.mean)) ? 1 : 0;
  return studentTwoSided(difference / Math.sqrt(pooled * (1 / left.n + 1 / right.n)), degrees);
}
