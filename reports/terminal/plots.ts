import { formatUnit } from '../../bench/results/figure-units.ts';
import { percentileLabel } from '../charts/hdr.ts';
import type { HdrView } from '../views/hdr.ts';
import type { HockeyView } from '../views/hockey.ts';
import type { MatrixView, Tile } from '../views/matrix.ts';
import type { ParetoView } from '../views/pareto.ts';
import type { SeriesView } from '../views/series.ts';
import { type LetterSeries, letterPlot } from './letter-plot.ts';
import { tableText } from './table-text.ts';

const us = (value: number) => formatUnit(value, 'us');
const count = (value: number) => formatUnit(value, 'count');

export function hdrText(view: HdrView, width: number): string {
  const x = {
    name: 'percentile, logarithmic in nines',
    log: true,
    // Between whole nines there is no short name: 1 record in so many lies beyond.
    format: (nines: number) =>
      Math.abs(Math.log10(nines) % 1) < 1e-9
        ? percentileLabel(nines)
        : `p${Number((100 - 100 / nines).toPrecision(6))}`,
  };
  const series = view.lines.map((line) => ({
    label: line.label,
    points: line.points.map((point) => [point.nines, Math.max(1, point.valueUs)] as const),
  }));
  return letterPlot(
    { title: view.title, series, x, y: { name: 'latency', log: true, format: us }, joined: true },
    width,
  );
}

export function hockeyText(view: HockeyView, width: number): string {
  const series = view.lines.map((line) => ({
    label: `p99, ${line.label}${line.bend === null ? '' : `; ${line.bend.label} at ${formatUnit(line.bend.perSec, 'perSec')}`}`,
    points: line.points.flatMap((point) =>
      point.p99 === null ? [] : [[point.offeredPerSec, point.p99.median] as const],
    ),
  }));
  const x = { name: 'offered rate, records/s', log: false, format: count };
  const y = { name: 'due→ack p99', log: true, format: us };
  const plot = letterPlot({ title: view.title, series, x, y, joined: !view.probes }, width);
  return `${plot}\n${tableText(view.table, width)}`;
}

export function seriesText(view: SeriesView, width: number): string {
  const line = (label: string, read: (row: SeriesView['rows'][number]) => number | null): LetterSeries => ({
    label,
    points: view.rows.flatMap((row) => {
      const value = read(row);
      return value === null ? [] : [[row.tSec ?? 0, value] as const];
    }),
  });
  const x = {
    name: `seconds, of which ${view.repeat.window.warmupSec} of warm-up`,
    log: false,
    format: count,
  };
  const rates = {
    title: view.title,
    series: [line('offered', (row) => row.duePerSec), line('acknowledged', (row) => row.ackedPerSec)],
    x,
    y: { name: 'records/s', log: false, format: count },
    joined: true,
  };
  const latencies = {
    title: 'Latency p99',
    series: [
      line('due→ack', (row) => row.dueToAckP99Us),
      line('end to end', (row) => row.endToEndP99Us),
    ].filter((one) => one.points.length > 0),
    x,
    y: { name: 'latency', log: true, format: us },
    joined: true,
  };
  return [rates, latencies].map((plot) => letterPlot(plot, width)).join('\n');
}

export function paretoText(view: ParetoView, width: number): string {
  const of = (onFront: boolean): LetterSeries => ({
    label: onFront ? 'on the Pareto front' : 'dominated',
    points: view.points
      .filter((point) => point.onFront === onFront)
      .map((point) => [point.x.median, point.y.median] as const),
  });
  const axis = (metric: ParetoView['x']) => ({ name: metric.label, log: false, format: metric.format });
  const series = [of(true), of(false)].filter((one) => one.points.length > 0);
  const plot = letterPlot(
    { title: view.title, series, x: axis(view.x), y: axis(view.y), joined: false },
    width,
  );
  return `${plot}\n${tableText(view.table, width)}`;
}

/** The matrix as text, with the spread of each tile where that fits; slashes where no repeat is valid. */
export function matrixText(view: MatrixView, width: number): string {
  const first = Math.max(view.rowTitle.length, ...view.rows.map((one) => one.length));
  const spread = ({ text, bounds }: Tile): string => (bounds === null ? text : `${text} [${bounds}]`);
  const wideBy = (textOf: (tile: Tile) => string): number =>
    Math.max(...view.columns.map((one) => one.length), ...view.tiles.map((tile) => textOf(tile).length), 4) +
    2;
  const fits = first + wideBy(spread) * view.columns.length <= width;
  const textOf = fits ? spread : ({ text }: Tile) => text;
  const wide = wideBy(textOf);
  const rows = view.rows.map((label, row) => {
    const cells = view.columns.map((_, column) => {
      const tile = view.tiles.find((one) => one.row === row && one.column === column);
      return (tile === undefined ? '' : tile.value === null ? '////' : textOf(tile)).padStart(wide);
    });
    return `${label.padEnd(first)}${cells.join('')}`;
  });
  return [
    view.title,
    `${''.padEnd(first)}  ${view.columnTitle}`,
    `${view.rowTitle.padEnd(first)}${view.columns.map((one) => one.padStart(wide)).join('')}`,
    ...rows,
    '',
  ].join('\n');
}
