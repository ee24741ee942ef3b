import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { CurveView } from '../report.ts';

echarts.use([
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  SVGRenderer,
]);

type Theme = 'light' | 'dark';

const COLOURS = {
  light: {
    text: '#1f2328',
    faint: '#d0d7de',
    curve: '#0969da',
    model: '#8250df',
    demand: '#bc4c00',
    cap: '#cf222e',
    answer: '#1a7f37',
  },
  dark: {
    text: '#e6edf3',
    faint: '#3d444d',
    curve: '#58a6ff',
    model: '#bc8cff',
    demand: '#f0883e',
    cap: '#ff7b72',
    answer: '#3fb950',
  },
} as const;

/** The picture of a page, and one that is drawn for 400 px instead of being shrunk to them. */
export type Shape = 'wide' | 'narrow';
const SIZES = {
  wide: { width: 900, height: 460, left: 70, right: 30, top: 70, gap: 26 },
  narrow: { width: 360, height: 480, left: 58, right: 16, top: 44, gap: 8 },
} as const;
const MB = 1e6;

interface CustomApi {
  value(dimension: number): number;
  coord(point: [number, number]): [number, number];
}

/** The interval of one measured point as a bar with two caps. */
function intervalBar(colour: string) {
  return (_params: unknown, api: CustomApi) => {
    const [x, yLow] = api.coord([api.value(0), api.value(1)]);
    const [, yHigh] = api.coord([api.value(0), api.value(2)]);
    const line = (x1: number, y1: number, x2: number, y2: number) => ({
      type: 'line',
      shape: { x1, y1, x2, y2 },
      style: { stroke: colour, lineWidth: 2 },
    });
    return {
      type: 'group',
      children: [line(x, yLow, x, yHigh), line(x - 5, yLow, x + 5, yLow), line(x - 5, yHigh, x + 5, yHigh)],
    };
  };
}

/** Partition counts that the horizontal axis has to hold. */
function extent(curve: CurveView): number {
  const counts = [
    ...curve.points.map((point) => point.partitions),
    ...(curve.model?.line ?? []).map((point) => point.partitions),
    curve.recommended ?? 0,
    2,
  ];
  const largest = Math.max(...counts);
  // A cap far away would press the curve into a corner: the page's text names it.
  const caps = curve.caps.map((cap) => cap.partitions).filter((cap) => cap > 0 && cap <= largest * 4);
  const all = Math.max(largest, ...caps);
  return curve.assumedPerPartition === null ? all * 1.15 : Math.max(all * 1.15, (curve.recommended ?? 1) * 2);
}

function markLines(curve: CurveView, max: number, theme: Theme) {
  const colours = COLOURS[theme];
  const vertical = (partitions: number, name: string, colour: string, type: 'solid' | 'dashed') => ({
    xAxis: partitions,
    label: { formatter: name, color: colour, position: 'end' as const, fontSize: 12 },
    lineStyle: { color: colour, type, width: 2 },
  });
  const horizontal = (bytesPerSec: number, name: string, type: 'solid' | 'dashed') => ({
    yAxis: bytesPerSec / MB,
    label: { formatter: name, color: colours.demand, position: 'insideEndTop' as const, fontSize: 12 },
    lineStyle: { color: colours.demand, type, width: 2 },
  });
  const lines: object[] = [];
  if (curve.demandBytesPerSec > 0) lines.push(horizontal(curve.demandBytesPerSec, 'peak demand', 'solid'));
  if (curve.requiredBytesPerSec > curve.demandBytesPerSec) {
    lines.push(horizontal(curve.requiredBytesPerSec, 'demand with headroom', 'dashed'));
  }
  for (const cap of curve.caps) {
    if (cap.partitions > 0 && cap.partitions <= max)
      lines.push(vertical(cap.partitions, 'cap', colours.cap, 'dashed'));
  }
  if (curve.recommended !== null) {
    lines.push(vertical(curve.recommended, `recommended: ${curve.recommended}`, colours.answer, 'solid'));
  }
  return lines;
}

