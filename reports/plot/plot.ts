import { KsweepError } from '../../bench/common/errors.ts';
import { nearest } from '../../bench/common/nearest.ts';
import { loadRun } from '../../bench/results/load-run.ts';
import { findMetric, METRICS, type Metric, metricOf } from '../../bench/results/metrics.ts';
import { hdrChart } from '../charts/hdr.ts';
import { hockeyChart } from '../charts/hockey.ts';
import { matrixChart } from '../charts/matrix.ts';
import { paretoChart } from '../charts/pareto.ts';
import { type Chart, renderSvgFile } from '../charts/render.ts';
import { seriesChart } from '../charts/series.ts';
import { summarizeRun } from '../run/run-summary.ts';
import { hdrText, hockeyText, matrixText, paretoText, seriesText } from '../terminal/plots.ts';
import { hdrView } from '../views/hdr.ts';
import { hockeyView, searchedHockeyView } from '../views/hockey.ts';
import { matrixView } from '../views/matrix.ts';
import { aimsOf, paretoViews } from '../views/pareto.ts';
import { seriesViews } from '../views/series.ts';
import type { View } from '../views/view.ts';
import type { PlotType } from './plot-types.ts';

/** One view of a run, ready for a file or for a terminal. */
export interface Plot {
  readonly view: View;
  svg(): string;
  text(width: number): string;
}

export interface PlotOptions {
  /** Cell to draw alone; null: all, or for a series the one with the lowest p99. */
  readonly cellId: string | null;
  /** Metric of a heat map by its key; null: the first that varies. */
  readonly metric: string | null;
}

/**
 * Draws one view of a run folder. Throws `run-folder-invalid`, or `usage` where the cell or metric does not exist or
 * the run holds nothing that this view could show.
 */
export async function plotRun(dir: string, type: PlotType, options: PlotOptions): Promise<Plot> {
  const summary = summarizeRun(await loadRun(dir));
  const { run } = summary;
  const cells = summary.cells.map(({ cell }) => cell);
  const only =
    options.cellId === null
      ? undefined
      : known(
          options.cellId,
          cells.map((cell) => cell.id),
          'cell',
        );
  const metric =
    options.metric === null ? (aimsOf(cells)[0] ?? metricOf('achievedPerSec')) : metricNamed(options.metric);
  switch (type) {
    case 'hdr': {
      const view = hdrView(run, cells, 'due-to-ack', only) ?? hdrView(run, cells, 'end-to-end', only);
      return plot(type, view, 'no valid repeat with a latency', hdrChart, hdrText);
    }
    case 'hockey':
      return plot(
        type,
        hockeyView(cells, only) ?? (await searchedHockeyView(run, cells, only)),
        'neither a sweep of the rate nor a search with three valid rates',
        hockeyChart,
        hockeyText,
      );
    case 'heatmap':
      return plot(
        type,
        matrixView(cells, metric),
        `no two cells with ${metric.label}`,
        matrixChart,
        matrixText,
      );
    case 'series': {
      const [view] = await seriesViews(run, cells, only);
      return plot(type, view, 'no series.csv of a repeat', seriesChart, seriesText);
    }
    case 'pareto': {
      const [view] = paretoViews(cells);
      return plot(type, view, 'no two aims that vary over its cells', paretoChart, paretoText);
    }
  }
}

function plot<V extends View>(
  type: PlotType,
  view: V | null | undefined,
  missing: string,
  draw: (view: V) => Chart,
  text: (view: V, width: number) => string,
): Plot {
  if (view === null || view === undefined) {
    throw new KsweepError('usage', `there is no ${type} plot of this run: it holds ${missing}`, {
      hint: 'see what it holds with `ksweep report <dir>`',
    });
  }
  return {
    view,
    svg: () => renderSvgFile(draw(view), { id: type, title: view.title, description: view.reading }),
    text: (width) => `${text(view, width)}${view.reading}\n`,
  };
}

function known(name: string, names: readonly string[], what: string): string {
  if (names.includes(name)) return name;
  const guess = nearest(name, names);
  const few = names.slice(0, 10).join(', ');
  throw new KsweepError('usage', `there is no ${what} ${name} in this run`, {
    hint: guess === undefined ? `such as ${few}` : `did you mean ${guess}?`,
  });
}

function metricNamed(key: string): Metric {
  return (
    findMetric(key) ??
    metricOf(
      known(
        key,
        METRICS.map((one) => one.key),
        'metric',
      ),
    )
  );
}
