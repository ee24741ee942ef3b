import type { HdrView } from '../views/hdr.ts';
import { latencyAxis } from './axes.ts';
import { colour, lineLook } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, legendBelow } from './render.ts';

/** "p99.9" for 1000: the percentile that has one record in so many beyond it. */
export function percentileLabel(nines: number): string {
  if (nines === 1) return 'p0';
  const count = Math.round(Math.log10(nines));
  if (count === 1) return 'p90';
  return `p99${count > 2 ? `.${'9'.repeat(count - 2)}` : ''}`;
}

/** Latency by percentile with the percentiles on a logarithmic axis of nines. */
export function hdrChart(view: HdrView): Chart {
  const { legend, height } = legendBelow(view.lines.map((line) => line.label));
  const most = Math.max(...view.lines.map((line) => line.samples));
  const values = view.lines.flatMap((line) => line.points.map((point) => point.valueUs));
  const context = view.context.map((points) => ({
    type: 'line',
    data: points.map((point) => [point.nines, point.valueUs]),
    showSymbol: false,
    lineStyle: { color: colour('soft'), width: 1, opacity: 0.25 },
    z: 1,
  }));
  const lines = view.lines.map((line, i) => {
    const { color, dash, symbol } = lineLook(i);
    return {
      name: line.label,
      type: 'line',
      data: line.points.map((point, at) => {
        // A symbol at each whole nine is enough to tell the lines apart.
        const whole = Math.abs(Math.log10(point.nines) - Math.round(Math.log10(point.nines))) < 1e-6;
        const last = at === line.points.length - 1;
        return { value: [point.nines, Math.max(1, point.valueUs)], symbolSize: whole || last ? 7 : 0 };
      }),
      symbol,
      color,
      itemStyle: { color },
      lineStyle: { color, type: dash, width: 2 },
      z: 3,
    };
  });
  return {
    width: CHART_WIDTH,
    height: 430 + height,
    option: {
      grid: { left: 90, right: 60, top: 40, bottom: 60 + height },
      legend,
      xAxis: {
        type: 'log',
        logBase: 10,
        min: 1,
        max: 10 ** Math.ceil(Math.log10(Math.max(10, most))),
        name: 'percentile (logarithmic in nines); the last point of a line is its maximum',
        nameLocation: 'middle',
        nameGap: 34,
        ...axisLook,
        axisLabel: { ...axisLook.axisLabel, formatter: percentileLabel },
      },
      yAxis: {
        ...latencyAxis('latency'),
        min: Math.max(1, 10 ** Math.floor(Math.log10(Math.max(1, Math.min(...values))))),
      },
      series: [...context, ...lines],
    },
  };
}
