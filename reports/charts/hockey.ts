import { formatUnit } from '../../bench/results/figure-units.ts';
import { metricOf } from '../../bench/results/metrics.ts';
import type { Spread } from '../../bench/stats/describe.ts';
import { boundsOf, extentOf, formatSpread } from '../run/format-spread.ts';
import type { HockeyLine, HockeyPoint, HockeyView } from '../views/hockey.ts';
import { latencyAxis } from './axes.ts';
import { areFew, directLabels, type LineEnd, labelWidth } from './direct-labels.ts';
import { verticalBar } from './error-bar.ts';
import { colour, lineLook } from './palette.ts';
import {
  axisLook,
  CHART_WIDTH,
  type Chart,
  elastic,
  FONT,
  FONT_SIZE,
  legendBelow,
  NO_LEGEND,
} from './render.ts';

type PercentileKey = 'p50' | 'p99' | 'p999';
const NAMES: Readonly<Record<PercentileKey, string>> = { p50: 'p50', p99: 'p99', p999: 'p99.9' };

const LATENCY = metricOf('due-to-ack.p99');

interface Curve {
  readonly line: HockeyLine;
  readonly key: PercentileKey;
  readonly name: string;
}

/** One line: its three percentiles. Several lines: the p99 of each, as nine lines could not be told apart. */
export function hockeyChart(view: HockeyView): Chart {
  const single = view.lines.length === 1;
  const keys: PercentileKey[] = single ? ['p50', 'p99', 'p999'] : ['p99'];
  const curves = view.lines.flatMap((line) =>
    keys.map((key) => ({ line, key, name: single ? NAMES[key] : `p99, ${line.label}` })),
  );
  const names = curves.map((curve) => curve.name);
  const few = areFew(names);
  const { legend, height } = few ? NO_LEGEND : legendBelow(names);
  const ends = few ? curves.map(endOf) : [];
  const labels = ends.flatMap((end, i) => (end === null ? [] : [{ end, series: SERIES_A_CURVE * i }]));
  return elastic({
    width: CHART_WIDTH,
    height: 420 + height,
    option: {
      grid: { left: 90, right: few ? labelWidth(names) : 50, top: 50, bottom: 60 + height },
      legend,
      xAxis: {
        type: 'value',
        min: 0,
        name: 'offered rate, records/s',
        nameLocation: 'middle',
        nameGap: 34,
        ...axisLook,
        axisLabel: {
          ...axisLook.axisLabel,
          formatter: (value: number) => formatUnit(value, 'count'),
          hideOverlap: true,
        },
      },
      yAxis: latencyAxis('due→ack latency', curves.flatMap(valuesOf)),
      series: [
        ...curves.flatMap((curve, i) => curveSeries(curve, i, view.probes)),
        ...directLabels(labels.map(({ end }) => end)),
      ],
    },
    tips: curves.flatMap(({ line, key, name }) => [
      line.points.flatMap((point) => {
        const spread = point[key];
        return spread === null
          ? []
          : [`${name} at ${formatUnit(point.offeredPerSec, 'perSec')}: ${formatSpread(LATENCY, spread)}`];
      }),
      null,
      null,
    ]),
    belongsTo: Object.fromEntries(
      curves.flatMap((_, i) => [1, 2].map((k) => [SERIES_A_CURVE * i + k, SERIES_A_CURVE * i])),
    ),
    ...(few
      ? {
          labels: Object.fromEntries(
            labels.map(({ series }, i) => [SERIES_A_CURVE * curves.length + i, series]),
          ),
        }
      : {}),
  });
}

/** Its line, its intervals, and its rates without a valid repeat. */
const SERIES_A_CURVE = 3;

const valuesOf = ({ line, key }: Curve): number[] =>
  line.points.flatMap(({ [key]: spread }) => (spread === null ? [] : extentOf(spread)));

/** null for a curve without a point. */
function endOf({ line, key, name }: Curve, index: number): LineEnd | null {
  const last = line.points.findLast((point) => point[key] !== null);
  const median = last?.[key]?.median;
  if (last === undefined || median === undefined) return null;
  return { text: name, color: lineLook(index).color, at: [last.offeredPerSec, median] };
}

function curveSeries(curve: Curve, index: number, probes: boolean): object[] {
  const { line, key, name } = curve;
  const { color, dash, symbol } = lineLook(index);
  const having = line.points.flatMap((point) => {
    const spread = point[key];
    return spread === null ? [] : [{ point, spread }];
  });
  const bars = having.flatMap(({ point, spread }) => barOf(point, spread));
  return [
    {
      name,
      type: 'line',
      data: having.map(({ point, spread }) => [point.offeredPerSec, spread.median]),
      symbol,
      symbolSize: 8,
      color,
      itemStyle: { color },
      // Probes of several repeats are points: a line between them would zigzag.
      lineStyle: { color, type: dash, width: probes ? 0 : 2 },
      z: 3,
      ...(key === 'p99' ? { markLine: bendMark(line, color) } : {}),
    },
    { type: 'custom', data: bars, renderItem: verticalBar(color), encode: { x: 0, y: [1, 2] }, z: 2 },
    {
      type: 'custom',
      data: line.points
        .filter((point) => point.state !== 'valid' && key === 'p99' && !probes)
        .map((point) => [point.offeredPerSec]),
      renderItem: notSustained(index),
      z: 4,
    },
  ];
}

function barOf(point: HockeyPoint, spread: Spread): [number, number, number][] {
  const bounds = boundsOf(spread);
  return bounds === null ? [] : [[point.offeredPerSec, bounds.low, bounds.high]];
}

function bendMark(line: HockeyLine, color: string): object {
  return {
    symbol: 'none',
    silent: true,
    animation: false,
    data:
      line.bend === null
        ? []
        : [
            {
              xAxis: line.bend.perSec,
              label: { formatter: '▼', color: colour('fg'), fontSize: FONT_SIZE },
            },
          ],
    lineStyle: { color, type: 'dashed', width: 1.5 },
  };
}

/** A cross at the top for a rate without a valid repeat. */
function notSustained(index: number) {
  return (
    params: { coordSys: { y: number } },
    api: { value(dimension: number): number; coord(point: [number, number]): [number, number] },
  ) => {
    const [x] = api.coord([api.value(0), 1]);
    return {
      type: 'text',
      style: {
        x,
        y: params.coordSys.y + 12 + 16 * index,
        text: '✕ not valid',
        fill: lineLook(index).color,
        fontFamily: FONT,
        fontSize: FONT_SIZE - 1,
        align: 'right',
        verticalAlign: 'middle',
      },
    };
  };
}
