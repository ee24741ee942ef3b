import { KsweepError } from '../common/errors.ts';
import { poolTask } from '../common/pool.ts';
import { createRandom } from '../common/random.ts';
import { resample } from './bootstrap.ts';
import { quantile } from './describe.ts';
import { fitUslParameters, type UslPoint, uslSquares, uslThroughput } from './usl-fit.ts';

export type { UslPoint };

/**
 * Universal Scalability Law (Gunther, Guerrilla Capacity Planning, 2007):
 * X(N) = γN / (1 + α(N − 1) + βN(N − 1)), γ the throughput of one, α contention, β coherency.
 */
export interface UslFit {
  readonly gamma: number;
  readonly alpha: number;
  readonly beta: number;
  /** √((1 − α)/β), where throughput is highest; null where the model has no peak (β = 0). */
  readonly peakN: number | null;
  /** X at `peakN`. */
  readonly peakThroughput: number | null;
  /** Whether the peak lies within twice the range that was measured: beyond it, it is a guess. */
  readonly peakWithinRange: boolean;
  readonly maxN: number;
  /** (X − X̂) ÷ X̂ of each point, in the order given. */
  readonly relativeResiduals: readonly number[];
  readonly rSquared: number;
}

/** Below this many different N, three parameters fit anything. */
const MIN_POINTS = 6;
/** No statement past this multiple of the largest N measured. */
const EXTRAPOLATION = 2;

function requirePoints(points: readonly UslPoint[]): void {
  const different = new Set(points.map(({ n }) => n)).size;
  if (different < MIN_POINTS) {
    throw new KsweepError(
      'sizing-input',
      `a scalability fit needs at least ${MIN_POINTS} different counts; there are ${different}`,
      { hint: 'measure more counts, such as 1, 2, 4, 8, 16 and 32' },
    );
  }
  const wrong = points.find(
    ({ n, throughput }) => !(n >= 1 && throughput > 0 && Number.isFinite(throughput)),
  );
  if (wrong !== undefined) {
    throw new KsweepError(
      'sizing-input',
      `a scalability fit needs N ≥ 1 and a throughput above 0; found N = ${wrong.n}, X = ${wrong.throughput}`,
    );
  }
}

/**
 * Fits by least squares on X itself, as R's `usl` package does, so that published fits are met; several points
 * may share an N. Throws `sizing-input` below 6 different N or for points that are not positive.
 */
export function fitUsl(points: readonly UslPoint[]): UslFit {
  requirePoints(points);
  return describe(points);
}

function describe(points: readonly UslPoint[]): UslFit {
  const parameters = fitUslParameters(points);
  const [gamma, alpha, beta] = parameters;
  const maxN = points.reduce((most, { n }) => Math.max(most, n), 0);
  const peakN = beta > 0 ? Math.max(1, Math.sqrt(Math.max(0, 1 - alpha) / beta)) : null;
  const centre = points.reduce((sum, { throughput }) => sum + throughput, 0) / points.length;
  const spread = points.reduce((sum, { throughput }) => sum + (throughput - centre) ** 2, 0);
  return {
    gamma,
    alpha,
    beta,
    peakN,
    peakThroughput: peakN === null ? null : uslThroughput(parameters, peakN),
    peakWithinRange: peakN !== null && peakN <= EXTRAPOLATION * maxN,
    maxN,
    relativeResiduals: points.map(({ n, throughput }) => throughput / uslThroughput(parameters, n) - 1),
    rSquared: spread === 0 ? 1 : 1 - uslSquares(points, parameters) / spread,
  };
}

/** Throughput at `n`, or undefined below 1 and past twice the largest N that was measured. */
export function predictUsl(fit: UslFit, n: number): number | undefined {
  if (!(n >= 1) || n > EXTRAPOLATION * fit.maxN) return undefined;
  return uslThroughput([fit.gamma, fit.alpha, fit.beta], n);
}

export interface UslIntervalsInput {
  /** One point a run; each N needs at least two runs. */
  readonly points: readonly UslPoint[];
  /** Where throughput is wanted. */
  readonly atN: readonly number[];
  readonly seed: number;
  readonly resamples?: number;
  readonly level?: number;
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface UslIntervals {
  readonly fit: UslFit;
  /** Interval of X at each of `atN`; undefined where {@link predictUsl} is. */
  readonly throughput: readonly (Interval | undefined)[];
  /** Interval of the peak; `high` is Infinity where some resamples have no peak. */
  readonly peakN: Interval;
}

function byCount(points: readonly UslPoint[]): UslPoint[][] {
  const groups = new Map<number, UslPoint[]>();
  for (const point of points) {
    const group = groups.get(point.n);
    if (group === undefined) groups.set(point.n, [point]);
    else group.push(point);
  }
  return [...groups.values()];
}

/**
 * Percentile bootstrap over runs, drawn within each N. Throws `sizing-input` where a fit is refused or an N has
 * a single run, which says nothing about the spread.
 */
export function uslIntervals(input: UslIntervalsInput): UslIntervals {
  const { points, atN, resamples = 1_000, level = 0.95 } = input;
  const fit = fitUsl(points);
  const strata = byCount(points);
  const single = strata.find((runs) => runs.length < 2)?.[0];
  if (single !== undefined) {
    throw new KsweepError('sizing-input', `N = ${single.n} has one run; an interval needs at least two`, {
      hint: 'raise `repeats`',
    });
  }
  const random = createRandom(input.seed).fork('usl');
  const fits = Array.from({ length: resamples }, () => fitUslParameters(resample(strata, random).flat()));
  const tail = (1 - level) / 2;
  const interval = (values: readonly number[]): Interval => ({
    low: quantile(values, tail),
    high: quantile(values, 1 - tail),
  });
  return {
    fit,
    throughput: atN.map((n) =>
      predictUsl(fit, n) === undefined
        ? undefined
        : interval(fits.map((parameters) => uslThroughput(parameters, n))),
    ),
    peakN: interval(fits.map(([, alpha, beta]) => Math.max(1, Math.sqrt(Math.max(0, 1 - alpha) / beta)))),
  };
}

export const uslTask = poolTask(import.meta.url, 'uslTask', uslIntervals);
