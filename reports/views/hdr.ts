import { formatUnit } from '../../bench/results/figure-units.ts';
import { newHistogram } from '../../bench/results/histogram.ts';
import { type PercentilePoint, percentileCurve, readHlog } from '../../bench/results/hlog.ts';
import { type LatencyName, PERCENTILES, type PercentileName } from '../../bench/results/latency.ts';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import { LATENCY_LABEL, metricOf } from '../../bench/results/metrics.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import { formatSpread } from '../run/format-spread.ts';
import { leftOutText, NO_FIGURE } from './left-out.ts';
import { looksOf, MAX_LOOKS } from './looks.ts';
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
  /** Lowest and highest of the repeats at each percentile that all of them reach; none of one repeat. */
  readonly band: readonly { readonly nines: number; readonly lowUs: number; readonly highUs: number }[];
  /** Which look of the page it has: that of its cell in every picture. */
  readonly look: number;
}

const MAX_CONTEXT = 150;

/** null where no cell has that latency; `only` draws one cell. */
export function hdrView(
  run: LoadedRun,
  cells: readonly CellSummary[],
  latency: LatencyName,
  only?: string,
): HdrView | null {
  const p50 = metricOf(`${latency}.p50`);
  const wanted = cells.filter((cell) => only === undefined || cell.id === only);
  const looks = looksOf(cells);
  const cast = wanted.filter(
    (cell) => (looks.get(cell.id) ?? MAX_LOOKS) < MAX_LOOKS && cell.of(p50) !== null,
  );
  const chosen = cast.length > 0 ? cast : representativeCells(wanted, p50, MAX_LOOKS);
  const lines = chosen.flatMap((cell) => lineOf(run, cell, latency, looks.get(cell.id) ?? 0));
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
          cell.name,
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

function lineOf(run: LoadedRun, cell: CellSummary, latency: LatencyName, look: number): HdrLine[] {
  const merged = newHistogram();
  const curves: PercentilePoint[][] = [];
  for (const repeat of cell.valid) {
    const path = run.hlogPath(repeat, latency);
    if (path === null) continue;
    const own = readHlog(path).merged;
    curves.push(percentileCurve(own));
    merged.add(own);
  }
  if (merged.totalCount === 0) return [];
  const points = percentileCurve(merged);
  return [{ label: cell.name, samples: merged.totalCount, points, band: bandOf(curves), look }];
}

/** Curves have their points at the same percentiles, but for the last one, a curve's maximum. */
function bandOf(curves: readonly (readonly PercentilePoint[])[]): HdrLine['band'] {
  if (curves.length < 2) return [];
  const common = Math.min(...curves.map((points) => points.length - 1));
  return (curves[0] ?? []).slice(0, common).map(({ nines }, i) => {
    const values = curves.map((points) => points[i]?.valueUs ?? 0);
    return { nines, lowUs: Math.min(...values), highUs: Math.max(...values) };
  });
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
