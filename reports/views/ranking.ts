import type { Metric } from '../../bench/results/metrics.ts';
import type { Spread } from '../../bench/stats/describe.ts';
import { ranked } from '../answer/goal.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { formatSpread } from '../run/format-spread.ts';
import { leftOutText, NO_FIGURE } from './left-out.ts';
import type { View } from './view.ts';

/** Cells by one metric, the best first, each with its interval. */
export interface RankingView extends View {
  readonly metric: Metric;
  readonly rows: readonly { readonly id: string; readonly name: string; readonly spread: Spread }[];
}

/** Rows of a picture that still fits a screen; the table holds all. */
const MAX_ROWS = 12;

/** null where no cell has the metric. */
export function rankingView(cells: readonly CellSummary[], metric: Metric): RankingView | null {
  const rows = ranked(cells, metric).flatMap((cell) => {
    const spread = cell.of(metric);
    return spread === null ? [] : [{ id: cell.id, name: cell.name, spread }];
  });
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return null;
  const show = (row: typeof first) => `${row.name} with ${formatSpread(metric, row.spread)}`;
  const cut = rows.length > MAX_ROWS ? ` The first ${MAX_ROWS} of ${rows.length} are drawn.` : '';
  return {
    title: `${metric.label} of each cell`,
    metric,
    rows: rows.slice(0, MAX_ROWS),
    reading: `Best: ${show(first)}${rows.length > 1 ? `; last: ${show(last)}` : ''}.${cut}${leftOutText(cells, (cell) => cell.of(metric) !== null, NO_FIGURE)}`,
    table: {
      caption: `${metric.label} of each cell, the best first`,
      columns: [
        { head: 'Cell' },
        { head: metric.label, numeric: true },
        { head: 'Valid repeats', numeric: true },
      ],
      rows: rows.map(({ name, spread }) => ({
        fields: [name, formatSpread(metric, spread), String(spread.n)],
      })),
    },
  };
}
