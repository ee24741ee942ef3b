import { formatUnit } from '../../bench/results/figure-units.ts';
import type { HdrView } from '../views/hdr.ts';
import { latencyAxis } from './axes.ts';
import type { CustomApi } from './error-bar.ts';
import { colour, lineLook } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, legendBelow } from './render.ts';

/** "p99.9" for 1000: the percentile that has one record in so many beyond it. */
export function percentileLabel(nines: number): string {
  if (nines === 1) return 'p0';
  const count = Math.round(Math.log10(nines));
  if (count === 1) return 'p90';
  return `p99${count > 2 ? `.${'9'.repeat(count - 2)}` : ''}`;
}

/** At whole nines and at the end, where the symbols are. */
function tipsOf({ label, points }: HdrView['lines'][number]): (string | null)[] {
  return points.map(({ nines, valueUs }, at) => {
    const last = at === points.length - 1;
    if (!isWholeNine(nines) && !last) return null;
    return `${label}: ${last ? 'maximum' : percentileLabel(nines)} ${formatUnit(valueUs, 'us')}`;
  });
}

const isWholeNine = (nines: number): boolean =>
  Math.abs(Math.log10(nines) - Math.round(Math.log10(nines))) < 1e-6;

/** From the lowest repeat to the highest at each percentile. */
function bandShape(band: HdrView['lines'][number]['band'], fill: string, api: CustomApi) {
  const up = band.map(({ nines, highUs }) => api.coord([nines, Math.max(1, highUs)]));
  const down = band.map(({ nines, lowUs }) => api.coord([nines, Math.max(1, lowUs)])).reverse();
  return { type: 'polygon', shape: { points: [...up, ...down] }, style: { fill, opacity: 0.16 } };
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
  const bands = view.lines.map((line) => ({
    type: 'custom',
    data: line.band.length === 0 ? [] : [[1, 1]],
    renderItem: (_params: unknown, api: CustomApi) => bandShape(line.band, lineLook(line.look).color, api),
    encode: { x: 0, y: 1 },
    silent: true,
    z: 2,
  }));
  const lines = view.lines.map((line) => {
    const { color, dash, symbol } = lineLook(line.look);
    return {
      name: line.label,
      type: 'line',
      data: line.points.map((point, at) => {
        // A symbol at each whole nine is enough to tell the lines apart.
        const whole = isWholeNine(point.nines);
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
      series: [...context, ...bands, ...lines],
    },
    tips: [...context.map(() => null), ...bands.map(() => null), ...view.lines.map(tipsOf)],
    belongsTo: Object.fromEntries(
      bands.map((_, i) => [context.length + i, context.length + bands.length + i]),
    ),
  };
}
