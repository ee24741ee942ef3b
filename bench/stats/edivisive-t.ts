/** ln Γ(x) for x > 0, by Lanczos' approximation (g = 7, nine terms); relative error below 1e-14. */
function lnGamma(x: number): number {
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const shifted = x - 1;
  let sum = 0.9999999999998099;
  for (const [i, term] of terms.entries()) sum += term / (shifted + i + 1);
  const base = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** Continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guarded = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guarded(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return result;
}

/** Regularised incomplete beta function I_x(a, b), 0 ≤ x ≤ 1. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** P(|T| ≥ |t|) for Student's t with `degrees` of freedom (Abramowitz and Stegun 26.7.1 through I_x). */
export function studentTwoSided(t: number, degrees: number): number {
  if (Number.isNaN(t) || degrees <= 0) return 1;
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

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
