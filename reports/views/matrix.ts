import { formatNumber } from '../../bench/common/format-number.ts';
import { scaleOf } from '../../bench/results/figure-units.ts';
import type { Metric } from '../../bench/results/metrics.ts';
import { sweptAxes } from '../run/axes.ts';
import type { Axis } from '../run/cell-name.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { boundsOf } from '../run/format-spread.ts';
import { levelOf, sweepReading, sweepTable } from './sweep-text.ts';
import type { View } from './view.ts';

/** One metric over the sweep, as a matrix of its settings; cells without a valid repeat are marked. */
export interface MatrixView extends View {
  readonly metric: Metric;
  /** Of the texts of its tiles: " ms". */
  readonly suffix: string;
  readonly rowTitle: string;
  readonly columnTitle: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly tiles: readonly Tile[];
  /** Of the medians shown, in the metric's unit. */
  readonly range: { readonly low: number; readonly high: number };
}

export interface Tile {
  readonly row: number;
  readonly column: number;
  /** Median over valid repeats; null where there is none. */
  readonly value: number | null;
  /** In the unit that the title names. */
  readonly text: string;
  /** The interval or range of the repeats, in the same unit; null where there is one repeat or none. */
  readonly bounds: string | null;
  readonly state: CellSummary['state'];
}

/** null where fewer than two cells have the metric, or where nothing is swept. */
export function matrixView(cells: readonly CellSummary[], metric: Metric): MatrixView | null {
  const axes = sweptAxes(cells);
  const values = cells.flatMap((cell) => cell.of(metric)?.median ?? []);
  if (axes.length === 0 || values.length < 2) return null;
  const [rowAxes, columnAxes] = split(axes);
  const rows = [...new Set(cells.map((cell) => valuesText(rowAxes, cell)))];
  const columns = [...new Set(cells.map((cell) => valuesText(columnAxes, cell)))];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const { divisor, suffix } = scaleOf(high, metric.unit);
  return {
    title: `${metric.label}${suffix === '' ? '' : ` in ${suffix.trim()}`} over the sweep`,
    metric,
    suffix,
    rowTitle: rowAxes.map((axis) => axis.name).join(' · '),
    columnTitle: columnAxes.map((axis) => axis.name).join(' · '),
    rows,
    columns,
    tiles: cells.map((cell) => {
      const spread = cell.of(metric);
      const value = spread?.median ?? null;
      const bounds = spread === null ? null : boundsOf(spread);
      const short = (figure: number): string => formatNumber(Number((figure / divisor).toPrecision(3)));
      return {
        row: rows.indexOf(valuesText(rowAxes, cell)),
        column: columns.indexOf(valuesText(columnAxes, cell)),
        value,
        text: value === null ? '' : short(value),
        bounds: bounds === null ? null : `${short(bounds.low)}–${short(bounds.high)}`,
        state: cell.state,
      };
    }),
    range: { low, high },
    reading: sweepReading(cells, metric, 'hatched'),
    table: sweepTable(cells, axes, metric),
  };
}

/** Axes down and axes across, in their order, so that the matrix is nearest to twice as wide as high. */
function split(axes: readonly Axis[]): [Axis[], Axis[]] {
  const size = (some: readonly Axis[]) => some.reduce((product, axis) => product * axis.levels.length, 1);
  const distance = (at: number) => Math.abs(Math.log(size(axes.slice(at)) / (0.8 * size(axes.slice(0, at)))));
  const [best = 0] = Array.from({ length: axes.length }, (_, at) => at).sort(
    (a, b) => distance(a) - distance(b),
  );
  return [axes.slice(0, best), axes.slice(best)];
}

const valuesText = (axes: readonly Axis[], cell: CellSummary): string =>
  axes.map(({ name }) => levelOf(name, cell)).join(' · ') || 'all';
