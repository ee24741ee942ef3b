import { formatUnit } from '../../bench/results/figure-units.ts';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import { type Metric, metricOf } from '../../bench/results/metrics.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { type Spread, spread } from '../../bench/stats/describe.ts';
import { rateAxis, sweptAxes } from '../run/axes.ts';
import { cellName } from '../run/cell-name.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { formatSpread } from '../run/format-spread.ts';
import { groupBy } from '../run/group-by.ts';
import { leftOutText } from './left-out.ts';
import { representativeCells } from './select-cells.ts';
import type { TableData, View } from './view.ts';

/** Latency against offered rate, a line for each combination of the other settings. */
export interface HockeyView extends View {
  readonly lines: readonly HockeyLine[];
  /** Points are single probes of a search, not medians of a cell. */
  readonly probes: boolean;
}

export interface HockeyLine {
  readonly label: string;
  readonly points: readonly HockeyPoint[];
  /** Where the line bends: the knee of a sweep or the rate that a search found; null where it was not reached. */
  readonly bend: { readonly perSec: number; readonly label: 'knee' | 'sustainable' } | null;
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
const p50 = metricOf('due-to-ack.p50');
const p99 = metricOf('due-to-ack.p99');
const p999 = metricOf('due-to-ack.p99.9');

/** null where the sweep holds no rate with at least three values that were measured. */
export function hockeyView(cells: readonly CellSummary[], only?: string): HockeyView | null {
  const axes = sweptAxes(cells);
  const rate = rateAxis(axes);
  if (rate === undefined) return null;
  const others = axes.filter((axis) => axis !== rate);
  const groups = groupBy(cells, (cell) => cellName(others, cell.settings));
  const all = [...groups]
    .filter(([, group]) => only === undefined || group.some((cell) => cell.id === only))
    .map(([label, group]) => lineOf(label, group))
    .filter((line) => line.points.filter((point) => point.p99 !== null).length >= 3);
  if (all.length === 0) return null;
  const lines = all.slice(0, MAX_LINES);
  return {
    title: 'Latency against offered rate',
    lines,
    probes: false,
    reading: `${readingOf(lines)}${all.length > lines.length ? ` ${all.length - lines.length} more lines are in the table.` : ''}${leftOutText(cells, (cell) => cell.of(p99) !== null, 'without a valid repeat that has a p99')}`,
    table: tableOf(all, 'due→ack latency by offered rate, medians over valid repeats'),
  };
}

function tableOf(all: readonly HockeyLine[], caption: string): TableData {
  return {
    caption,
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
          point.offeredPerSec === line.bend?.perSec
            ? line.bend.label
            : point.state === 'valid'
              ? ''
              : point.state,
        ],
      })),
    ),
  };
}

/**
 * The same for rates that a search chose: every probe of every valid repeat is a point of its own, as no two repeats
 * probe the same rates; those that were not sustained are only in the table. null where nothing was searched.
 */
export async function searchedHockeyView(
  run: LoadedRun,
  cells: readonly CellSummary[],
  only?: string,
): Promise<HockeyView | null> {
  const found = metricOf('search.lowPerSec');
  const wanted = cells.filter((cell) => only === undefined || cell.id === only);
  const chosen = representativeCells(wanted, found, MAX_LINES);
  const lines = await Promise.all(
    chosen.map(async (cell) => {
      const probes = (await Promise.all(cell.valid.map((one) => run.probes(one)))).flat();
      const sustainable = cell.of(found);
      return {
        label: cell.name,
        points: probes
          .flatMap((probe) => probePoint(probe) ?? [])
          .sort((a, b) => a.offeredPerSec - b.offeredPerSec),
        bend: sustainable === null ? null : { perSec: sustainable.median, label: 'sustainable' as const },
        sustainable,
      };
    }),
  );
  const drawn = lines.filter((line) => line.points.filter((point) => point.p99 !== null).length >= 3);
  if (drawn.length === 0) return null;
  const rates = drawn.map((line) => `${show(found, line.sustainable)} for ${line.label}`);
  return {
    title: 'Latency against the rates that the search probed',
    lines: drawn,
    probes: true,
    reading: `Points are single probes. The sustainable rate (▼), a median over repeats, is ${rates.join(', ')}.${leftOutText(wanted)}`,
    table: tableOf(drawn, 'due→ack latency of each probe by its offered rate'),
  };
}

function probePoint(probe: RepeatResult): HockeyPoint | null {
  const offeredPerSec = offered.read(probe);
  if (offeredPerSec === null) return null;
  const single = (metric: Metric): Spread | null => {
    const value = probe.outcome === 'valid' ? metric.read(probe) : null;
    return value === null ? null : spread([value]);
  };
  return { offeredPerSec, p50: single(p50), p99: single(p99), p999: single(p999), state: probe.outcome };
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
  return { label, points, bend: kneeOf(points) };
}

function kneeOf(points: readonly HockeyPoint[]): HockeyLine['bend'] {
  const base = points.find((point) => point.p99 !== null)?.p99?.median;
  if (base === undefined) return null;
  let last: number | null = null;
  for (const point of points) {
    const value = point.p99?.median ?? Number.POSITIVE_INFINITY;
    if (value > KNEE_FACTOR * base) return last === null ? null : { perSec: last, label: 'knee' };
    last = point.offeredPerSec;
  }
  return null;
}

function readingOf(lines: readonly HockeyLine[]): string {
  const known = lines.filter((line) => line.bend !== null);
  const rule = `the last rate with a p99 of at most ${KNEE_FACTOR} × that at the lowest rate`;
  if (known.length === 0) return `No line bends within the rates offered: a knee, ${rule}, was not reached.`;
  const knees = known.map((line) => `${formatUnit(line.bend?.perSec ?? 0, 'perSec')} for ${line.label}`);
  return `The knee (▼), ${rule}, lies at ${knees.join(', ')}.`;
}
