import { formatUnit } from '../../bench/results/figure-units.ts';
import type { HdrView } from '../views/hdr.ts';
import { latencyAxis } from './axes.ts';
import { areFew, directLabels, type LineEnd, labelWidth } from './direct-labels.ts';
import type { CustomApi } from './error-bar.ts';
import { colour, lineLook } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, elastic, legendBelow, NO_LEGEND, valueLabels } from './render.ts';

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

const nineLabel = (nines: number): string => (isWholeNine(nines) ? percentileLabel(nines) : '');

function endOf({ label, points, look }: HdrView['lines'][number]): LineEnd[] {
  const end = points.at(-1);
  if (end === undefined) return [];
  return [{ text: label, color: lineLook(look).color, at: [end.nines, Math.max(1, end.valueUs)] }];
}

/** Latency by percentile with the percentiles on a logarithmic axis of nines. */
export function hdrChart(view: HdrView): Chart {
  const names = view.lines.map((line) => line.label);
  const few = areFew(names);
  const { legend, height } = few ? NO_LEGEND : legendBelow(names);
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
  const labels = few ? directLabels(view.lines.flatMap(endOf)) : [];
  const own = context.length + bands.length;
  return elastic({
    width: CHART_WIDTH,
    height: 430 + height,
    option: {
      grid: { left: 90, right: few ? labelWidth(names) : 60, top: 40, bottom: 60 + height },
      legend,
      xAxis: {
        type: 'log',
        logBase: 10,
        min: 1,
        max: Math.max(10, most),
        name: 'percentile (logarithmic in nines); the last point of a line is its maximum',
        nameLocation: 'middle',
        nameGap: 34,
        ...axisLook,
        axisLabel: valueLabels(nineLabel),
      },
      yAxis: latencyAxis('latency', [
        ...values,
        ...view.lines.flatMap(({ band }) => band.flatMap(({ lowUs, highUs }) => [lowUs, highUs])),
      ]),
      series: [...context, ...bands, ...lines, ...labels],
    },
    tips: [...context.map(() => null), ...bands.map(() => null), ...view.lines.map(tipsOf)],
    belongsTo: Object.fromEntries(bands.map((_, i) => [context.length + i, own + i])),
    ...(few ? { labels: Object.fromEntries(lines.map((_, i) => [own + lines.length + i, own + i])) } : {}),
  });
}
