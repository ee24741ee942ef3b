import { formatUnit } from '../../bench/results/figure-units.ts';
import type { LatencyName } from '../../bench/results/latency.ts';
import { BINS_PER_DECADE, binOf, boundOf } from '../../bench/results/latency-bins.ts';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import { LATENCY_LABEL, metricOf } from '../../bench/results/metrics.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { hlogColumns } from './hlog-columns.ts';
import { leftOutText, NO_FIGURE } from './left-out.ts';
import { representativeCells, typicalRepeat } from './select-cells.ts';
import type { View } from './view.ts';

/** How latencies are spread in each second of one repeat: stalls and second modes that percentiles hide. */
export interface LatencyTimeView extends View {
  readonly latency: LatencyName;
  /** Seconds of the window that one column spans. */
  readonly columnSec: number;
  readonly columns: number;
  /** Lower bounds of the rows, µs, ascending, and one more: the upper bound of the last. */
  readonly boundsUs: readonly number[];
  /** Records in each column and row, zeros left out. */
  readonly tiles: readonly { readonly column: number; readonly row: number; readonly count: number }[];
}

const MAX_COLUMNS = 120;

/** The lowest and the highest cell by p99, one typical repeat of each; `only` draws one cell. */
export function latencyTimeViews(
  run: LoadedRun,
  cells: readonly CellSummary[],
  latency: LatencyName,
  only?: string,
): LatencyTimeView[] {
  const p99 = metricOf(`${latency}.p99`);
  const chosen =
    only === undefined ? representativeCells(cells, p99, 2) : cells.filter((cell) => cell.id === only);
  const drawn = chosen.flatMap((cell) => {
    const repeat = typicalRepeat(cell.valid, p99);
    const path = repeat === undefined ? null : run.hlogPath(repeat, latency);
    if (repeat === undefined || path === null) return [];
    const label = `${cell.name}, block ${repeat.block}`;
    return viewOf(label, latency, path) ?? [];
  });
  const without = leftOutText(
    only === undefined ? cells : chosen,
    (cell) => cell.of(p99) !== null,
    NO_FIGURE,
  );
  return drawn.map((view, i) => (i > 0 ? view : { ...view, reading: `${view.reading}${without}` }));
}

function viewOf(label: string, latency: LatencyName, path: string): LatencyTimeView | null {
  const found = hlogColumns(path, MAX_COLUMNS, BINS_PER_DECADE);
  if (found === null) return null;
  const { columnSec, columns: counted, merged } = found;
  const firstBin = binOf(Math.max(1, merged.getValueAtPercentile(0)), BINS_PER_DECADE);
  const lastBin = binOf(merged.getValueAtPercentile(100), BINS_PER_DECADE);
  const columns = counted.length;
  const tiles = counted.flatMap((counts, column) =>
    counts.map(([bin, count]) => ({ column, row: bin - firstBin, count })),
  );
  return {
    title: `${LATENCY_LABEL[latency]} over time: ${label}`,
    latency,
    columnSec,
    columns,
    boundsUs: Array.from({ length: lastBin - firstBin + 2 }, (_, i) =>
      boundOf(firstBin + i, BINS_PER_DECADE),
    ),
    tiles,
    reading: readingOf(tiles, firstBin, columns, columnSec, merged.getValueAtPercentile(99)),
    table: tableOf(label, tiles, firstBin, columns, columnSec),
  };
}

type Tiles = LatencyTimeView['tiles'];

/** Of one column: its fullest row and its highest. */
function extremes(tiles: Tiles, column: number): { mode: number; top: number; count: number } | null {
  const own = tiles.filter((tile) => tile.column === column);
  const [fullest] = own.toSorted((a, b) => b.count - a.count);
  if (fullest === undefined) return null;
  const count = own.reduce((sum, tile) => sum + tile.count, 0);
  return { mode: fullest.row, top: Math.max(...own.map((tile) => tile.row)), count };
}

const interval = (row: number, firstBin: number): string =>
  `${formatUnit(boundOf(firstBin + row, BINS_PER_DECADE), 'us')} to ${formatUnit(boundOf(firstBin + row + 1, BINS_PER_DECADE), 'us')}`;

function readingOf(
  tiles: Tiles,
  firstBin: number,
  columns: number,
  columnSec: number,
  p99Us: number,
): string {
  const each = Array.from({ length: columns }, (_, column) => extremes(tiles, column)).filter(
    (one) => one !== null,
  );
  const modes = each.map((one) => one.mode).sort((a, b) => a - b);
  const usual = modes[Math.floor(modes.length / 2)] ?? 0;
  const moved = each.filter((one) => Math.abs(one.mode - usual) > 1).length;
  const span = columnSec === 1 ? 'seconds' : `columns of ${columnSec} s`;
  const steady =
    moved === 0
      ? `in all ${columns} ${span}`
      : `in ${each.length - moved} of ${columns} ${span}; in ${moved} the bulk lies elsewhere`;
  return `Most records take ${interval(usual, firstBin)} ${steady}; the repeat's p99 is ${formatUnit(p99Us, 'us')}.`;
}

function tableOf(label: string, tiles: Tiles, firstBin: number, columns: number, columnSec: number) {
  return {
    caption: `Latencies over time, ${label}`,
    columns: ['s', 'records', 'most take', 'highest'].map((head) => ({ head, numeric: true })),
    rows: Array.from({ length: columns }, (_, column) => {
      const one = extremes(tiles, column);
      return {
        fields: [
          String(column * columnSec),
          formatUnit(one?.count ?? 0, 'count'),
          one === null ? '–' : interval(one.mode, firstBin),
          one === null ? '–' : interval(one.top, firstBin),
        ],
      };
    }),
  };
}
