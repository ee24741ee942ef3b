import type { Metric } from '../../bench/results/metrics.ts';
import { boundsOf, formatSpread } from '../run/format-spread.ts';
import type { ParetoView } from '../views/pareto.ts';
import { logAxis } from './axes.ts';
import { horizontalBar, verticalBar } from './error-bar.ts';
import { colour } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, FONT_SIZE, valueLabels } from './render.ts';

/** Numbers beside the points are places in the verdict table; past so many they would cover each other. */
const MAX_NUMBERED = 60;

/** Two aims against each other: filled points are on the Pareto front, rings are dominated. */
export function paretoChart(view: ParetoView): Chart {
  const front = view.points.filter((point) => point.onFront);
  const dominated = view.points.filter((point) => !point.onFront);
  const numbered = view.points.length <= MAX_NUMBERED ? view.points : front.slice(0, MAX_NUMBERED);
  const bars = view.points.length <= MAX_NUMBERED ? view.points : front;
  const scatter = (points: typeof front, name: string, color: string, filled: boolean) => ({
    name,
    type: 'scatter',
    data: points.map((point) => ({
      value: [point.x.median, point.y.median],
      label: { show: numbered.includes(point), formatter: String(point.number) },
    })),
    symbol: filled ? 'circle' : 'emptyCircle',
    symbolSize: filled ? 11 : 9,
    itemStyle: { color, borderWidth: filled ? 0 : 1.5 },
    label: { position: 'right', color: colour('fg'), fontSize: FONT_SIZE - 1, distance: 4 },
    ...(view.points.length <= MAX_NUMBERED ? { labelLayout: { hideOverlap: true } } : { silent: true }),
    z: filled ? 4 : 3,
  });
  return {
    width: CHART_WIDTH,
    height: 480,
    option: {
      grid: { left: 100, right: 60, top: 70, bottom: 60 },
      legend: {
        top: 0,
        left: 60,
        itemGap: 30,
        data: ['on the Pareto front', 'dominated'],
        textStyle: { color: colour('fg'), fontSize: FONT_SIZE },
      },
      xAxis: {
        ...valueAxis(
          view.x,
          view.points.map((point) => point.x),
        ),
        name: `${view.x.label}${betterText(view.x, 'left', 'right')}`,
        nameLocation: 'middle',
        nameGap: 34,
      },
      yAxis: {
        ...valueAxis(
          view.y,
          view.points.map((point) => point.y),
        ),
        name: `${view.y.label}${betterText(view.y, 'down', 'up')}`,
        nameLocation: 'end',
        nameTextStyle: { ...axisLook.nameTextStyle, align: 'left', padding: [0, 0, 0, -60] },
      },
      series: [
        {
          type: 'custom',
          data: bars.flatMap((point) => {
            const bounds = boundsOf(point.y);
            return bounds === null ? [] : [[point.x.median, bounds.low, bounds.high]];
          }),
          renderItem: verticalBar(colour('soft')),
          encode: { x: 0, y: [1, 2] },
          z: 2,
        },
        {
          type: 'custom',
          data: bars.flatMap((point) => {
            const bounds = boundsOf(point.x);
            return bounds === null ? [] : [[bounds.low, point.y.median, bounds.high]];
          }),
          renderItem: horizontalBar(colour('soft')),
          encode: { x: [0, 2], y: 1 },
          z: 2,
        },
        scatter(dominated, 'dominated', colour('s7'), false),
        scatter(front, 'on the Pareto front', colour('s1'), true),
      ],
    },
    tips: [
      null,
      null,
      dominated.map((point) => tipOf(view, point)),
      front.map((point) => tipOf(view, point)),
    ],
  };
}

const tipOf = ({ x, y }: ParetoView, point: ParetoView['points'][number]): string =>
  `${point.number}. ${point.label}: ${x.label} ${formatSpread(x, point.x)}, ${y.label} ${formatSpread(y, point.y)}`;

const betterText = (metric: Metric, lower: string, higher: string): string =>
  metric.direction === null ? '' : ` (better: ${metric.direction === 'lower-is-better' ? lower : higher})`;

/** Logarithmic where the values span more than a factor of ten. */
function valueAxis(metric: Metric, spreads: readonly { min: number; max: number }[]): object {
  const low = Math.min(...spreads.map((one) => one.min));
  const high = Math.max(...spreads.map((one) => one.max));
  const log = low > 0 && high / low > 10;
  if (log) return logAxis(low / 1.25, high * 1.25, metric.format);
  const pad = (high - low) * 0.06;
  return {
    type: 'value',
    min: Math.max(0, low - pad),
    max: high + pad,
    ...axisLook,
    axisLabel: valueLabels(metric.format),
  };
}
