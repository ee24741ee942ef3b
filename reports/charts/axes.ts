import { formatUnit } from '../../bench/results/figure-units.ts';
import { colour } from './palette.ts';
import { axisLook, FONT_SIZE, valueLabels } from './render.ts';

/** Powers of ten from which on 2 and 5 between them would crowd the axis. */
const MAX_DECADES_WITH_STEPS = 3;

/** The figures that people read off a logarithmic scale: 1, 2 and 5 of each power of ten, or the powers alone. */
export function roundTicks(low: number, high: number): number[] {
  const digits = Math.log10(high / low) > MAX_DECADES_WITH_STEPS ? [1] : [1, 2, 5];
  const from = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - from + 1 }, (_, i) => from + i);
  return powers
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

/** A logarithmic axis from `low` to `high`, both above 0, with its lines and labels at round figures. */
export function logAxis(low: number, high: number, formatter: (value: number) => string): object {
  const customValues = roundTicks(low, high);
  return {
    type: 'log',
    min: low,
    max: high,
    ...axisLook,
    axisTick: { ...axisLook.axisTick, customValues },
    splitLine: { ...axisLook.splitLine, customValues },
    axisLabel: { fontSize: FONT_SIZE, color: colour('fg'), hideOverlap: true, customValues, formatter },
  };
}

interface Room {
  /** Factor by which a logarithmic axis goes beyond the values. */
  readonly grow: number;
  /** Share of their span by which another one does. */
  readonly pad: number;
  /** What only an axis that is not logarithmic has. */
  readonly more?: object;
}

/** An axis around figures, logarithmic where they span more than a factor of eight; and where it ends. */
export function figureAxis(
  values: readonly number[],
  formatter: (value: number) => string,
  { grow, pad, more = {} }: Room,
): { readonly axis: object; readonly end: number } {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low > 0 && high / low > 8)
    return { axis: logAxis(low / grow, high * grow, formatter), end: high * grow };
  const room = high === low ? Math.max(1, high * 0.1) : (high - low) * pad;
  const [min, max] = [Math.max(0, low - room), high + room];
  return {
    axis: { type: 'value', min, max, ...more, ...axisLook, axisLabel: valueLabels(formatter) },
    end: max,
  };
}

/** A logarithmic axis of latencies in µs around those values, labelled with their units. */
export function latencyAxis(name: string, valuesUs: readonly number[]): object {
  const low = Math.max(1, Math.min(...valuesUs));
  const high = Math.max(low, ...valuesUs);
  return { ...logAxis(Math.max(1, low / 1.2), high * 1.2, (value) => formatUnit(value, 'us')), name };
}

/** Where nothing differs: a dashed line that takes no part in anything. */
export const referenceLine = (at: { readonly xAxis: number } | { readonly yAxis: number }): object => ({
  symbol: 'none',
  silent: true,
  animation: false,
  label: { show: false },
  lineStyle: { color: colour('soft'), type: 'dashed', width: 1 },
  data: [at],
});
