import type { DesignRecord } from '../../bench/results/design.ts';
import { type Metric, metricOf } from '../../bench/results/metrics.ts';
import type { LeadChart } from '../answer/lead-chart.ts';
import { effectsChart } from '../charts/effects.ts';
import { hdrChart } from '../charts/hdr.ts';
import { hockeyChart } from '../charts/hockey.ts';
import { latencyTimeChart } from '../charts/latency-time.ts';
import { matrixChart } from '../charts/matrix.ts';
import { multiplesChart } from '../charts/multiples.ts';
import { parallelChart } from '../charts/parallel.ts';
import { paretoChart } from '../charts/pareto.ts';
import { rankingChart } from '../charts/ranking.ts';
import { type Chart, renderSvg } from '../charts/render.ts';
import { seriesChart } from '../charts/series.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import type { RunSummary } from '../run/run-summary.ts';
import { brokersSeenView } from '../views/brokers-seen.ts';
import { effectsViews } from '../views/effects.ts';
import { hdrView } from '../views/hdr.ts';
import { type HockeyView, hockeyView, searchedHockeyView } from '../views/hockey.ts';
import { latencyTimeViews } from '../views/latency-time.ts';
import { matrixView } from '../views/matrix.ts';
import { multiplesView } from '../views/multiples.ts';
import { parallelView } from '../views/parallel.ts';
import { aimsOf, paretoViews } from '../views/pareto.ts';
import { rankingView } from '../views/ranking.ts';
import { seriesViews } from '../views/series.ts';
import { tableViews } from '../views/tables.ts';
import type { View } from '../views/view.ts';
import { boundView } from '../views/why.ts';
import { worstSecondsView } from '../views/worst-seconds.ts';
import { escaped, tableHtml } from './markup.ts';

/** A part of the page: a heading and its figures. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

/** A view with its drawing. */
interface Drawn {
  readonly view: View;
  readonly chart: Chart;
}

/** Everything that can be drawn of a run. */
export interface RunFigures {
  readonly hockey: HockeyView | null;
  readonly canShowEffects: boolean;
  /** The picture of that kind, by that metric; null where the run has no figure for it. */
  lead(kind: LeadChart, metric: Metric | null): Drawn | null;
  /** The views of a run that its data allow, in the order that a reader needs them. */
  readonly sections: readonly Section[];
}

export async function runFigures(summary: RunSummary): Promise<RunFigures> {
  const { run } = summary;
  const cells = summary.cells.map(({ cell }) => cell);
  const aims = aimsOf(cells);
  const hdr = (['due-to-ack', 'end-to-end'] as const).flatMap(
    (latency) => hdrView(run, cells, latency) ?? [],
  );
  const hockey = hockeyView(cells) ?? (await searchedHockeyView(run, cells));
  const sweeps = (aims.length > 0 ? aims : [metricOf('achievedPerSec')]).flatMap(
    (metric) => parallel(cells, metric, run.manifest.design) ?? sweep(cells, metric) ?? [],
  );
  const effects = aims.flatMap((metric) => effectsViews(cells, metric, run.manifest.design) ?? []);
  const sections = [
    section('percentiles', 'Latency by percentile', hdr, hdrChart),
    { id: 'details', title: 'Behind the figures', html: grid(tableViews(cells).map(tableFigure)) },
    { id: 'why', title: 'Why it was so', html: grid((await whyViews(run, cells)).map(tableFigure)) },
    section('hockey', 'Latency against load', hockey === null ? [] : [hockey], hockeyChart),
    {
      id: 'matrix',
      title: 'The sweep at a glance',
      html: grid(sweeps.map(({ view, chart }, i) => figure(`matrix-${i}`, view, chart))),
    },
    {
      id: 'effects',
      title: 'What each setting does',
      html: grid(
        effects.flatMap(({ main, interactions }, i) => [
          figure(`effects-${i}`, main, effectsChart(main)),
          ...(interactions === null ? [] : [tableFigure(interactions)]),
        ]),
      ),
    },
    section('pareto', 'What one aim costs another', paretoViews(cells), paretoChart),
    section('series', 'Second by second', await seriesViews(run, cells), seriesChart),
    section(
      'latency-time',
      'Latency over time',
      latencyTimeViews(run, cells, 'due-to-ack'),
      latencyTimeChart,
    ),
  ].filter((one) => one.html !== '');
  return {
    hockey,
    canShowEffects: effects.length > 0,
    sections,
    lead(kind, metric) {
      if (kind === 'hockey' && hockey !== null) return { view: hockey, chart: hockeyChart(hockey) };
      const [curves] = hdr;
      if (kind === 'percentiles' && curves !== undefined) return { view: curves, chart: hdrChart(curves) };
      if (metric === null) return null;
      const whole = kind === 'matrix' ? sweep(cells, metric) : null;
      if (whole !== null) return whole;
      const main = kind === 'effects' ? effectsViews(cells, metric, run.manifest.design)?.main : undefined;
      if (main !== undefined) return { view: main, chart: effectsChart(main) };
      const ranking = rankingView(cells, metric);
      return ranking === null ? null : { view: ranking, chart: rankingChart(ranking) };
    },
  };
}

/** The whole sweep by one metric: small multiples where three settings vary, else a heat map. */
function sweep(cells: readonly CellSummary[], metric: Metric): Drawn | null {
  const multiples = multiplesView(cells, metric);
  if (multiples !== null) return { view: multiples, chart: multiplesChart(multiples) };
  const matrix = matrixView(cells, metric);
  return matrix === null ? null : { view: matrix, chart: matrixChart(matrix) };
}

/** All settings beside each other, where there are too many for tiles. */
function parallel(cells: readonly CellSummary[], metric: Metric, design?: DesignRecord): Drawn | null {
  const view = parallelView(cells, metric, design);
  return view === null ? null : { view, chart: parallelChart(view) };
}

/** Figures side by side where there is room. */
const grid = (figures: readonly string[]): string =>
  figures.length === 0 ? '' : `<div class="figures">${figures.join('\n')}</div>`;

/** What bound each cell, and what happened in the worst seconds. */
async function whyViews(run: RunSummary['run'], cells: readonly CellSummary[]): Promise<View[]> {
  const views = [boundView(cells), brokersSeenView(cells), await worstSecondsView(run, cells)];
  return views.filter((view) => view !== null);
}

function section<V extends View>(
  id: string,
  title: string,
  views: readonly V[],
  draw: (view: V) => Chart,
): Section {
  return { id, title, html: grid(views.map((view, i) => figure(`${id}-${i}`, view, draw(view)))) };
}

/** A picture with its reading, and its figures as a table for those who can't see it or want to copy them. */
export function figure(id: string, view: View, chart: Chart): string {
  const svg = renderSvg(chart, { id, title: view.title, description: view.reading });
  const latencies =
    chart.latencies == null ? '' : ` data-latencies="${escaped(JSON.stringify(chart.latencies))}"`;
  return `<figure><h3>${escaped(view.title)}</h3><div class="chart" style="--width: ${chart.width}px" tabindex="0" role="group" aria-label="${escaped(view.title)}"${latencies}>${svg}</div><figcaption>${escaped(view.reading)}</figcaption>
<details><summary>Figures as a table</summary>${tableHtml(view.table)}</details></figure>`;
}

function tableFigure(view: View): string {
  return `<figure><h3>${escaped(view.title)}</h3>${view.table.rows.length === 0 ? '' : tableHtml(view.table)}<figcaption>${escaped(view.reading)}</figcaption></figure>`;
}
