import type { Random } from '../common/random.ts';
import { ascending, mean, quantileOfAscending } from './describe.ts';
import { normalCdf, normalQuantile } from './normal.ts';

export interface BootstrapOptions {
  readonly random: Random;
  readonly resamples?: number;
  readonly level?: number;
  /** `bca` corrects for bias and skewness; `percentile` is for statistics that a single run can upset. */
  readonly method?: 'bca' | 'percentile';
}

export interface BootstrapInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Resamples for which the statistic was not finite, such as a fit that was refused: left out. */
  readonly undefinedCount: number;
}

/**
 * Bootstrap interval of any statistic over runs (Efron and Tibshirani, An Introduction to the Bootstrap, 14.3).
 * Runs are drawn with replacement within each stratum, such as the runs of one partition count.
 * NaN bounds where the statistic is finite for less than half of the resamples.
 */
export function bootstrap<T>(
  strata: readonly (readonly T[])[],
  statistic: (strata: readonly (readonly T[])[]) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const { random, resamples = 2_000, level = 0.95, method = 'bca' } = options;
  const estimate = statistic(strata);
  const replicates: number[] = [];
  for (let i = 0; i < resamples; i++) {
    const value = statistic(resample(strata, random));
    if (Number.isFinite(value)) replicates.push(value);
  }
  const undefinedCount = resamples - replicates.length;
  if (undefinedCount > resamples / 2 || !Number.isFinite(estimate)) {
    return { estimate, low: Number.NaN, high: Number.NaN, undefinedCount };
  }
  const ordered = ascending(replicates);
  const tail = (1 - level) / 2;
  const [low, high] =
    method === 'percentile' ? [tail, 1 - tail] : bcaLevels(strata, statistic, estimate, ordered, tail);
  return {
    estimate,
    low: quantileOfAscending(ordered, low),
    high: quantileOfAscending(ordered, high),
    undefinedCount,
  };
}

/** As many runs as there are, drawn with replacement within each stratum. */
export function resample<T>(strata: readonly (readonly T[])[], random: Random): T[][] {
  return strata.map((runs) => Array.from(runs, () => runs[random.int(runs.length)] as T));
}

/** Which percentiles of the replicates to take: BCa's α₁ and α₂. */
function bcaLevels<T>(
  strata: readonly (readonly T[])[],
  statistic: (strata: readonly (readonly T[])[]) => number,
  estimate: number,
  ordered: readonly number[],
  tail: number,
): [number, number] {
  const below = ordered.filter((value) => value < estimate).length;
  const equal = ordered.filter((value) => value === estimate).length;
  // Half of the ties count as below, and the share stays off 0 and 1, where the correction has no value.
  const edge = 0.5 / ordered.length;
  const share = Math.min(1 - edge, Math.max(edge, (below + equal / 2) / ordered.length));
  const bias = normalQuantile(share);
  const acceleration = jackknifeAcceleration(strata, statistic);
  const level = (z: number): number => {
    const shifted = bias + z;
    return normalCdf(bias + shifted / (1 - acceleration * shifted));
  };
  return [level(normalQuantile(tail)), level(normalQuantile(1 - tail))];
}

/** For strata: a = Σ l³/nᵢ³ ÷ 6 (Σ l²/nᵢ²)^1.5, l = (nᵢ − 1)(θ̄ᵢ − θᵢⱼ) (Davison and Hinkley, Bootstrap Methods, 5.3). */
function jackknifeAcceleration<T>(
  strata: readonly (readonly T[])[],
  statistic: (strata: readonly (readonly T[])[]) => number,
): number {
  let squares = 0;
  let cubes = 0;
  strata.forEach((runs, stratum) => {
    if (runs.length < 2) return;
    const values = runs
      .map((_, left) =>
        statistic(strata.map((other, i) => (i === stratum ? other.filter((_run, j) => j !== left) : other))),
      )
      .filter(Number.isFinite);
    const centre = mean(values);
    for (const value of values) {
      const influence = ((runs.length - 1) * (centre - value)) / runs.length;
      squares += influence ** 2;
      cubes += influence ** 3;
    }
  });
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
