import type { CellSummary } from './cell-summary.ts';
import { boundsOf } from './format-spread.ts';
import type { Metric } from './metrics.ts';

/** +1 where a is better by more than the intervals' overlap, −1 where it is worse, 0 where they can't be told apart. */
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
  if (ours === null || theirs === null) return { better, separate: false };
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
 * is dominated only where intervals separate, so that noise alone never rules one out; with one repeat all remain.
 */
export function paretoFront(cells: readonly CellSummary[], metrics: readonly Metric[]): CellSummary[] {
  const having = cells.filter((cell) => metrics.every((metric) => cell.of(metric) !== null));
  return having.filter((cell) => !having.some((other) => other !== cell && dominates(other, cell, metrics)));
}
