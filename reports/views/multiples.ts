import type { Metric } from '../../bench/results/metrics.ts';
import type { Spread } from '../../bench/stats/describe.ts';
import { sweptAxes } from '../run/axes.ts';
import type { Axis } from '../run/cell-name.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { levelIndex, sweepReading, sweepTable } from './sweep-text.ts';
import type { View } from './view.ts';

/** One metric over three settings: a panel a value of the first, a line a value of the second, the third across. */
export interface MultiplesView extends View {
  readonly metric: Metric;
  readonly panels: Axis;
  readonly lines: Axis;
  readonly across: Axis;
  readonly points: readonly MultiplesPoint[];
}

interface MultiplesPoint {
  /** Indexes of the levels of the three axes. */
  readonly panel: number;
  readonly line: number;
  readonly at: number;
  readonly name: string;
  /** null where no valid repeat has the metric. */
  readonly spread: Spread | null;
}

const MAX_PANELS = 8;
const MAX_LINES = 6;

/** null where not exactly three settings are swept, or where they have too many values to be told apart. */
export function multiplesView(cells: readonly CellSummary[], metric: Metric): MultiplesView | null {
  const axes = sweptAxes(cells);
  const cast = castOf(axes);
  if (cast === null || cells.filter((cell) => cell.of(metric) !== null).length < 2) return null;
  const { panels, lines, across } = cast;
  if (panels.levels.length > MAX_PANELS || lines.levels.length > MAX_LINES) return null;
  const points = cells.map((cell) => ({
    panel: levelIndex(panels, cell),
    line: levelIndex(lines, cell),
    at: levelIndex(across, cell),
    name: cell.name,
    spread: cell.of(metric),
  }));
  if (points.some(({ panel, line, at }) => Math.min(panel, line, at) < 0)) return null;
  return {
    title: `${metric.label} over the sweep`,
    metric,
    panels,
    lines,
    across,
    points,
    reading: sweepReading(cells, metric, 'crossed'),
    table: sweepTable(cells, axes, metric),
  };
}

const isNumeric = ({ levels }: Axis): boolean =>
  levels.every((level) => typeof level !== 'boolean' && level !== '' && Number.isFinite(Number(level)));

/** Across goes what has an order, by its number of values; of the others, the one with fewer values is the lines. */
function castOf(axes: readonly Axis[]): Record<'panels' | 'lines' | 'across', Axis> | null {
  if (axes.length !== 3) return null;
  const byLevels = axes.toSorted((a, b) => b.levels.length - a.levels.length);
  const across = byLevels.find(isNumeric) ?? byLevels[0];
  const [panels, lines] = byLevels.filter((axis) => axis !== across);
  return panels === undefined || lines === undefined || across === undefined
    ? null
    : { panels, lines, across };
}
