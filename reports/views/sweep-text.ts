import type { Metric } from '../../bench/results/metrics.ts';
import { type Axis, levelText } from '../run/cell-name.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { formatSpread } from '../run/format-spread.ts';
import { leftOutText } from './left-out.ts';
import type { TableData } from './view.ts';

/** What every picture of a whole sweep says in words: the lowest cell, the highest, and those without the figure. */
export function sweepReading(cells: readonly CellSummary[], metric: Metric, marked: string): string {
  const having = cells
    .flatMap((cell) => {
      const spread = cell.of(metric);
      return spread === null ? [] : [{ label: cell.name, spread }];
    })
    .sort((a, b) => a.spread.median - b.spread.median);
  const [low] = having;
  const high = having.at(-1);
  if (low === undefined || high === undefined) return '';
  const without = leftOutText(
    cells,
    (cell) => cell.of(metric) !== null,
    `${marked}, without a valid repeat that has this figure`,
  );
  return `Lowest: ${formatSpread(metric, low.spread)} with ${low.label}; highest: ${formatSpread(metric, high.spread)} with ${high.label}.${without}`;
}

/** Each cell by its settings, a column an axis. */
export function sweepTable(cells: readonly CellSummary[], axes: readonly Axis[], metric: Metric): TableData {
  return {
    caption: `${metric.label} of each cell, medians over valid repeats`,
    columns: [
      ...axes.map(({ name }) => ({ head: name })),
      { head: metric.label, numeric: true },
      { head: 'State' },
    ],
    rows: cells.map((cell) => {
      const spread = cell.of(metric);
      return {
        fields: [
          ...axes.map(({ name }) => levelOf(name, cell)),
          spread === null ? '–' : formatSpread(metric, spread),
          cell.state,
        ],
      };
    }),
  };
}

/** Where the value of a cell lies among those of an axis, from 0; −1 where it has none. */
export function levelIndex({ name, levels }: Axis, cell: CellSummary): number {
  const value = cell.settings[name];
  return value === undefined ? -1 : levels.indexOf(value);
}

/** The value of a setting of a cell in words. */
export function levelOf(name: string, cell: CellSummary): string {
  const value = cell.settings[name];
  return value === undefined ? '–' : levelText(name, value);
}
