import { formatUnit, type Unit } from '../../bench/results/figure-units.ts';
import type { SeriesColumn, SeriesRow } from '../../bench/results/series-columns.ts';
import type { SeriesView } from '../views/series.ts';
import { directLabels, type LineEnd, labelWidth } from './direct-labels.ts';
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
const RIGHT = labelWidth(PANELS.flatMap(({ lines }) => lines.map(({ name }) => name)));

export function seriesChart({ rows, latencies }: SeriesView): Chart {
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
      series: [
        ...panels.flatMap((panel, i) =>
          panel.lines.map((line, k) => {
            const { color, dash } = lineLook(k);
            return {
              name: line.name,
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
        ...panels.flatMap((panel, i) =>
          directLabels(
            panel.lines.map((line, k) => endOf(rows, line, k)),
            { xAxisIndex: i, yAxisIndex: i },
          ),
        ),
      ],
    },
    labels: Object.fromEntries(panels.flatMap(({ lines }) => lines).map((_, i, all) => [all.length + i, i])),
    xAxis: { left: LEFT, right: CHART_WIDTH - RIGHT, min: 0, max: end },
    latencies,
  };
}

function endOf(rows: readonly SeriesRow[], { name, column }: Panel['lines'][number], k: number): LineEnd {
  const having = rows.filter((row) => row[column] !== null);
  const last = having.findLast((row) => row.phase === 'measure') ?? having.at(-1);
  return { text: name, color: lineLook(k).color, at: [(last?.tSec ?? 0) + 0.5, last?.[column] ?? 0] };
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
