import { studentTwoSided } from '../../stats/edivisive-t.ts';
import { quantileOfAscending } from '../../stats/describe.ts';
import { persistence, varianceOfMean } from './persistence.ts';
import { chanceOfStray, type Tail } from './tails.ts';

/** Scales the median absolute deviation to σ of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;
/** Nights from which a median absolute deviation is steadier than a standard deviation with outliers in it. */
const ENOUGH_FOR_MAD = 15;

/** The last nights against the stretch before them. */
export interface RunTest {
  /** First night of the run. */
  readonly from: number;
  readonly nights: number;
  /** First night of the stretch that it is held against, and that stretch's level (ln). */
  readonly baseFrom: number;
  readonly base: number;
  /** What at least half of the nights agree on (ln above `base`). */
  readonly shift: number;
  /** Chance that so many nights in a row are spoiled so far, were the level still the old one. */
  readonly strayP: number;
  /** p of the two levels, for nights that resemble the night before. */
  readonly levelP: number;
}

export interface RunContext {
  readonly own: Tail;
  readonly pool: Tail;
  readonly direction: 'up' | 'down';
}

/** σ of a stretch of one level: robust where it is long enough, for spoiled nights have a test of their own. */
function sigmaOf(stretch: Float64Array, centre: number): number {
  const n = stretch.length;
  const deviations = stretch.map((value) => Math.abs(value - centre));
  if (n >= ENOUGH_FOR_MAD) {
    const mad = quantileOfAscending(deviations.sort(), 0.5) * MAD_TO_SIGMA;
    if (mad > 0) return mad;
  }
  return Math.sqrt(deviations.reduce((sum, one) => sum + one * one, 0) / Math.max(1, n - 1));
}

/**
 * P that all of k nights stray by at least the least of them, or all but one by at least the second least: each is
 * an exact p for independent nights (Wilkinson, Psychological Bulletin 48, 1951), and the smaller one counts twice.
 */
function strayP(ascending: Float64Array, context: RunContext): number {
  const { own, pool, direction } = context;
  const k = ascending.length;
  const all = chanceOfStray(own, pool, direction, ascending[0] ?? 0) ** k;
  if (k < 3) return all;
  const q = chanceOfStray(own, pool, direction, ascending[1] ?? 0);
  const allButOne = q ** k + k * q ** (k - 1) * (1 - q);
  return Math.min(1, 2 * Math.min(all, allButOne));
}

/**
 * `logs` are ln of the nights, up being worse; the run is [from, to), its stretch [baseFrom, from). Null where the
 * stretch is too short to have a spread, where half of the run lies within `least` of it, or where the last two
 * nights are not both off by half of that.
 */
export function testRun(
  logs: Float64Array,
  place: { readonly baseFrom: number; readonly from: number; readonly to: number },
  floor: number,
  context: RunContext,
  least: number,
): RunTest | null {
  const { baseFrom, from, to } = place;
  const before = logs.subarray(baseFrom, from);
  if (before.length < 3 || to <= from) return null;
  const own = quantileOfAscending(before.slice().sort(), 0.5);
  const base = Math.max(own, floor);
  for (let i = Math.max(from, to - 2); i < to; i++) if ((logs[i] ?? 0) - base < least / 2) return null;
  const ascending = logs.slice(from, to).sort().map((value) => value - base);
  const shift = ascending[(ascending.length - 1) >> 1] ?? 0;
  if (shift < least) return null;
  // No night counts for more than twice what the nights agree on.
  let sum = 0;
  for (const value of ascending) sum += Math.min(value, 2 * Math.max(0, shift));
  const [n, m] = [before.length, ascending.length];
  const sigma = sigmaOf(before, own);
  const phi = persistence(before);
  const deviation = sigma * Math.sqrt(varianceOfMean(n, phi) + varianceOfMean(m, phi));
  const degrees = Math.max(1, 1 / varianceOfMean(n, phi) - 1);
  const t = deviation > 1e-12 ? sum / m / deviation : sum > 1e-9 ? Number.POSITIVE_INFINITY : 0;
  return {
    from,
    nights: m,
    baseFrom,
    base,
    shift,
    strayP: strayP(ascending, context),
    levelP: studentTwoSided(t, degrees),
  };
}
