import { quantileOfAscending } from '../../stats/describe.ts';
import { studentTwoSided } from '../../stats/student-t.ts';
import { persistence, varianceOfMean } from './persistence.ts';
import { chanceOfStray, type Tail } from './tails.ts';

/** Scales the median absolute deviation to σ of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;
/** Robust σ beyond which a night is left out of the spread, and what that takes from the σ of a normal distribution. */
const TRIM_SIGMAS = 3;
const TRIM_SHRINK = 0.986;

/** σ above what half of a run's nights agree on, at which a night of it is drawn in. */
const CAP_SIGMAS = 1;

/** Nights that the suite counts for in a series' σ, and how far the two may differ for it to count. */
const SHARED_NIGHTS = 60;
const ALIKE = 1.33;

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

/** Deviations from a stretch's level, 0 for spoiled nights, which have a test of their own; and σ of the others. */
function spreadOf(stretch: Float64Array, centre: number): { deviations: Float64Array; sigma: number } {
  const apart = stretch.map((value) => Math.abs(value - centre)).sort();
  const mad = MAD_TO_SIGMA * quantileOfAscending(apart, 0.5);
  const limit = mad > 0 ? TRIM_SIGMAS * mad : Number.POSITIVE_INFINITY;
  let [kept, square] = [0, 0];
  const deviations = stretch.map((value) => {
    const deviation = value - centre;
    if (Math.abs(deviation) > limit) return 0;
    kept++;
    square += deviation * deviation;
    return deviation;
  });
  return { deviations, sigma: Math.sqrt(square / Math.max(1, kept - 1)) / TRIM_SHRINK };
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
 * σ of a stretch with what the suite's other nights tell of it, where the series strays about as far as they do: a
 * few dozen nights alone leave σ uncertain by a tenth.
 */
function shared(sigma: number, nights: number, { own, pool }: RunContext): { sigma: number; extra: number } {
  if (own.sigma <= 0 || pool.sigma <= 0 || own === pool) return { sigma, extra: 0 };
  const ratio = pool.sigma / own.sigma;
  if (ratio > ALIKE || ratio < 1 / ALIKE) return { sigma, extra: 0 };
  const square = (nights + SHARED_NIGHTS * ratio * ratio) / (nights + SHARED_NIGHTS);
  return { sigma: sigma * Math.sqrt(square), extra: SHARED_NIGHTS };
}

/** What the stretch before a run tells of its nights. */
export interface Stretch {
  readonly nights: number;
  /** How far nights that are not spoiled lie from its median; 0 for those that are. */
  readonly deviations: Float64Array;
  readonly sigma: number;
  readonly phi: number;
  /** Degrees of freedom of σ. */
  readonly degrees: number;
}

/** `centre`: the median of the stretch. */
export function stretchOf(stretch: Float64Array, centre: number, context: RunContext): Stretch {
  const nights = stretch.length;
  const spread = spreadOf(stretch, centre);
  const { sigma, extra } = shared(spread.sigma, nights, context);
  const phi = persistence(spread.deviations);
  // A variance of such nights has fewer degrees of freedom (Bartlett, 1946).
  const degrees = Math.max(1, ((nights + extra) * (1 - phi ** 2)) / (1 + phi ** 2) - 1);
  return { nights, deviations: spread.deviations, sigma, phi, degrees };
}

/**
 * How far a level rose, by generalised least squares for first-order autoregression, and its variance in units of a
 * night's: a run that grows out of the night before it is worth less than one that begins at once.
 */
function riseOf(run: Float64Array, before: number, phi: number): { size: number; variance: number } {
  let [weighted, weights, last] = [0, 0, before];
  for (const [i, value] of run.entries()) {
    const weight = i === 0 ? 1 : 1 - phi;
    weighted += weight * (value - phi * last);
    weights += weight * weight;
    last = value;
  }
  return { size: weighted / weights, variance: (1 - phi * phi) / weights };
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
  const ascending = logs
    .slice(from, to)
    .sort()
    .map((value) => value - base);
  const shift = ascending[(ascending.length - 1) >> 1] ?? 0;
  if (shift < least) return null;
  const { nights: n, deviations, sigma, phi, degrees } = stretchOf(before, own, context);
  // A spoiled night among others that are slow by chance counts for no more than they agree on.
  const cap = shift + CAP_SIGMAS * sigma;
  const rise = riseOf(
    logs.subarray(from, to).map((value) => Math.min(value - base, cap)),
    (deviations[n - 1] ?? 0) - (base - own),
    phi,
  );
  const deviation = sigma * Math.sqrt(varianceOfMean(n, phi) + rise.variance);
  const t = deviation > 1e-12 ? rise.size / deviation : Number.POSITIVE_INFINITY;
  return {
    from,
    nights: ascending.length,
    baseFrom,
    base,
    shift,
    strayP: strayP(ascending, context),
    // One-sided: only one direction is asked for.
    levelP: studentTwoSided(t, degrees) / 2,
  };
}
