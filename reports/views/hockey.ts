import type { Spread } from '../../bench/compute/stats/describe.ts';
import type { CellSummary } from '../cell-summary.ts';
import { formatSpread } from '../format-spread.ts';
import { groupBy } from '../group-by.ts';
import { metricOf } from '../metrics.ts';
import { formatUnit } from '../units.ts';
import { labelBy, rateAxis, sweptAxes } from './axes.ts';
import type { View } from './view.ts';

/** Latency against offered rate, a line for each combination of the other settings. */
export interface HockeyView extends View {
  readonly lines: readonly HockeyLine[];
  /** Lines left out because more can't be told apart. */
  readonly hidden: number;
}

export interface HockeyLine {
  readonly label: string;
  readonly points: readonly HockeyPoint[];
  /** Offered rate of the knee, or null where latency never leaves the range of low load. */
  readonly kneePerSec: number | null;
}

export interface HockeyPoint {
  readonly offeredPerSec: number;
  readonly p50: Spread | null;
  readonly p99: Spread | null;
  readonly p999: Spread | null;
  readonly state: CellSummary['state'];
}

const MAX_LINES = 6;
/** The knee: the highest rate, from the lowest on, whose p99 stays within this factor of the lowest rate's. */
const KNEE_FACTOR = 2;
const offered = metricOf('offeredPerSec');
const [p50, p99, p999] = ['p50', 'p99', 'p99.9'].map((name) => metricOf(`due-to-ack.${name}`)) as [
  ReturnType<typeof metricOf>,
  ReturnType<typeof metricOf>,
  ReturnType<typeof metricOf>,
];

/** null where the sweep holds no rate with at least three values that were measured. */
export function hockeyView(cells: readonly CellSummary[], only?: string): HockeyView | null {
  const axes = sweptAxes(cells);
  const rate = rateAxis(axes);
  if (rate === undefined) return null;
  const others = axes.filter((axis) => axis !== rate);
  const groups = groupBy(cells, (cell) => labelBy(others, cell.settings));
  const all = [...groups]
    .filter(([, group]) => only === undefined || group.some((cell) => cell.id === only))
    .map(([label, group]) => lineOf(label, group))
    .filter((line) => line.points.filter((point) => point.p99 !== null).length >= 3);
  if (all.length === 0) return null;
  const lines = all.slice(0, MAX_LINES);
  return {
    title: 'Latency against offered rate',
    lines,
    hidden: all.length - lines.length,
    reading: readingOf(lines),
    table: {
      caption: 'due→ack latency by offered rate, medians over valid repeats',
      columns: ['Cell', 'Offered', 'p50', 'p99', 'p99.9', ''].map((head, i) => ({
        head,
        numeric: i > 0 && i < 5,
      })),
      rows: all.flatMap((line) =>
        line.points.map((point) => ({
          fields: [
            line.label,
            formatUnit(point.offeredPerSec, 'perSec'),
            show(p50, point.p50),
            show(p99, point.p99),
            show(p999, point.p999),
            point.offeredPerSec === line.kneePerSec ? 'knee' : point.state === 'valid' ? '' : point.state,
          ],
        })),
      ),
    },
  };
}

const show = (metric: typeof p99, spread: Spread | null) =>
  spread === null ? '–' : formatSpread(metric, spread);

/** What the cell offered; where no repeat is valid, as its invalid ones or its setting say it. */
function offeredBy(cell: CellSummary): number | null {
  const spread = cell.of(offered);
  if (spread !== null) return spread.median;
  const measured = cell.repeats.map((one) => offered.read(one)).find((value) => value !== null);
  if (measured !== undefined && measured !== null) return measured;
  const setting = Number(cell.settings['rate'] ?? cell.settings['load.rate']);
  return Number.isFinite(setting) && setting > 0 ? setting : null;
}

function lineOf(label: string, cells: readonly CellSummary[]): HockeyLine {
  const points = cells
    .flatMap((cell) => {
      const offeredPerSec = offeredBy(cell);
      return offeredPerSec === null
        ? []
        : [{ offeredPerSec, p50: cell.of(p50), p99: cell.of(p99), p999: cell.of(p999), state: cell.state }];
    })
    .sort((a, b) => a.offeredPerSec - b.offeredPerSec);
  return { label, points, kneePerSec: kneeOf(points) };
}

function kneeOf(points: readonly HockeyPoint[]): number | null {
  const base = points.find((point) => point.p99 !== null)?.p99?.median;
  if (base === undefined) return null;
  let last: number | null = null;
  for (const point of points) {
    const value = point.p99?.median ?? Number.POSITIVE_INFINITY;
    if (value > KNEE_FACTOR * base) return last;
    last = point.offeredPerSec;
  }
  return null;
}

function readingOf(lines: readonly HockeyLine[]): string {
  const known = lines.filter((line) => line.kneePerSec !== null);
  const rule = `the last rate with a p99 of at most ${KNEE_FACTOR} × that at the lowest rate`;
  if (known.length === 0) return `No line bends within the rates offered: a knee, ${rule}, was not reached.`;
  const knees = known.map((line) => `${formatUnit(line.kneePerSec ?? 0, 'perSec')} for ${line.label}`);
  return `The knee, ${rule}, lies at ${knees.join(', ')}.`;
}
