import { poolTask } from '../common/pool.ts';
import { createRandom } from '../common/random.ts';
import { bootstrap } from './bootstrap.ts';
import { median } from './describe.ts';

interface CurveBoundsInput {
  /** One list a point of the curve, one value a run. */
  readonly points: readonly (readonly number[])[];
  readonly seed: number;
  readonly level?: number;
}

interface CurveBounds {
  readonly low: number;
  /** The median of the runs. */
  readonly point: number;
  readonly high: number;
}

/** Fewer runs than this allow no interval of the median at 95 %: their range is given, for what it covers. */
export const FEWEST_FOR_INTERVAL = 6;

/**
 * Median of each point with its bootstrap interval over runs (percentile method, because one run can move a median
 * a long way). Of fewer than six runs the range, which covers the median with 1 − 2^(1−n); a single run has no spread:
 * its three figures are the same.
 */
export function curveBounds(input: CurveBoundsInput): CurveBounds[] {
  const random = createRandom(input.seed).fork('curve-bounds');
  return input.points.map((values) => {
    const point = median(values);
    if (values.length < FEWEST_FOR_INTERVAL) {
      return { low: Math.min(...values), point, high: Math.max(...values) };
    }
    const { low, high } = bootstrap([values], ([runs = []]) => median(runs), {
      random,
      method: 'percentile',
      ...(input.level === undefined ? {} : { level: input.level }),
    });
    return { low: Math.min(low, point), point, high: Math.max(high, point) };
  });
}

export const curveBoundsTask = poolTask(import.meta.url, 'curveBoundsTask', curveBounds);
