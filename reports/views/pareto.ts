import { type Metric, metricOf } from '../../bench/results/metrics.ts';
import type { Spread } from '../../bench/stats/describe.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { formatSpread } from '../run/format-spread.ts';
import { MIN_REPEATS_TO_SEPARATE, paretoFront } from '../run/pareto.ts';
import { leftOutText } from './left-out.ts';
import type { View } from './view.ts';

/** Two aims against each other, a point a cell; the front is taken over all aims, not only these two. */
export interface ParetoView extends View {
  readonly x: Metric;
  readonly y: Metric;
  readonly points: readonly ParetoPoint[];
}

interface ParetoPoint {
  /** Place of the cell in the verdict table, from 1. */
  readonly number: number;
  readonly label: string;
  readonly x: Spread;
  readonly y: Spread;
  readonly onFront: boolean;
}

/** Throughput, latency, CPU and bytes: what one setting buys at the cost of another. */
const AIMS: readonly (readonly string[])[] = [
  ['search.lowPerSec', 'achievedPerSec', 'receivedPerSec'],
  ['due-to-ack.p99', 'due-to-ack.p50'],
  ['cpu.producerUsPerMB'],
  ['wirePerRecord', 'diskPerRecord'],
];
/** Past so many cells the table holds the front alone; all of them are in the verdict table. */
const MAX_TABLE_ROWS = 100;
/** An aim that varies less than this over the cells is no aim: a fixed offered rate is achieved by all. */
const MIN_VARIATION = 0.02;

const RATES = ['achievedPerSec', 'receivedPerSec'];
/** What was offered is achieved, or the repeat is not valid: at a fixed rate throughput is a setting and no aim. */
const hasOfferedRate = (cell: CellSummary): boolean => cell.of(metricOf('offeredPerSec')) !== null;

/** The aims that every view of the front uses: of each kind, the first metric that varies over the cells. */
export function aimsOf(cells: readonly CellSummary[]): Metric[] {
  return AIMS.flatMap((kind) => {
    const found = kind.map(metricOf).find((metric) => {
      if (RATES.includes(metric.key) && cells.some(hasOfferedRate)) return false;
      const medians = cells.flatMap((cell) => cell.of(metric)?.median ?? []);
      return medians.length >= 2 && Math.max(...medians) > (1 + MIN_VARIATION) * Math.min(...medians);
    });
    return found === undefined ? [] : [found];
  });
}

/** The first aim against each of the others, and the last two against each other; none where there is one aim or cell. */
export function paretoViews(
  cells: readonly CellSummary[],
  aims: readonly Metric[] = aimsOf(cells),
): ParetoView[] {
  const [first, ...others] = aims;
  if (first === undefined || others.length === 0) return [];
  const front = new Set(paretoFront(cells, aims));
  const pairs = others.map((other): [Metric, Metric] => [other, first]);
  const last = others.at(-1);
  const before = others.at(-2);
  if (last !== undefined && before !== undefined) pairs.push([last, before]);
  const views = pairs.flatMap(([x, y]) => paretoView(cells, front, x, y) ?? []);
  return views.map((view, i) =>
    i > 0 ? view : { ...view, reading: `${view.reading} ${frontReading(view.points, aims)}` },
  );
}

function paretoView(
  cells: readonly CellSummary[],
  front: ReadonlySet<CellSummary>,
  x: Metric,
  y: Metric,
): ParetoView | null {
  const points = cells.flatMap((cell, index) => {
    const [atX, atY] = [cell.of(x), cell.of(y)];
    if (atX === null || atY === null) return [];
    const label = cell.name;
    return [{ number: index + 1, label, x: atX, y: atY, onFront: front.has(cell) }];
  });
  if (points.length < 2) return null;
  return {
    title: `${y.label} against ${x.label}`,
    x,
    y,
    points,
    reading: `${readingOf(x, y, points)}${leftOutText(cells, (cell) => cell.of(x) !== null && cell.of(y) !== null, 'left out, without a valid repeat that has both')}`,
    table: {
      caption: `${y.label} and ${x.label} of each cell`,
      columns: [
        { head: 'Cell' },
        { head: x.label, numeric: true },
        { head: y.label, numeric: true },
        { head: 'Pareto front' },
      ],
      rows: (points.length <= MAX_TABLE_ROWS ? points : points.filter((point) => point.onFront)).map(
        (point) => ({
          fields: [
            `${point.number}. ${point.label}`,
            formatSpread(x, point.x),
            formatSpread(y, point.y),
            point.onFront ? 'on the front' : 'dominated',
          ],
        }),
      ),
    },
  };
}

/** Who is best in each of the two, then the front, which the first picture of a run states for all. */
function readingOf(x: Metric, y: Metric, points: readonly ParetoPoint[]): string {
  const best = (metric: Metric, of: (point: ParetoPoint) => Spread) => {
    const sign = metric.direction === 'higher-is-better' ? -1 : 1;
    const [first] = points.toSorted((a, b) => sign * (of(a).median - of(b).median));
    return first === undefined
      ? ''
      : `${metric.label} is best with ${first.number} (${first.label}), ${formatSpread(metric, of(first))}`;
  };
  return `${best(y, (point) => point.y)}; ${best(x, (point) => point.x)}.`;
}

function frontReading(points: readonly ParetoPoint[], aims: readonly Metric[]): string {
  const names = aims.map((metric) => metric.label).join(', ');
  const front = points.filter((point) => point.onFront);
  if (front.length === points.length) {
    const few = points.every((point) => point.x.n < MIN_REPEATS_TO_SEPARATE);
    return few
      ? `With fewer than ${MIN_REPEATS_TO_SEPARATE} repeats per cell none can be ruled out: what differs may be noise.`
      : `No cell is dominated over ${names}: where one is better, another is cheaper, or intervals overlap.`;
  }
  const shown = front.slice(0, 5).map((point) => `${point.number} (${point.label})`);
  const more = front.length > shown.length ? ` and ${front.length - shown.length} more` : '';
  return `Over ${names}, ${front.length} of ${points.length} cells are on the Pareto front: ${shown.join(', ')}${more}. The others are dominated by intervals that do not meet. Measure the front again with a fresh seed before you name a winner.`;
}
