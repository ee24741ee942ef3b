import { ascending, quantileOfAscending } from './describe.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { midRanks, tied, tieTerm, twoSidedP } from './ranks.ts';

export interface MannWhitney {
  /** Two-sided; 1 where either sample is empty. */
  readonly p: number;
  readonly exact: boolean;
  /** Hodges–Lehmann shift: the median of all candidate − base differences. */
  readonly shift: number;
  /** Interval of the shift, or null where the samples are too small for the level. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** Up to this many values in all, p and interval are exact; above, by the normal approximation. */
const EXACT_LIMIT = 60;

/**
 * How many ways `size` of the given integers sum up to each value: the permutation distribution of a rank sum
 * once the mid-ranks are doubled to be whole.
 */
function subsetSums(values: readonly number[], size: number): Float64Array {
  const most = values.reduce((sum, value) => sum + value, 0);
  const width = most + 1;
  const counts = new Float64Array((size + 1) * width);
  counts[0] = 1;
  for (const value of values) {
    for (let k = size; k >= 1; k--) {
      const to = k * width;
      const from = to - width;
      for (let sum = most; sum >= value; sum--) {
        const ways = counts[from + sum - value] ?? 0;
        if (ways > 0) counts[to + sum] = (counts[to + sum] ?? 0) + ways;
      }
    }
  }
  return counts.subarray(size * width);
}

/** Standard deviation of U with ties: σ² = mn/12 · (N + 1 − Σ(t³ − t) / (N(N − 1))). */
function sigmaU(m: number, n: number, ties: number): number {
  const all = m + n;
  return Math.sqrt(((m * n) / 12) * (all + 1 - ties / (all * (all - 1))));
}

/**
 * Mann–Whitney's test of base against candidate, logarithms or other numbers of about 1. Ties (and what differs only
 * by rounding) get mid-ranks, and p comes from the permutation
 * distribution of just those mid-ranks, so it is exact with ties; above 60 values in all by the normal
 * approximation with the tie and continuity corrections.
 * The shift's interval inverts the untied test (Hollander and Wolfe, Nonparametric Statistical Methods, 4.3):
 * with ties it is conservative.
 */
export function mannWhitney(
  base: readonly number[],
  candidate: readonly number[],
  level = 0.95,
): MannWhitney {
  const m = base.length;
  const n = candidate.length;
  if (m === 0 || n === 0) return { p: 1, exact: true, shift: Number.NaN, interval: null };
  const pooled = tied([...base, ...candidate]);
  const ranks = midRanks(pooled);
  const exact = m + n <= EXACT_LIMIT;
  const rankSum = ranks.slice(m).reduce((sum, rank) => sum + rank, 0);
  const differences = ascending(candidate.flatMap((value) => base.map((other) => value - other)));
  let p: number;
  if (exact) {
    // The smaller sample keeps the table small; its rank sum is as good.
    const size = Math.min(m, n);
    const observed = n <= m ? rankSum : ranks.reduce((sum, rank) => sum + rank, 0) - rankSum;
    const counts = subsetSums(
      ranks.map((rank) => 2 * rank),
      size,
    );
    p = twoSidedP(counts, 2 * observed, size * (m + n + 1));
  } else {
    const sigma = sigmaU(m, n, tieTerm(pooled));
    const distance = Math.abs(rankSum - (n * (m + n + 1)) / 2);
    p = sigma === 0 ? 1 : Math.min(1, 2 * normalCdf(-Math.max(0, distance - 0.5) / sigma));
  }
  return {
    p,
    exact,
    shift: quantileOfAscending(differences, 0.5),
    interval: shiftInterval(differences, m, n, level),
  };
}

const criticalIndexes = new Map<string, number>();

/** The largest k with P(U < k) ≤ alpha, without ties: how far the interval's ends lie from the extremes. */
export function criticalU(m: number, n: number, alpha: number): number {
  if (m + n > EXACT_LIMIT) return Math.floor((m * n) / 2 + normalQuantile(alpha) * sigmaU(m, n, 0));
  const size = Math.min(m, n);
  const key = `${size} ${m + n} ${alpha}`;
  const known = criticalIndexes.get(key);
  if (known !== undefined) return known;
  const counts = subsetSums(
    Array.from({ length: m + n }, (_, i) => i + 1),
    size,
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  const least = (size * (size + 1)) / 2;
  let k = 0;
  for (let tail = 0; k <= (m * n) / 2; k++) {
    tail += (counts[least + k] ?? 0) / total;
    if (tail > alpha) break;
  }
  criticalIndexes.set(key, k);
  return k;
}

function shiftInterval(
  differences: readonly number[],
  m: number,
  n: number,
  level: number,
): MannWhitney['interval'] {
  const k = criticalU(m, n, (1 - level) / 2);
  const low = differences[k - 1];
  const high = differences[m * n - k];
  return k < 1 || low === undefined || high === undefined ? null : { low, high };
}
