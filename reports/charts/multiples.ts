import { levelText } from '../run/cell-name.ts';
import { boundsOf, extentOf, formatSpread } from '../run/format-spread.ts';
import type { MultiplesView } from '../views/multiples.ts';
import { figureAxis } from './axes.ts';
import { type CustomApi, verticalBar } from './error-bar.ts';
import { colour, lineLook } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, FONT_SIZE } from './render.ts';

const LEFT = 84;
const RIGHT = 16;
const GAP = 22;
const TOP = 78;
const PANEL_HEIGHT = 180;
/** For the name of a panel. */
const ABOVE = 34;
const CHARACTER = 7.4;
const MAX_ACROSS = 4;
/** Lines of one panel stand beside each other, or their intervals would cover each other. */
const APART_PX = 7;
const SERIES_A_LINE = 4;

/** Panels on one scale, so that a height means the same in all of them. */
export function multiplesChart(view: MultiplesView, fullWidth = CHART_WIDTH, fullHeight?: number): Chart {
  const { panels, lines, across, metric } = view;
  const xTexts = across.levels.map((level) => levelText(across.name, level));
  const longest = Math.max(...xTexts.map((text) => text.length)) * CHARACTER;
  const wanted = Math.max(150, xTexts.length * (Math.min(longest, 60) + 8));
  const most = Math.max(1, Math.min(MAX_ACROSS, Math.floor((fullWidth - LEFT - RIGHT) / wanted)));
  const rows = Math.ceil(panels.levels.length / most);
  const columns = Math.ceil(panels.levels.length / rows);
  const width = (fullWidth - LEFT - RIGHT - GAP * (columns - 1)) / columns;
  const turned = longest > width / xTexts.length - 6;
  const below = turned ? 30 + longest * 0.6 : 44;
  const panelHeight =
    fullHeight === undefined ? PANEL_HEIGHT : (fullHeight - TOP) / rows - below - ABOVE + 10;
  const step = panelHeight + below + ABOVE;
  const place = (i: number) => ({
    left: LEFT + (i % columns) * (width + GAP),
    top: TOP + Math.floor(i / columns) * step,
  });
  const names = lines.levels.map((level) => `${lines.name} ${levelText(lines.name, level)}`);
  const pairs = panels.levels.flatMap((_, panel) => names.map((_name, line) => ({ panel, line })));
  const drawn = pairs.map((pair) =>
    view.points.filter(({ panel, line }) => panel === pair.panel && line === pair.line),
  );
  return {
    width: fullWidth,
    height: TOP + step * rows - 10,
    sized: (w, h) => multiplesChart(view, w, h),
    option: {
      legend: {
        data: names,
        left: LEFT,
        top: 4,
        itemWidth: 36,
        itemGap: 24,
        textStyle: { color: colour('fg'), fontSize: FONT_SIZE },
      },
      title: panels.levels.map((level, i) => ({
        text: `${panels.name} ${levelText(panels.name, level)}`,
        left: place(i).left,
        top: place(i).top - 26,
        padding: 0,
        textStyle: { color: colour('fg'), fontSize: FONT_SIZE, fontWeight: 'bold' },
      })),
      grid: panels.levels.map((_, i) => ({ ...place(i), width, height: panelHeight })),
      xAxis: panels.levels.map((_, i) => ({
        type: 'category',
        gridIndex: i,
        data: xTexts,
        ...axisLook,
        name: across.name,
        nameLocation: 'middle',
        nameGap: below - 16,
        axisLabel: { ...axisLook.axisLabel, interval: 0, rotate: turned ? 40 : 0 },
      })),
      yAxis: panels.levels.map((_, i) => ({
        ...yAxis(view),
        gridIndex: i,
        ...(i % columns === 0 ? {} : { axisLabel: { show: false } }),
      })),
      series: pairs.flatMap(({ panel, line }, i) =>
        lineSeries(drawn[i] ?? [], {
          name: names[line] ?? '',
          look: line,
          axes: { xAxisIndex: panel, yAxisIndex: panel },
          offsetPx: (line - (names.length - 1) / 2) * APART_PX,
        }),
      ),
    },
    tips: pairs.flatMap((_, i) => [
      null,
      null,
      (drawn[i] ?? []).map(
        ({ name, spread }) =>
          `${name}: ${spread === null ? 'no valid repeat' : `${metric.label} ${formatSpread(metric, spread)}`}`,
      ),
      null,
    ]),
    // A line is shown and hidden in all panels at once, by the legend of the first.
    belongsTo: Object.fromEntries(
      pairs.flatMap(({ line }, i) =>
        Array.from({ length: SERIES_A_LINE }, (_, k) => [SERIES_A_LINE * i + k, SERIES_A_LINE * line]),
      ),
    ),
  };
}

