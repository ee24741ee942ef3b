import { formatUnit, type Unit } from '../../bench/results/figure-units.ts';
import type { SeriesColumn, SeriesRow } from '../../bench/results/series-columns.ts';
import type { SeriesView } from '../views/series.ts';
import { colour, lineLook } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, FONT_SIZE } from './render.ts';

interface Panel {
  readonly title: string;
  readonly unit: Unit;
  readonly lines: readonly { readonly name: string; readonly column: Exclude<SeriesColumn, 'phase'> }[];
}

/** Panels share one time axis, so that a stall is seen in all of them at once. */
const PANELS: readonly Panel[] = [
  {
    title: 'records/s',
    unit: 'count',
    lines: [
      { name: 'offered', column: 'duePerSec' },
      { name: 'acknowledged', column: 'ackedPerSec' },
      { name: 'received', column: 'receivedPerSec' },
    ],
  },
  {
    title: 'latency p99',
    unit: 'us',
    lines: [
      { name: 'due→ack', column: 'dueToAckP99Us' },
      { name: 'sent→ack', column: 'sentToAckP99Us' },
      { name: 'end to end', column: 'endToEndP99Us' },
    ],
  },
  { title: 'lag, records', unit: 'count', lines: [{ name: 'lag', column: 'lagRecords' }] },
  { title: 'event-loop delay p99', unit: 'us', lines: [{ name: 'delay', column: 'eventLoopDelayP99Us' }] },
  {
    title: 'CPU, % of a core',
    unit: 'percent',
    lines: [
      { name: 'producers', column: 'producersCpuPercent' },
      { name: 'consumers', column: 'consumersCpuPercent' },
      { name: 'brokers', column: 'brokersCpuPercent' },
    ],
  },
  {
    title: 'what the load host lacked, %',
    unit: 'percent',
    lines: [
      { name: 'taken away', column: 'hostStolenPercent' },
      { name: 'throttled', column: 'hostThrottledPercent' },
      { name: 'waiting for CPU', column: 'hostCpuPressurePercent' },
      { name: 'waiting for disk', column: 'hostIoPressurePercent' },
    ],
  },
];

const PANEL_HEIGHT = 96;
const PANEL_STEP = 150;
const TOP = 44;
const LEFT = 90;
const RIGHT = 30;

export function seriesChart({ rows }: SeriesView): Chart {
  const panels = PANELS.map((panel) => ({
    ...panel,
    lines: panel.lines.filter(({ column }) => rows.some((row) => row[column] !== null && row[column] !== 0)),
  })).filter((panel) => panel.lines.length > 0);
  const end = (rows.at(-1)?.tSec ?? 0) + 1;
  const shade = shadeOf(rows, end);
  return {
    width: CHART_WIDTH,
    height: TOP + PANEL_STEP * panels.length + 10,
    option: {
      title: panels.map((panel, i) => ({
        text: panel.title,
        left: LEFT - 4,
        top: TOP + PANEL_STEP * i - 34,
        padding: 0,
        textStyle: { color: colour('fg'), fontSize: FONT_SIZE, fontWeight: 'bold' },
      })),
      legend: panels.map((panel, i) => ({
        data: panel.lines.map((line) => `${line.name}${' '.repeat(i)}`),
        right: RIGHT,
        top: TOP + PANEL_STEP * i - 38,
        itemWidth: 36,
        textStyle: { color: colour('fg'), fontSize: FONT_SIZE },
      })),
      grid: panels.map((_, i) => ({
        left: LEFT,
        right: RIGHT,
        top: TOP + PANEL_STEP * i - 8,
        height: PANEL_HEIGHT,
      })),
      xAxis: panels.map((_, i) => ({
        type: 'value',
        gridIndex: i,
        min: 0,
        max: end,
        ...axisLook,
        ...(i === panels.length - 1 ? { name: 'seconds', nameLocation: 'middle', nameGap: 26 } : {}),
      })),
      yAxis: panels.map((panel, i) => ({
        type: 'value',
        gridIndex: i,
        min: 0,
        splitNumber: 3,
        ...axisLook,
        axisLabel: {
          ...axisLook.axisLabel,
          hideOverlap: true,
          formatter: (value: number) => formatUnit(value, panel.unit),
        },
      })),
      series: panels.flatMap((panel, i) =>
        panel.lines.map((line, k) => {
          const { color, dash } = lineLook(k);
          return {
            // Names are unique over panels, or their legends would switch each other's lines.
            name: `${line.name}${' '.repeat(i)}`,
            type: 'line',
            xAxisIndex: i,
            yAxisIndex: i,
            data: rows.map((row) => [(row.tSec ?? 0) + 0.5, row[line.column]]),
            showSymbol: rows.length === 1,
            connectNulls: false,
            color,
            lineStyle: { color, type: dash, width: 1.8 },
            ...(k === 0 ? { markArea: shade } : {}),
          };
        }),
      ),
    },
    xAxis: { left: LEFT, right: CHART_WIDTH - RIGHT, min: 0, max: end },
  };
}

/** Warm-up and drain are no part of the figures. */
function shadeOf(rows: readonly SeriesRow[], end: number): object {
  const measured = rows.filter((row) => row.phase === 'measure').map((row) => row.tSec ?? 0);
  const from = Math.min(...measured, end);
  const to = Math.max(...measured, from - 1) + 1;
  const areas: [number, number, string][] = [
    [0, from, 'warm-up'],
    [to, end, 'drain'],
  ];
  return {
    silent: true,
    animation: false,
    itemStyle: { color: colour('soft'), opacity: 0.18 },
    label: { color: colour('fg'), fontSize: FONT_SIZE - 1, position: 'insideTop' },
    data: areas
      .filter(([a, b]) => b > a)
      .map(([a, b, name]) => [{ xAxis: a, name: b - a >= end * 0.1 ? name : '' }, { xAxis: b }]),
  };
}
