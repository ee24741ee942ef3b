import { formatUnit } from '../../bench/results/figure-units.ts';
import { newHistogram } from '../../bench/results/histogram.ts';
import { type PercentilePoint, percentileCurve, readHlog } from '../../bench/results/hlog.ts';
import { type LatencyName, PERCENTILES, type PercentileName } from '../../bench/results/latency.ts';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import { LATENCY_LABEL, metricOf } from '../../bench/results/metrics.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { formatSpread } from '../run/format-spread.ts';
import { labelBy, sweptAxes } from './axes.ts';
import { leftOutText, NO_FIGURE } from './left-out.ts';
import { representativeCells } from './select-cells.ts';
import type { View } from './view.ts';

/** Latency by percentile, cells overlaid: the buckets of all valid repeats of a cell merged. */
export interface HdrView extends View {
  readonly latency: LatencyName;
  readonly lines: readonly HdrLine[];
  /** The cells that are not drawn in full, by the medians of their percentiles: how wide the field is. */
  readonly context: readonly (readonly PercentilePoint[])[];
}

interface HdrLine {
  readonly label: string;
  readonly samples: number;
  readonly points: readonly PercentilePoint[];
}

/** More lines than these can't be told apart. */
const MAX_LINES = 8;
const MAX_CONTEXT = 150;

/** null where no cell has that latency; `only` draws one cell. */
export function hdrView(
  run: LoadedRun,
  cells: readonly CellSummary[],
  latency: LatencyName,
  only?: string,
): HdrView | null {
  const p99 = metricOf(`${latency}.p99`);
  const p50 = metricOf(`${latency}.p50`);
  const axes = sweptAxes(cells);
  const wanted = cells.filter((cell) => only === undefined || cell.id === only);
  const byTail = representativeCells(wanted, p99, MAX_LINES);
  const chosen = byTail.length > 0 ? byTail : representativeCells(wanted, p50, MAX_LINES);
  const lines = chosen.flatMap((cell) => lineOf(run, cell, latency, labelBy(axes, cell.settings)));
  if (lines.length === 0) return null;
  const context = wanted
    .filter((cell) => !chosen.includes(cell))
    .slice(0, MAX_CONTEXT)
    .map((cell) => summaryCurve(cell, latency))
    .filter((points) => points.length > 1);
  return {
    title: `Latency by percentile, ${LATENCY_LABEL[latency]}`,
    latency,
    lines,
    context,
    reading: `${readingOf(lines, context.length)}${leftOutText(wanted, (cell) => cell.of(p50) !== null, NO_FIGURE)}`,
    table: {
      caption: `${LATENCY_LABEL[latency]} by percentile, medians over valid repeats`,
      columns: [
        { head: 'Cell' },
        ...percentileNames.map((head) => ({ head, numeric: true })),
        { head: 'samples', numeric: true },
      ],
      rows: chosen.map((cell, i) => ({
        fields: [
          labelBy(axes, cell.settings),
          ...percentileNames.map((name) => {
            const spread = cell.of(metricOf(`${latency}.${name}`));
            return spread === null ? '–' : formatSpread(metricOf(`${latency}.${name}`), spread);
          }),
          formatUnit(lines[i]?.samples ?? 0, 'count'),
        ],
      })),
    },
  };
}

const percentileNames = Object.keys(PERCENTILES) as PercentileName[];

function lineOf(run: LoadedRun, cell: CellSummary, latency: LatencyName, label: string): HdrLine[] {
  const merged = newHistogram();
  for (const repeat of cell.valid) {
    const path = run.hlogPath(repeat, latency);
    if (path !== null) merged.add(readHlog(path).merged);
  }
  return merged.totalCount === 0
    ? []
    : [{ label, samples: merged.totalCount, points: percentileCurve(merged) }];
}

function summaryCurve(cell: CellSummary, latency: LatencyName): PercentilePoint[] {
  return percentileNames.flatMap((name) => {
    const spread = cell.of(metricOf(`${latency}.${name}`));
    const percentile = PERCENTILES[name];
    return spread === null ? [] : [{ percentile, nines: 100 / (100 - percentile), valueUs: spread.median }];
  });
}

/** The value at a percentile by the curve's points, which are a twelfth of a nine apart. */
function at(line: HdrLine, nines: number): number | null {
  if (line.samples < nines * 2) return null;
  return line.points.findLast((point) => point.nines <= nines * 1.0001)?.valueUs ?? null;
}

function readingOf(lines: readonly HdrLine[], others: number): string {
  const us = (value: number) => formatUnit(value, 'us');
  const ranked = lines
    .map((line) => ({ line, tail: at(line, 100), middle: at(line, 2) }))
    .filter(
      (one): one is { line: HdrLine; tail: number; middle: number } =>
        one.tail !== null && one.middle !== null,
    )
    .sort((a, b) => a.tail - b.tail);
  const [best] = ranked;
  const worst = ranked.at(-1);
  if (best === undefined || worst === undefined) return 'Too few samples for a statement about the tail.';
  const ratio = (worst.tail / best.tail).toPrecision(2);
  const shape = (one: typeof best) => `its p99 is ${(one.tail / one.middle).toPrecision(2)} × its median`;
  const field = others > 0 ? ` Grey: ${others} more cells by the medians of their percentiles.` : '';
  if (best.line === worst.line) {
    return `99 % of records take at most ${us(best.tail)}; ${shape(best)}.${field}`;
  }
  return `At p99, ${best.line.label} is lowest with ${us(best.tail)} (${shape(best)}) and ${worst.line.label} highest with ${us(worst.tail)}, ${ratio} × as much.${field}`;
}
