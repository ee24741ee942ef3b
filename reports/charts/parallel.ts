import { levelText } from '../run/cell-name.ts';
import { formatSpread } from '../run/format-spread.ts';
import type { ParallelView } from '../views/parallel.ts';
import { roundTicks } from './axes.ts';
import { colour } from './palette.ts';
import { CHART_WIDTH, type Chart, FONT, FONT_SIZE } from './render.ts';

const HEIGHT = 440;
const TOP = 96;
const BOTTOM = 24;
const LEFT = 90;
const RIGHT = 110;
/** Lines through one value of a setting lie this far apart, so that many are seen as many. */
const FAN_PX = 34;
/** Values of one setting that can be named under each other. */
const MAX_NAMED = 14;

type Line = ParallelView['lines'][number];

const LOOKS = {
  best: { name: 'best tenth', stroke: colour('s1'), lineWidth: 2.2, opacity: 1, dash: null },
  middle: { name: 'all others', stroke: colour('soft'), lineWidth: 1, opacity: 0.3, dash: null },
  worst: { name: 'worst tenth', stroke: colour('s2'), lineWidth: 1.6, opacity: 0.9, dash: [5, 3] },
} as const;
/** Drawn in this order: what matters lies above. */
const ORDER = ['middle', 'worst', 'best'] as const;

/** An upright axis a setting, its values from below in their order, and at the right the figure, the best at its foot or top. */
export function parallelChart(view: ParallelView): Chart {
  const { axes, lines, metric } = view;
  const step = (CHART_WIDTH - LEFT - RIGHT) / axes.length;
  const xs = Array.from({ length: axes.length + 1 }, (_, i) => LEFT + step * i);
  const medians = lines.map(({ spread }) => spread.median);
  const [low, high] = [Math.min(...medians), Math.max(...medians)];
  const log = low > 0 && high / low > 8;
  const shareOf = (value: number) => {
    const of = log ? Math.log : (x: number) => x;
    return high === low ? 0.5 : (of(value) - of(low)) / (of(high) - of(low));
  };
  const plot = HEIGHT - TOP - BOTTOM;
  const yOf = (share: number) => HEIGHT - BOTTOM - share * plot;
  const levelY = (axis: number, level: number) => yOf((level + 0.5) / (axes[axis]?.levels.length ?? 1));
  const pathOf = (line: Line, place: number) => {
    const fan = (place - 0.5) * FAN_PX;
    const room = (axis: number) => Math.min(1, plot / (axes[axis]?.levels.length ?? 1) / (FAN_PX * 1.6));
    const points = line.levels.map((level, i): [number, number] => [
      xs[i] ?? 0,
      levelY(i, level) + fan * room(i),
    ]);
    return [...points, [xs.at(-1) ?? 0, yOf(shareOf(line.spread.median))] as [number, number]];
  };
  const groups = ORDER.map((rank) => ({ rank, lines: lines.filter((line) => line.rank === rank) }));
  return {
    width: CHART_WIDTH,
    height: HEIGHT,
    option: {
      grid: { left: 0, right: 0, top: 0, bottom: 0 },
      xAxis: { type: 'value', show: false, min: 0, max: CHART_WIDTH },
      yAxis: { type: 'value', show: false, min: 0, max: HEIGHT },
      legend: {
        data: ORDER.toReversed().map((rank) => LOOKS[rank].name),
        left: LEFT - 30,
        top: 4,
        itemWidth: 36,
        itemGap: 24,
        itemStyle: { opacity: 0 },
        textStyle: { color: colour('fg'), fontSize: FONT_SIZE },
      },
      series: [
        ...groups.flatMap(({ rank, lines: own }) =>
          groupSeries(
            rank,
            own.map((line) => pathOf(line, lines.indexOf(line) / Math.max(1, lines.length - 1))),
          ),
        ),
        {
          type: 'custom',
          silent: true,
          data: [[0, 0]],
          z: 6,
          renderItem: () => ({
            type: 'group',
            children: frame(view, xs, levelY, (value) => yOf(shareOf(value)), ticksOf(low, high, log)),
          }),
        },
      ],
    },
    tips: groups.flatMap(({ lines: own }) => [
      null,
      own.map(({ name, spread }) => `${name}: ${metric.label} ${formatSpread(metric, spread)}`),
    ]),
    belongsTo: Object.fromEntries(groups.map((_, i) => [2 * i + 1, 2 * i])),
  };
}

/** Its entry in the legend, and a line a cell. */
function groupSeries(
  rank: (typeof ORDER)[number],
  paths: readonly (readonly [number, number][])[],
): object[] {
  const { name, stroke, lineWidth, opacity, dash } = LOOKS[rank];
  return [
    {
      name,
      type: 'line',
      data: [],
      symbol: 'none',
      color: stroke,
      lineStyle: { color: stroke, width: 2, type: dash === null ? 'solid' : [...dash] },
    },
    {
      type: 'custom',
      data: paths.map(() => [0, 0]),
      z: 2 + ORDER.indexOf(rank),
      renderItem: ({ dataIndex }: { readonly dataIndex: number }) => ({
        type: 'polyline',
        shape: { points: paths[dataIndex] ?? [] },
        style: {
          stroke,
          lineWidth,
          opacity,
          fill: 'none',
          ...(dash === null ? {} : { lineDash: [...dash] }),
        },
      }),
    },
  ];
}

function ticksOf(low: number, high: number, log: boolean): number[] {
  if (high === low) return [low];
  if (log) return roundTicks(low, high);
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((digit) => digit * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** The upright axes with their names and values. */
function frame(
  { axes, metric }: ParallelView,
  xs: readonly number[],
  levelY: (axis: number, level: number) => number,
  valueY: (value: number) => number,
  ticks: readonly number[],
): object[] {
  const text = (x: number, y: number, words: string, style: object = {}) => ({
    type: 'text',
    style: {
      x,
      y,
      text: words,
      fill: colour('fg'),
      fontFamily: FONT,
      fontSize: FONT_SIZE,
      stroke: colour('bg'),
      lineWidth: 4,
      align: 'left',
      verticalAlign: 'middle',
      ...style,
    },
  });
  const upright = (x: number) => ({
    type: 'line',
    shape: { x1: x, y1: TOP - 8, x2: x, y2: HEIGHT - BOTTOM },
    style: { stroke: colour('soft'), lineWidth: 1, fill: 'none' },
  });
  const between = (xs[1] ?? 0) - (xs[0] ?? 0) - 14;
  const head = (x: number, words: string, width = between) =>
    text(x, TOP - 18, words, {
      fontWeight: 'bold',
      width,
      overflow: 'break',
      verticalAlign: 'bottom',
      align: 'left',
    });
  const end = xs.at(-1) ?? 0;
  return [
    ...axes.flatMap(({ name, levels }, i) => {
      const x = xs[i] ?? 0;
      return [
        upright(x),
        head(x - 4, name),
        ...levels.flatMap((level, k) =>
          k % Math.ceil(levels.length / MAX_NAMED) === 0
            ? [text(x + 6, levelY(i, k), levelText(name, level))]
            : [],
        ),
      ];
    }),
    upright(end),
    head(end - 4, metric.label, RIGHT - 26),
    ...ticks.map((value) => text(end + 8, valueY(value), metric.format(value))),
  ];
}
