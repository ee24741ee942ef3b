import type { DesignRecord } from '../../bench/results/design.ts';
import type { Metric } from '../../bench/results/metrics.ts';
import type { Spread } from '../../bench/stats/describe.ts';
import { ranked } from '../answer/goal.ts';
import { sweptAxes } from '../run/axes.ts';
import { type Axis, levelText } from '../run/cell-name.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { formatSpread } from '../run/format-spread.ts';
import { leftOutText, NO_FIGURE } from './left-out.ts';
import { levelIndex, sweepTable } from './sweep-text.ts';
import type { View } from './view.ts';

/** A line a cell through an axis a setting to its figure: what the best cells of a large sweep have in common. */
export interface ParallelView extends View {
  readonly metric: Metric;
  readonly axes: readonly Axis[];
  /** The best first. */
  readonly lines: readonly ParallelLine[];
}

interface ParallelLine {
  readonly name: string;
  /** Indexes of the levels, in the order of the axes. */
  readonly levels: readonly number[];
  readonly spread: Spread;
  readonly rank: 'best' | 'middle' | 'worst';
}

const MIN_AXES = 4;
const MIN_AXES_OF_A_DESIGN = 3;
const MAX_AXES = 9;
/** Past so many cells the table holds the best and the worst alone; all of them are under "Cells". */
const MAX_TABLE_ROWS = 100;

/** null where few settings are swept: then a matrix or small multiples show more. */
export function parallelView(
  cells: readonly CellSummary[],
  metric: Metric,
  design?: DesignRecord,
): ParallelView | null {
  const axes = sweptAxes(cells).map(inOrder);
  const least = design?.kind === 'latin-hypercube' ? MIN_AXES_OF_A_DESIGN : MIN_AXES;
  const having = ranked(cells, metric);
  if (axes.length < least || axes.length > MAX_AXES || having.length < 2) return null;
  const tenth = Math.max(1, Math.round(having.length / 10));
  const lines = having.map((cell, i) => {
    const spread = cell.of(metric);
    if (spread === null) throw new Error('a ranked cell has the metric');
    const rank = i < tenth ? 'best' : i >= having.length - tenth ? 'worst' : 'middle';
    const levels = axes.map((axis) => levelIndex(axis, cell));
    return { name: cell.name, levels, spread, rank } as const;
  });
  const shown =
    cells.length <= MAX_TABLE_ROWS
      ? having
      : [...having.slice(0, MAX_TABLE_ROWS / 2), ...having.slice(-MAX_TABLE_ROWS / 2)];
  return {
    title: `${metric.label} by all settings at once`,
    metric,
    axes,
    lines,
    reading: `${readingOf(lines, axes, having, metric)}${leftOutText(cells, (cell) => cell.of(metric) !== null, NO_FIGURE)}`,
    table: sweepTable(shown, axes, metric),
  };
}

/** A sampled axis has its values in the order of the cells; numbers are read in their own. */
function inOrder({ name, levels }: Axis): Axis {
  const numbers = levels.every((level) => typeof level === 'number');
  return { name, levels: numbers ? levels.toSorted((a, b) => Number(a) - Number(b)) : levels };
}

/** The values that the best tenth has in common, and the best and the worst cell. */
function readingOf(
  lines: readonly ParallelLine[],
  axes: readonly Axis[],
  having: readonly CellSummary[],
  metric: Metric,
): string {
  const best = lines.filter(({ rank }) => rank === 'best');
  const common = axes.flatMap(({ name, levels }, i) => {
    const [first] = best;
    const at = first?.levels[i];
    const shared = at !== undefined && best.every((line) => line.levels[i] === at);
    const level = at === undefined ? undefined : levels[at];
    return shared && level !== undefined ? [`${name} ${levelText(name, level)}`] : [];
  });
  const [first] = having;
  const last = having.at(-1);
  const show = (cell: CellSummary | undefined) => {
    const spread = cell?.of(metric);
    return cell === undefined || spread == null ? '' : `${cell.name} with ${formatSpread(metric, spread)}`;
  };
  const shared =
    best.length < 2
      ? ''
      : common.length === 0
        ? ` The best ${best.length} cells have no value of a setting in common.`
        : ` The best ${best.length} cells have in common: ${common.join(', ')}.`;
  return `Best: ${show(first)}; worst: ${show(last)}.${shared}`;
}
