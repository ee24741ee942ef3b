import { levelText } from '../run/cell-name.ts';
import { boundsOf, extentOf } from '../run/format-spread.ts';
import { type EffectsView, percent } from '../views/effects.ts';
import { referenceLine } from './axes.ts';
import { verticalBar } from './error-bar.ts';
import { colour, lineLook } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, FONT_SIZE } from './render.ts';

const PANELS_A_ROW = 3;
const PANEL_HEIGHT = 190;
const PANEL_STEP = 290;
const LEFT = 70;
const GAP = 24;

/** A panel a setting: the effect of each of its values against their mean, all on one scale. */
export function effectsChart(view: EffectsView, fullWidth = CHART_WIDTH, fullHeight?: number): Chart {
  const shares = view.main.flatMap(({ factor }) => extentOf(factor));
  const low = Math.min(1, ...shares) / 1.04;
  const high = Math.max(1, ...shares) * 1.04;
  const across = Math.min(PANELS_A_ROW, view.axes.length);
  const width = (fullWidth - LEFT - 20 - GAP * (across - 1)) / across;
  const rows = Math.ceil(view.axes.length / across);
  const step = fullHeight === undefined ? PANEL_STEP : (fullHeight - 10) / rows;
  const panelHeight = step - (PANEL_STEP - PANEL_HEIGHT);
  const place = (i: number) => ({
    left: LEFT + (i % across) * (width + GAP),
    top: 44 + Math.floor(i / across) * step,
  });
  return {
    width: fullWidth,
    height: 10 + step * rows,
    sized: (w, h) => effectsChart(view, w, h),
    option: {
      title: view.axes.map((axis, i) => ({
        text: axis.name,
        left: place(i).left,
        top: place(i).top - 34,
        padding: 0,
        textStyle: { color: colour('fg'), fontSize: FONT_SIZE, fontWeight: 'bold' },
      })),
      grid: view.axes.map((_, i) => ({ ...place(i), width, height: panelHeight })),
      xAxis: view.axes.map((axis, i) => ({
        type: 'category',
        gridIndex: i,
        data: axis.levels.map((level) => levelText(axis.name, level)),
        ...axisLook,
        axisLabel: {
          ...axisLook.axisLabel,
          interval: 0,
          rotate:
            axis.levels.length *
              9 *
              Math.max(...axis.levels.map((level) => levelText(axis.name, level).length)) >
            width
              ? 35
              : 0,
        },
      })),
      yAxis: view.axes.map((_, i) => ({
        type: 'log',
        logBase: 2,
        gridIndex: i,
        min: low,
        max: high,
        ...axisLook,
        axisLabel: {
          ...axisLook.axisLabel,
          show: i % across === 0,
          hideOverlap: true,
          showMinLabel: false,
          showMaxLabel: false,
          formatter: (factor: number) => percent(factor),
        },
      })),
      series: view.axes.flatMap((axis, i) => {
        const { color, symbol } = lineLook(0);
        const own = view.main.filter((one) => one.axis === axis.name);
        return [
          {
            type: 'line',
            xAxisIndex: i,
            yAxisIndex: i,
            data: own.map((one) => one.factor.median),
            symbol,
            symbolSize: 8,
            color,
            itemStyle: { color },
            lineStyle: { color, width: 1.5 },
            z: 3,
            markLine: referenceLine({ yAxis: 1 }),
          },
          {
            type: 'custom',
            xAxisIndex: i,
            yAxisIndex: i,
            data: own.flatMap((one, level) => {
              const bounds = boundsOf(one.factor);
              return bounds === null ? [] : [[level, bounds.low, bounds.high]];
            }),
            renderItem: verticalBar(color),
            encode: { x: 0, y: [1, 2] },
            z: 2,
          },
        ];
      }),
    },
    tips: view.axes.flatMap((axis) => [
      view.main
        .filter((one) => one.axis === axis.name)
        .map(
          (one) =>
            `${axis.name} ${levelText(axis.name, one.level)}: ${view.metric.label} ${percent(one.factor.median)}`,
        ),
      null,
    ]),
  };
}
