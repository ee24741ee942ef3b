import { colour } from '../../../../reports/charts/palette.ts';
import { axisLook, type ChartText, renderSvg } from '../../../../reports/charts/render.ts';
import { scaleOf } from '../../../results/figure-units.ts';
import { metricOf } from '../../../results/metrics.ts';
import type { SeriesReport } from '../series-report.ts';
import { pointsToDraw } from './downsample.ts';

const CURVE = colour('s1');

export const TREND_WIDTH = 860;
const HEIGHT = 190;
/** Changes of the environment that are drawn; the page says how many there were. */
const MOST_ENVIRONMENT_MARKS = 60;

type Point = readonly [timeMs: number, value: number];

function markLines(series: SeriesReport, timeOf: (index: number) => number): object[] {
  const vertical = (xAxis: number, color: string, type: string, width: number): object => ({
    xAxis,
    lineStyle: { color, type, width },
  });
  const changes = series.changes.map((change) => {
    const color =
      change.accepted || change.environment !== null
        ? colour('warn')
        : change.worse
          ? colour('bad')
          : colour('good');
    return vertical(timeOf(change.index), color, change.accepted ? 'dashed' : 'solid', change.recent ? 2 : 1);
  });
  const redefined =
    series.comparableFrom > 0 ? [vertical(timeOf(series.comparableFrom), colour('soft'), 'dotted', 1)] : [];
  return [...changes, ...redefined];
}

/** The nights of a series that a chart of so many points shows. */
export function nightsToDraw(
  { nights, changes, comparableFrom }: SeriesReport,
  mostPoints: number,
): number[] {
  const keep = changes.flatMap(({ index }) => [index - 1, index]);
  return pointsToDraw(nights.values, mostPoints, [...keep, comparableFrom]);
}

/** One series as SVG: medians, the range of the repeats, changes of level, and marks where the environment changed. */
export function trendChart(series: SeriesReport, drawn: readonly number[], text: ChartText): string {
  const { nights, environmentChanges } = series;
  const { times, values, lows, highs } = nights;
  const timeOf = (index: number): number => times[index] ?? Number.NaN;
  const { divisor, suffix } = scaleOf(values.at(-1) ?? 1, metricOf(series.metric).unit);
  const scaled = (value: number): number => Number((value / divisor).toPrecision(5));
  const points = (of: (index: number) => number): Point[] =>
    drawn.map((index) => [timeOf(index), scaled(of(index))]);
  const low = (index: number): number => lows[index] ?? 0;
  const high = (index: number): number => highs[index] ?? 0;
  const plain = { type: 'line', showSymbol: false, silent: true, animation: false } as const;
  const marks = environmentChanges.slice(-MOST_ENVIRONMENT_MARKS).map((index) => [timeOf(index), 0]);
  const option = {
    grid: { left: 64, right: 16, top: 34, bottom: 26 },
    xAxis: {
      type: 'time',
      ...axisLook,
      axisLabel: { ...axisLook.axisLabel, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: [
      {
        type: 'value',
        name: suffix.trim(),
        ...axisLook,
        scale: true,
        splitNumber: 4,
      },
      { type: 'value', show: false, min: 0, max: 1 },
    ],
    series: [
      // A band is a transparent line and, stacked on it, an area up to the greatest repeat.
      { ...plain, stack: 'range', data: points(low), lineStyle: { opacity: 0 } },
      {
        ...plain,
        stack: 'range',
        data: points((index) => high(index) - low(index)),
        lineStyle: { opacity: 0 },
        areaStyle: { color: CURVE, opacity: 0.2 },
      },
      {
        ...plain,
        data: points((index) => values[index] ?? 0),
        showSymbol: nights.names.length < 40,
        symbolSize: 4,
        itemStyle: { color: CURVE },
        lineStyle: { color: CURVE, width: 1.5 },
        markLine: {
          symbol: 'none',
          silent: true,
          animation: false,
          label: { show: false },
          data: markLines(series, timeOf),
        },
      },
      {
        type: 'scatter',
        yAxisIndex: 1,
        data: marks,
        symbol: 'triangle',
        symbolSize: 7,
        silent: true,
        itemStyle: { color: colour('warn') },
      },
    ],
  };
  return compact(renderSvg({ width: TREND_WIDTH, height: HEIGHT, option }, text));
}

/** Coordinates to a tenth of a pixel, and no line that cannot be seen: a page holds hundreds of charts. */
function compact(svg: string): string {
  return svg
    .replace(/<path [^>]*stroke-opacity="0"[^>]*><\/path>/g, '')
    .replace(/ d="[^"]*"/g, (path) => path.replace(/(\d+\.\d)\d+/g, '$1'));
}
