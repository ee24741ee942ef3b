import type { ComparisonView } from '../views/comparison.ts';
import { percent } from '../views/effects.ts';
import { referenceLine } from './axes.ts';
import { horizontalBar } from './error-bar.ts';
import { colour, type Shades } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, FONT_SIZE, valueLabels } from './render.ts';

/** Verdicts differ in colour, in symbol, and by their word beside the point. */
const LOOK: Readonly<Record<string, { readonly shade: Shades; readonly symbol: string }>> = {
  regressed: { shade: 'bad', symbol: 'triangle' },
  improved: { shade: 'good', symbol: 'diamond' },
  equivalent: { shade: 's1', symbol: 'rect' },
  inconclusive: { shade: 'soft', symbol: 'emptyCircle' },
};
const UNKNOWN = { shade: 'soft', symbol: 'circle' } as const;
const ROW = 30;

/** A row a pair of cells: the effect with its interval, on a logarithmic scale, the region that does not matter shaded. */
export function comparisonChart({ effects, delta }: ComparisonView): Chart {
  const shown = effects.flatMap(({ comparison: { effect, interval } }) =>
    interval === null ? [effect] : [effect, interval.low, interval.high],
  );
  // In logarithms, so that twice and half lie equally far from no effect; an axis of ratios would name too few ticks.
  const margin = Math.log1p(delta);
  const low = Math.min(-margin, ...shown.map(Math.log));
  const high = Math.max(margin, ...shown.map(Math.log));
  const edge = high + 0.06 * (high - low);
  return {
    width: CHART_WIDTH,
    height: 60 + ROW * effects.length,
    option: {
      grid: { left: 60, right: 130, top: 10, bottom: 50 },
      xAxis: {
        type: 'value',
        min: low - 0.06 * (high - low),
        max: edge,
        ...axisLook,
        axisLabel: valueLabels((ln) => percent(Math.exp(ln))),
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: effects.map(({ number }) => String(number)),
        ...axisLook,
        axisLabel: { ...axisLook.axisLabel, interval: 0 },
      },
      series: [
        {
          type: 'custom',
          data: effects.flatMap(({ comparison: { interval } }, i) =>
            interval === null ? [] : [[Math.log(interval.low), i, Math.log(interval.high)]],
          ),
          renderItem: horizontalBar(colour('fg')),
          encode: { x: [0, 2], y: 1 },
          z: 2,
        },
        {
          type: 'scatter',
          data: effects.map(({ comparison: { effect, verdict } }, i) => {
            const { shade, symbol } = LOOK[verdict] ?? UNKNOWN;
            return { value: [Math.log(effect), i], symbol, itemStyle: { color: colour(shade) } };
          }),
          symbolSize: 11,
          z: 3,
          markLine: referenceLine({ xAxis: 0 }),
          markArea: {
            silent: true,
            itemStyle: { color: colour('line'), opacity: 0.5 },
            data: [[{ xAxis: -margin }, { xAxis: margin }]],
          },
        },
        {
          // The words stand at the right edge, where no interval crosses them.
          type: 'scatter',
          data: effects.map(({ comparison: { verdict } }, i) => ({
            value: [edge, i],
            label: { formatter: verdict },
          })),
          symbolSize: 0,
          silent: true,
          label: { show: true, position: 'right', distance: 10, color: colour('fg'), fontSize: FONT_SIZE },
          clip: false,
        },
      ],
    },
    tips: [
      null,
      effects.map(
        ({ number, candidate, comparison: { effect, interval, verdict } }) =>
          `${number}. ${candidate}: ${percent(effect)}${interval === null ? '' : ` [${percent(interval.low)}, ${percent(interval.high)}]`}, ${verdict}`,
      ),
      null,
    ],
  };
}