interface Item {
  readonly dataIndex: number;
  readonly coordSys: { readonly y: number; readonly height: number };
}

interface LineStyle {
  readonly name: string;
  readonly look: number;
  readonly axes: object;
  readonly offsetPx: number;
}

/** Its entry in the legend, the lines between the medians, the medians with a cross where there is none, the intervals. */
function lineSeries(
  points: MultiplesView['points'],
  { name, look, axes, offsetPx }: LineStyle,
): readonly object[] {
  const { color, dash, symbol } = lineLook(look);
  const ordered = points.toSorted((a, b) => a.at - b.at);
  const steps = ordered.slice(1).flatMap((to, i) => {
    const from = ordered[i];
    return from?.spread == null || to.spread === null ? [] : [{ from, to }];
  });
  return [
    {
      name,
      type: 'line',
      ...axes,
      data: [],
      symbol,
      color,
      itemStyle: { color },
      lineStyle: { color, type: dash, width: 2 },
    },
    {
      type: 'custom',
      ...axes,
      data: steps.map(({ from }) => [from.at]),
      encode: { x: 0 },
      silent: true,
      renderItem: ({ dataIndex }: Item, api: CustomApi) => {
        const step = steps[dataIndex];
        if (step === undefined) return;
        const [x1, y1] = api.coord([step.from.at, step.from.spread?.median ?? 1]);
        const [x2, y2] = api.coord([step.to.at, step.to.spread?.median ?? 1]);
        return {
          type: 'line',
          shape: { x1: x1 + offsetPx, y1, x2: x2 + offsetPx, y2 },
          style: { stroke: color, lineWidth: 2, ...(dash === 'solid' ? {} : { lineDash: dash }) },
        };
      },
    },
    {
      type: 'custom',
      ...axes,
      data: points.map(({ at }) => [at]),
      encode: { x: 0 },
      renderItem: ({ dataIndex, coordSys }: Item, api: CustomApi) => {
        const point = points[dataIndex];
        if (point === undefined) return;
        const [x, y] = api.coord([point.at, point.spread?.median ?? 1]);
        if (point.spread !== null) {
          return { type: 'circle', shape: { cx: x + offsetPx, cy: y, r: 4.5 }, style: { fill: color } };
        }
        return cross(x + offsetPx, coordSys.y + coordSys.height - 9, color);
      },
      z: 4,
    },
    {
      type: 'custom',
      ...axes,
      data: points.flatMap(({ at, spread }) => {
        const bounds = spread === null ? null : boundsOf(spread);
        return bounds === null ? [] : [[at, bounds.low, bounds.high]];
      }),
      renderItem: verticalBar(color, offsetPx),
      encode: { x: 0, y: [1, 2] },
      silent: true,
    },
  ];
}

/** At the foot of the panel, for a cell without a figure. */
const cross = (x: number, y: number, stroke: string): object => ({
  type: 'path',
  shape: { pathData: `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}` },
  style: { stroke, lineWidth: 2, fill: 'none' },
});

const yAxis = ({ points, metric }: MultiplesView): object =>
  figureAxis(
    points.flatMap(({ spread }) => (spread === null ? [] : extentOf(spread))),
    metric.format,
    { grow: 1.2, pad: 0.08, more: { splitNumber: 4 } },
  ).axis;
