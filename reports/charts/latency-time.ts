import { formatUnit } from '../../bench/results/figure-units.ts';
import type { LatencyTimeView } from '../views/latency-time.ts';
import { roundTicks } from './axes.ts';
import type { CustomApi } from './error-bar.ts';
import { colour, scaleColour } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, FONT_SIZE } from './render.ts';

/** Time across, latency up on a logarithmic scale, colour by the logarithm of the records in a tile. */
export function latencyTimeChart(view: LatencyTimeView): Chart {
  const most = Math.max(1, ...view.tiles.map((tile) => tile.count));
  const low = Math.log10(view.boundsUs[0] ?? 1);
  const high = Math.log10(view.boundsUs.at(-1) ?? 10);
  const ticks = roundTicks(10 ** low, 10 ** high).map(Math.log10);
  const { columnSec } = view;
  return {
    width: CHART_WIDTH,
    height: 360,
    option: {
      grid: { left: 90, right: 30, top: 40, bottom: 90 },
      xAxis: {
        type: 'value',
        min: 0,
        max: view.columns * columnSec,
        name: 'seconds of the measured window',
        nameLocation: 'middle',
        nameGap: 30,
        ...axisLook,
        splitLine: { show: false },
      },
      yAxis: {
        type: 'value',
        min: low,
        max: high,
        name: 'latency',
        ...axisLook,
        splitLine: { show: false },
        axisTick: { ...axisLook.axisTick, customValues: ticks },
        axisLabel: {
          color: colour('fg'),
          fontSize: FONT_SIZE,
          hideOverlap: true,
          customValues: ticks,
          formatter: (value: number) => formatUnit(Number((10 ** value).toPrecision(2)), 'us'),
        },
      },
      series: [
        {
          type: 'custom',
          data: view.tiles.map(({ column, row, count }) => [
            column * columnSec,
            Math.log10(view.boundsUs[row] ?? 1),
            (column + 1) * columnSec,
            Math.log10(view.boundsUs[row + 1] ?? 1),
            count,
          ]),
          encode: { x: [0, 2], y: [1, 3] },
          renderItem: (_params: unknown, api: CustomApi) => {
            const [left, bottom] = api.coord([api.value(0), api.value(1)]);
            const [right, top] = api.coord([api.value(2), api.value(3)]);
            const share = Math.log1p(api.value(4)) / Math.log1p(most);
            return {
              type: 'rect',
              // Half a pixel over the edge: no seams between tiles.
              shape: { x: left, y: top, width: right - left + 0.5, height: bottom - top + 0.5 },
              style: { fill: scaleColour(share).fill },
            };
          },
        },
      ],
      title: keyOf(most),
    },
    xAxis: { left: 90, right: CHART_WIDTH - 30, min: 0, max: view.columns * columnSec },
  };
}

/** What the colours stand for, as text in their own colour's frame below the plot. */
function keyOf(most: number): object[] {
  const steps = [...new Set([1, Math.round(Math.sqrt(most)), most])];
  return steps.map((count, i) => {
    const { fill, text } = scaleColour(Math.log1p(count) / Math.log1p(most));
    return {
      text: `${formatUnit(count, 'count')} record${count === 1 ? '' : 's'}`,
      left: 90 + 150 * i,
      bottom: 8,
      padding: [5, 10],
      backgroundColor: fill,
      textStyle: { color: text, fontSize: FONT_SIZE, fontWeight: 'normal' },
    };
  });
}
