import type { Random } from '../common/random.ts';

/** Probability of each of `count` ranks, P(k) ∝ 1 / k^exponent, summed up. */
export function zipfCumulative(count: number, exponent: number): Float64Array {
  const cumulative = new Float64Array(count);
  let total = 0;
  for (let rank = 0; rank < count; rank++) {
    total += (rank + 1) ** -exponent;
    cumulative[rank] = total;
  }
  for (let rank = 0; rank < count; rank++) cumulative[rank] = (cumulative[rank] ?? 0) / total;
  return cumulative;
}

/** A rank drawn from cumulative probabilities, from 0, by bisection. */
export function drawRank(cumulative: Float64Array, random: Random): number {
  const u = random.next();
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulative[middle] ?? 1) <= u) low = middle + 1;
    else high = middle;
  }
  return low;
}
