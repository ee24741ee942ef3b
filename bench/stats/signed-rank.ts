import { ascending, quantileOfAscending } from './describe.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { midRanks, tied, twoSidedP } from './ranks.ts';

export interface SignedRank {
  /** Two-sided; 1 where every difference is zero. */
  readonly p: number;
  readonly exact: boolean;
  /** Hodges–Lehmann: the median of all Walsh averages (d_i + d_j) / 2, i ≤ j. NaN for no differences. */
  readonly estimate: number;
  /** Interval of the estimate, or null below the sample size that can reach the level (6 for 95 %). */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** Up to this many differences, p and interval are exact; above, by the normal approximation. */
const EXACT_LIMIT = 100;

/** How many of the 2^n sign patterns give each sum of positive ranks; ranks are integers. */
function signedSums(ranks: readonly number[]): Float64Array {
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  const counts = new Float64Array(most + 1);
  counts[0] = 1;
  for (const rank of ranks) {
    for (let sum = most; sum >= rank; sum--) counts[sum] = (counts[sum] ?? 0) + (counts[sum - rank] ?? 0);
  }
  return counts;
}

/**
 * Wilcoxon's signed-rank test of paired differences against zero. Ties get mid-ranks, and p comes from the sign
 * patterns over just those ranks, so it is exact with ties; magnitudes that differ only by rounding are ties. Zeros are handled as by Pratt (JASA 54, 1959): ranked
 * with the others, then left out of the sums; dropping them first can make p fall while differences shrink.
 * Interval: [W_(k), W_(M+1−k)] of the M ordered Walsh averages (Hollander and Wolfe, Nonparametric Statistical
 * Methods, 3.3); with ties it is conservative.
 */
export function signedRank(differences: readonly number[], level = 0.95): SignedRank {
  const n = differences.length;
  const walsh: number[] = [];
  differences.forEach((value, i) => {
    for (const other of differences.slice(i)) walsh.push((value + other) / 2);
  });
  const averages = ascending(walsh);
  return {
    ...test(differences),
    estimate: quantileOfAscending(averages, 0.5),
    interval: walshInterval(averages, n, level),
  };
}

function test(differences: readonly number[]): { p: number; exact: boolean } {
  const magnitudes = tied(differences.map(Math.abs));
  const all = midRanks(magnitudes);
  const ranks = all.filter((_, i) => magnitudes[i] !== 0);
  if (ranks.length === 0) return { p: 1, exact: true };
  const positive = all.reduce(
    (sum, rank, i) => sum + (magnitudes[i] !== 0 && (differences[i] ?? 0) > 0 ? rank : 0),
    0,
  );
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  if (ranks.length <= EXACT_LIMIT) {
    const doubled = ranks.map((rank) => 2 * rank);
    return { p: twoSidedP(signedSums(doubled), 2 * positive, total), exact: true };
  }
  const sigma = Math.sqrt(ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4);
  const distance = Math.max(0, Math.abs(positive - total / 2) - 0.5);
  return { p: Math.min(1, 2 * normalCdf(-distance / sigma)), exact: false };
}

const criticalIndexes = new Map<string, number>();

/** The largest k with P(T⁺ < k) ≤ alpha, without ties: how far the interval's ends lie from the extremes. */
export function criticalT(n: number, alpha: number): number {
  const most = (n * (n + 1)) / 2;
  if (n > EXACT_LIMIT) {
    return Math.floor(most / 2 + normalQuantile(alpha) * Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24));
  }
  const key = `${n} ${alpha}`;
  const known = criticalIndexes.get(key);
  if (known !== undefined) return known;
  const counts = signedSums(Array.from({ length: n }, (_, i) => i + 1));
  let k = 0;
  for (let tail = 0; k <= most / 2; k++) {
    tail += (counts[k] ?? 0) / 2 ** n;
    if (tail > alpha) break;
  }
  criticalIndexes.set(key, k);
  return k;
}

function walshInterval(averages: readonly number[], n: number, level: number): SignedRank['interval'] {
  const k = criticalT(n, (1 - level) / 2);
  const low = averages[k - 1];
  const high = averages[averages.length - k];
  return k < 1 || low === undefined || high === undefined ? null : { low, high };
}
