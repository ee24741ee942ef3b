import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { SeriesReport } from '../../bench/nightly/report.ts';
import { metricOf } from '../metrics.ts';
import { scaleOf } from '../units.ts';
import { pointsToDraw } from './downsample.ts';

echarts.use([LineChart, ScatterChart, GridComponent, MarkLineComponent, SVGRenderer]);

/** Colours that stand for the page's variables: one drawing serves the light and the dark theme. */
const THEMED = {
  '#010101': 'var(--soft)',
  '#010102': 'var(--line)',
  '#010103': 'var(--curve)',
  '#010104': 'var(--bad)',
  '#010105': 'var(--good)',
  '#010106': 'var(--warn)',
  '#010107': 'var(--band)',
} as const;
const COLOUR = {
  text: '#010101',
  grid: '#010102',
  curve: '#010103',
  worse: '#010104',
  better: '#010105',
  other: '#010106',
  band: '#010107',
} as const;

const WIDTH = 860;
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
        ? COLOUR.other
        : change.worse
          ? COLOUR.worse
          : COLOUR.better;
    return vertical(timeOf(change.index), color, change.accepted ? 'dashed' : 'solid', change.recent ? 2 : 1);
  });
  const redefined =
    series.comparableFrom > 0 ? [vertical(timeOf(series.comparableFrom), COLOUR.text, 'dotted', 1)] : [];
  return [...changes, ...redefined];
}

/** One series as SVG: medians, the range of the repeats, changes of level, and marks where the environment changed. */
export function trendChart(series: SeriesReport, mostPoints: number): { svg: string; drawn: number } {
  const { nights, changes, environmentChanges } = series;
  const { times, values, lows, highs } = nights;
  const keep = [...changes.flatMap(({ index }) => [index - 1, index]), series.comparableFrom];
  const drawn = pointsToDraw(values, mostPoints, keep);
  const timeOf = (index: number): number => times[index] ?? Number.NaN;
  const { divisor, suffix } = scaleOf(values.at(-1) ?? 1, metricOf(series.metric).unit);
  const scaled = (value: number): number => Number((value / divisor).toPrecision(5));
  const points = (of: (index: number) => number): Point[] =>
    drawn.map((index) => [timeOf(index), scaled(of(index))]);
  const low = (index: number): number => lows[index] ?? 0;
  const high = (index: number): number => highs[index] ?? 0;
  const plain = { type: 'line', showSymbol: false, silent: true, animation: false } as const;
  const marks = environmentChanges.slice(-MOST_ENVIRONMENT_MARKS).map((index) => [timeOf(index), 0]);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    grid: { left: 64, right: 16, top: 24, bottom: 26 },
    textStyle: { fontFamily: 'inherit' },
    xAxis: {
      type: 'time',
      axisLabel: { color: COLOUR.text, hideOverlap: true },
      axisLine: { lineStyle: { color: COLOUR.grid } },
    },
    yAxis: [
      {
        type: 'value',
        name: suffix.trim(),
        nameTextStyle: { color: COLOUR.text },
        scale: true,
        splitNumber: 4,
        axisLabel: { color: COLOUR.text },
        splitLine: { lineStyle: { color: COLOUR.grid } },
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
        areaStyle: { color: COLOUR.band, opacity: 1 },
      },
      {
        ...plain,
        data: points((index) => values[index] ?? 0),
        showSymbol: nights.names.length < 40,
        symbolSize: 4,
        itemStyle: { color: COLOUR.curve },
        lineStyle: { color: COLOUR.curve, width: 1.5 },
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
        itemStyle: { color: COLOUR.other },
      },
    ],
  });
  let svg = chart.renderToSVGString();
  chart.dispose();
  for (const [sentinel, variable] of Object.entries(THEMED)) svg = svg.replaceAll(sentinel, variable);
  return { svg: compact(svg), drawn: drawn.length };
}

/** Coordinates to a tenth of a pixel, no line that can't be seen, and no rectangle behind it all: the page's own background shows. */
function compact(svg: string): string {
  return svg
    .replace(/<rect width="\d+" height="\d+" x="0" y="0" id="\d+" fill="none"><\/rect>/, '')
    .replace(/<path [^>]*stroke-opacity="0"[^>]*><\/path>/g, '')
    .replace(/(\d+\.\d)\d+/g, '$1')
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '');
}
