import type { Metric } from '../../bench/results/metrics.ts';
import type { CellSummary } from './cell-summary.ts';
import { boundsOf } from './format-spread.ts';

/**
 * Below six repeats the range stands for the interval. Four against four that do not overlap have an exact two-sided
 * p of 2 ÷ C(8, 4) = 0.029 (Mann–Whitney); three against three have 0.1, which rules nothing out.
 */
export const MIN_REPEATS_TO_SEPARATE = 4;

/** Whether a is at least as good by its median, and whether the intervals leave no doubt; null without a figure. */
function compared(
  metric: Metric,
  a: CellSummary,
  b: CellSummary,
): { better: boolean; separate: boolean } | null {
  const [left, right] = [a.of(metric), b.of(metric)];
  if (left === null || right === null || metric.direction === null) return null;
  const sign = metric.direction === 'lower-is-better' ? 1 : -1;
  const [ours, theirs] = [boundsOf(left), boundsOf(right)];
  const better = sign * (left.median - right.median) <= 0;
  if (ours === null || theirs === null || Math.min(left.n, right.n) < MIN_REPEATS_TO_SEPARATE) {
    return { better, separate: false };
  }
  const separate = sign > 0 ? ours.high < theirs.low : ours.low > theirs.high;
  return { better, separate };
}

/** Whether a is at least as good by its medians in every metric, and better in one by intervals that do not meet. */
function dominates(a: CellSummary, b: CellSummary, metrics: readonly Metric[]): boolean {
  let separate = false;
  for (const metric of metrics) {
    const result = compared(metric, a, b);
    if (result === null || !result.better) return false;
    separate ||= result.separate;
  }
  return separate;
}

/**
 * The cells that no other cell dominates, in the order given; cells that lack one of the metrics are left out. A cell
 * is dominated only where intervals separate, so that noise alone seldom rules one out; with few repeats all remain.
 */
export function paretoFront(cells: readonly CellSummary[], metrics: readonly Metric[]): CellSummary[] {
  const having = cells.filter((cell) => metrics.every((metric) => cell.of(metric) !== null));
  return having.filter((cell) => !having.some((other) => other !== cell && dominates(other, cell, metrics)));
}
