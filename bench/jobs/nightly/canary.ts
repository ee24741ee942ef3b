import type { RepeatResult } from '../../results/result.ts';
import { median } from '../../stats/describe.ts';
import { figuresOf } from './watched.ts';

/** Times δ by which the canary's two runs of one night have to differ. */
const DRIFT_DELTAS = 3;
/** Repeats on each side: fewer are apart by chance alone. */
const LEAST_REPEATS = 3;

/**
 * What moved within the night, a sentence each: a metric of the canary whose first and last runs don't overlap and
 * whose medians differ by three times its δ. Cells that ran in between cannot be told from it.
 */
export function canaryDrift(
  first: readonly RepeatResult[],
  last: readonly RepeatResult[],
  deltas: ReadonlyMap<string, number>,
): string[] {
  const before = figuresOf(first);
  return [...figuresOf(last)].flatMap(([metric, after]) => {
    const values = before.get(metric);
    if (values === undefined || Math.min(values.length, after.length) < LEAST_REPEATS) return [];
    const ratio = median(after) / median(values);
    const apart = Math.min(...after) > Math.max(...values) || Math.max(...after) < Math.min(...values);
    const margin = Math.log1p(DRIFT_DELTAS * (deltas.get(metric) ?? 0));
    if (!apart || Math.abs(Math.log(ratio)) < margin) return [];
    return [`the canary's ${metric} moved by ${((ratio - 1) * 100).toFixed(1)} % within the night`];
  });
}
