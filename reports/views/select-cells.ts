import type { Metric } from '../../bench/results/metrics.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { median } from '../../bench/stats/describe.ts';
import type { CellSummary } from '../run/cell-summary.ts';

/**
 * At most `limit` cells that stand for all: where there are more, those at evenly spaced ranks of the metric, the best
 * and the worst included. In the order of the plan; cells without the metric are never chosen.
 */
export function representativeCells(
  cells: readonly CellSummary[],
  metric: Metric,
  limit: number,
): CellSummary[] {
  const having = cells.filter((cell) => cell.of(metric) !== null);
  if (having.length <= limit) return having;
  const ranked = having.toSorted((a, b) => (a.of(metric)?.median ?? 0) - (b.of(metric)?.median ?? 0));
  const chosen = new Set(
    Array.from({ length: limit }, (_, i) => ranked[Math.round((i * (ranked.length - 1)) / (limit - 1))]),
  );
  return having.filter((cell) => chosen.has(cell));
}

/** The repeat nearest to the median of the metric among those given: a typical one, not the nicest. */
export function typicalRepeat(repeats: readonly RepeatResult[], metric: Metric): RepeatResult | undefined {
  const having = repeats.filter((one) => metric.read(one) !== null);
  const middle = median(having.map((one) => metric.read(one) ?? Number.NaN));
  const distance = (one: RepeatResult) => Math.abs((metric.read(one) ?? Number.POSITIVE_INFINITY) - middle);
  return having.toSorted((a, b) => distance(a) - distance(b))[0] ?? repeats[0];
}
