import { metricOf } from '../../bench/results/metrics.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { representativeCells } from './select-cells.ts';

/** Lines of one picture that can be told apart. */
export const MAX_LOOKS = 8;
const TELLING = ['due-to-ack.p99', 'end-to-end.p99', 'due-to-ack.p50', 'achievedPerSec'];

/**
 * The look (colour, dash, symbol) of each cell, the same in every picture of a page: those that stand for all have one
 * of their own, the others share them in the order of the plan.
 */
export function looksOf(cells: readonly CellSummary[]): ReadonlyMap<string, number> {
  const metric = TELLING.map(metricOf).find((one) => cells.some((cell) => cell.of(one) !== null));
  const first = metric === undefined ? [] : representativeCells(cells, metric, MAX_LOOKS);
  const rest = cells.filter((cell) => !first.includes(cell));
  return new Map([...first, ...rest].map((cell, i) => [cell.id, i]));
}
