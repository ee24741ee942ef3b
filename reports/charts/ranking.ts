import { boundsOf, extentOf, formatSpread } from '../run/format-spread.ts';
import type { RankingView } from '../views/ranking.ts';
import { figureAxis } from './axes.ts';
import { horizontalBar } from './error-bar.ts';
import { colour } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, elastic, FONT_SIZE } from './render.ts';

const ROW = 30;
const CHARACTER = 7.2;

/** A row a cell: its median as a point, its interval as a bar, the figure in words at the right. */
export function rankingChart({ metric, rows }: RankingView): Chart {
  const left = Math.min(330, 24 + CHARACTER * Math.max(...rows.map(({ name }) => name.length)));
  const texts = rows.map(({ spread }) => formatSpread(metric, spread));
  const right = 24 + CHARACTER * Math.max(...texts.map((text) => text.length));
  const ends = rows.flatMap(({ spread }) => extentOf(spread));
  const { axis, end: edge } = figureAxis(ends, metric.format, { grow: 1.15, pad: 0.06 });
  return elastic({
    width: CHART_WIDTH,
    height: 70 + ROW * rows.length,
    option: {
      grid: { left, right, top: 10, bottom: 56 },
      xAxis: {
        ...axis,
        name: `${metric.label}${metric.direction === null ? '' : ` (${metric.direction === 'lower-is-better' ? 'lower' : 'higher'} is better)`}`,
        nameLocation: 'middle',
        nameGap: 32,
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map(({ name }) => name),
        ...axisLook,
        axisLabel: { ...axisLook.axisLabel, interval: 0, width: left - 16, overflow: 'break' },
      },
      series: [
        {
          type: 'custom',
          data: rows.flatMap(({ spread }, i) => {
            const bounds = boundsOf(spread);
            return bounds === null ? [] : [[bounds.low, i, bounds.high]];
          }),
          renderItem: horizontalBar(colour('fg')),
          encode: { x: [0, 2], y: 1 },
          silent: true,
          z: 2,
        },
        {
          type: 'scatter',
          data: rows.map(({ spread }, i) => ({
            value: [spread.median, i],
            symbol: i === 0 ? 'diamond' : 'circle',
            symbolSize: i === 0 ? 15 : 11,
            itemStyle: { color: colour(i === 0 ? 'good' : 's1') },
          })),
          z: 3,
        },
        {
          // Figures stand in a column of their own, where no interval crosses them.
          type: 'scatter',
          data: texts.map((text, i) => ({ value: [edge, i], label: { formatter: text } })),
          symbolSize: 0,
          silent: true,
          label: { show: true, position: 'right', distance: 10, color: colour('fg'), fontSize: FONT_SIZE },
          clip: false,
        },
      ],
    },
    tips: [null, rows.map(({ name }, i) => `${name}: ${metric.label} ${texts[i]}`), null],
  });
}
