import { formatUnit } from '../../bench/results/figure-units.ts';
import { colour } from './palette.ts';
import { axisLook, FONT_SIZE } from './render.ts';

/** A logarithmic axis of latencies in µs, labelled with their units. */
export const latencyAxis = (name: string): object => ({
  type: 'log',
  name,
  ...axisLook,
  minorTick: { show: true, splitNumber: 9 },
  minorSplitLine: { show: true, ...axisLook.minorSplitLine },
  axisLabel: {
    fontSize: FONT_SIZE,
    color: colour('fg'),
    formatter: (value: number) => formatUnit(value, 'us'),
  },
});

/** Where nothing differs: a dashed line that takes no part in anything. */
export const referenceLine = (at: { readonly xAxis: number } | { readonly yAxis: number }): object => ({
  symbol: 'none',
  silent: true,
  animation: false,
  label: { show: false },
  lineStyle: { color: colour('soft'), type: 'dashed', width: 1 },
  data: [at],
});
