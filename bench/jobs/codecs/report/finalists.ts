import type { CellSummary } from '../../../../reports/run/cell-summary.ts';
import { paretoFront } from '../../../../reports/run/pareto.ts';
import type { Metric } from '../../../results/metrics.ts';
import type { Priority } from '../request.ts';
import { type Aim, frontMetrics, ordered } from './aims.ts';

export interface Finalists {
  /** Cells that no other one dominates over latency, CPU and bytes. */
  readonly front: readonly CellSummary[];
  /** Those of the front that are measured again, the most promising first. */
  readonly chosen: readonly CellSummary[];
  /** What savings are reckoned against, where it is not among the chosen: the best of them without a codec. */
  readonly reference: CellSummary | null;
}

/** Best first; all aims are lower-is-better, and a cell without the figure comes last. */
function ranked(cells: readonly CellSummary[], metric: Metric): CellSummary[] {
  const value = (cell: CellSummary): number => cell.of(metric)?.median ?? Number.POSITIVE_INFINITY;
  return cells.toSorted((a, b) => value(a) - value(b));
}

/**
 * Which cells go on: of the Pareto front the best two by the priority, then in turn the best by another aim and the
 * next by the priority, up to `limit`: who comes close is what luck may have put second. The best of many noisy cells owes a part of its lead to luck, so none of their
 * figures is used further: they are measured again with a fresh seed.
 *
 * @param referenceOf the cell with a cell's batch.size and linger.ms and without compression, where there is one
 */
export function chooseFinalists(
  cells: readonly CellSummary[],
  aims: Record<Priority, Aim>,
  priority: Priority,
  limit: number,
  referenceOf: (cell: CellSummary) => CellSummary | undefined,
): Finalists {
  const front = paretoFront(cells, frontMetrics(aims));
  const byPriority = ranked(front, aims[priority].metric);
  const [, ...otherAims] = ordered(aims, priority);
  const turns = byPriority.flatMap((cell, place) => {
    const other = place === 0 ? undefined : otherAims[place - 1];
    return other === undefined ? [cell] : [cell, ...ranked(front, other.metric).slice(0, 1)];
  });
  const all = new Set(turns);
  const chosen = [...all].slice(0, limit);
  const [best] = chosen;
  const reference = best === undefined ? undefined : referenceOf(best);
  const measured = reference?.state === 'valid' && !chosen.includes(reference);
  return { front, chosen, reference: measured ? reference : null };
}