function measuredSeries(curve: CurveView, theme: Theme): object[] {
  const colours = COLOURS[theme];
  const inMB = (value: number) => value / MB;
  return [
    {
      name: 'measured, median',
      type: 'line',
      data: curve.points.map((point) => [point.partitions, inMB(point.point)]),
      symbolSize: 8,
      color: colours.curve,
      lineStyle: { width: 2 },
      z: 4,
    },
    {
      name: 'interval over runs',
      type: 'custom',
      data: curve.points.map((point) => [point.partitions, inMB(point.low), inMB(point.high)]),
      renderItem: intervalBar(colours.curve),
      encode: { x: 0, y: [1, 2] },
      color: colours.curve,
      z: 3,
    },
    {
      name: 'single runs',
      type: 'scatter',
      data: curve.points.flatMap((point) => point.repeats.map((value) => [point.partitions, inMB(value)])),
      symbolSize: 5,
      color: colours.text,
      itemStyle: { opacity: 0.45 },
      z: 5,
    },
  ];
}

function modelSeries(curve: CurveView, theme: Theme): object[] {
  if (curve.model === null) return [];
  const colours = COLOURS[theme];
  const line = (name: string, side: 'low' | 'point' | 'high', type: 'solid' | 'dotted', width: number) => ({
    name,
    type: 'line',
    data: (curve.model?.line ?? []).map((point) => [point.partitions, point[side] / MB]),
    showSymbol: false,
    color: colours.model,
    lineStyle: { type, width },
    z: 2,
  });
  return [
    line('scalability law', 'point', 'solid', 2),
    line('its resampling band', 'low', 'dotted', 1.5),
    line('its resampling band', 'high', 'dotted', 1.5),
  ];
}

function assumedSeries(curve: CurveView, max: number, theme: Theme): object[] {
  const { assumedPerPartition } = curve;
  if (assumedPerPartition === null) return [];
  return [
    {
      name: 'assumed: one partition multiplied out',
      type: 'line',
      data: [1, max].map((partitions) => [partitions, (partitions * assumedPerPartition) / MB]),
      showSymbol: false,
      color: COLOURS[theme].curve,
      lineStyle: { type: 'dashed', width: 2 },
    },
  ];
}

/** X(N) with its interval, the demand and the caps, as an SVG of its own. */
export function curveSvg(curve: CurveView, theme: Theme, shape: Shape = 'wide'): string {
  const size = SIZES[shape];
  const colours = COLOURS[theme];
  const max = extent(curve);
  const measured = curve.points.length > 0 ? measuredSeries(curve, theme) : [];
  const series: object[] = [...measured, ...modelSeries(curve, theme), ...assumedSeries(curve, max, theme)];
  series.push({
    type: 'line',
    data: [],
    markLine: { symbol: 'none', silent: true, animation: false, data: markLines(curve, max, theme) },
  });
  const top = Math.max(
    curve.requiredBytesPerSec,
    ...curve.points.map((point) => point.high),
    ...(curve.model?.line ?? []).map((point) => point.high),
  );
  const names = [
    ...new Set(series.map((one) => (one as { name?: string }).name).filter((name) => name !== undefined)),
  ];
  const axis = {
    axisLabel: { color: colours.text, fontSize: 12 },
    axisLine: { lineStyle: { color: colours.faint } },
    splitLine: { lineStyle: { color: colours.faint, opacity: 0.5 } },
    nameTextStyle: { color: colours.text, fontSize: 13 },
  };
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: size.width,
    height: size.height,
  });
  chart.setOption({
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    // A narrow legend has a line for each name.
    grid: {
      left: size.left,
      right: size.right,
      top: shape === 'narrow' ? size.top + names.length * 22 : size.top,
      bottom: 55,
    },
    legend: {
      top: 8,
      data: names,
      itemGap: size.gap,
      ...(shape === 'narrow' ? { orient: 'vertical', left: 0 } : {}),
      textStyle: { color: colours.text, fontSize: 12 },
    },
    xAxis: {
      type: 'value',
      name: 'partitions',
      nameLocation: 'middle',
      nameGap: 32,
      min: 0,
      max: Math.ceil(max),
      minInterval: 1,
      ...axis,
    },
    yAxis: {
      type: 'value',
      name: 'MB/s of payload',
      // Above the axis it would leave a narrow picture, or meet the label of the answer.
      ...(shape === 'narrow' ? { nameLocation: 'middle' as const, nameGap: 36 } : {}),
      min: 0,
      max: top > 0 ? Number(((top * 1.12) / MB).toPrecision(2)) : 1,
      ...axis,
    },
    series,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
