import type { MatrixView, Tile } from '../views/matrix.ts';
import type { CustomApi } from './error-bar.ts';
import { colour, scaleColour } from './palette.ts';
import { axisLook, CHART_WIDTH, type Chart, FONT, FONT_SIZE, HATCH } from './render.ts';

const MIN_TILE = 46;
const TILE_HEIGHT = 30;
/** With room for the interval under the figure, where the rows are few. */
const TALL_TILE_HEIGHT = 46;
const MAX_TALL_ROWS = 8;
const CHARACTER = 7.4;

/** The sweep as tiles, coloured on a logarithmic scale; hatched where no repeat is valid. */
export function matrixChart(view: MatrixView, fullWidth = CHART_WIDTH, fullHeight?: number): Chart {
  const longest = (labels: readonly string[]) =>
    Math.max(0, ...labels.map((label) => label.length)) * CHARACTER;
  const left = Math.max(60, Math.ceil(longest(view.rows)) + 24);
  const tileWidth = Math.max(MIN_TILE, (fullWidth - left - 30) / view.columns.length);
  // Labels that are wider than their tile are turned.
  const turned = longest(view.columns) > tileWidth - 6;
  const bottom = 50 + (turned ? Math.ceil(longest(view.columns) * 0.9) : 14);
  const least = view.rows.length <= MAX_TALL_ROWS ? TALL_TILE_HEIGHT : TILE_HEIGHT;
  const tileHeight =
    fullHeight === undefined ? least : Math.min(2 * least, (fullHeight - 60 - bottom) / view.rows.length);
  const width = Math.max(
    fullWidth,
    Math.ceil(left + tileWidth * view.columns.length + 30),
    Math.ceil(left + (view.columnTitle.length * CHARACTER) / 2 + 30),
  );
  const plotWidth = tileWidth * view.columns.length;
  return {
    width,
    height: 60 + tileHeight * view.rows.length + bottom,
    sized: (w, h) => matrixChart(view, w, h),
    option: {
      grid: { left, width: plotWidth, top: 50, bottom },
      xAxis: {
        type: 'category',
        data: [...view.columns],
        name: view.columnTitle,
        nameLocation: 'middle',
        nameGap: bottom - 24,
        ...axisLook,
        splitLine: { show: false },
        axisLabel: { ...axisLook.axisLabel, interval: 0, rotate: turned ? 60 : 0 },
      },
      yAxis: {
        type: 'category',
        data: [...view.rows],
        inverse: true,
        name: view.rowTitle,
        nameLocation: 'start',
        ...axisLook,
        nameTextStyle: { ...axisLook.nameTextStyle, align: 'left', padding: [0, 0, 6, 8 - left] },
        splitLine: { show: false },
        axisLabel: { ...axisLook.axisLabel, interval: 0 },
      },
      series: [
        {
          type: 'custom',
          data: view.tiles.map((tile, index) => [tile.column, tile.row, index]),
          renderItem: (_params: unknown, api: CustomApi) => {
            const tile = view.tiles[api.value(2)];
            return tile === undefined ? undefined : drawTile(view, tile, api);
          },
        },
      ],
    },
    tips: [view.tiles.map((tile) => tipOf(view, tile))],
  };
}

function tipOf(
  { rows, columns, metric, suffix }: MatrixView,
  { row, column, text, bounds, state }: Tile,
): string {
  const where = [rows[row], columns[column]].filter((one) => one !== 'all').join(' · ');
  if (text === '') return `${where}: ${state}`;
  return `${where}: ${metric.label} ${text}${bounds === null ? '' : ` [${bounds}]`}${suffix}`;
}

function drawTile(view: MatrixView, tile: Tile, api: CustomApi) {
  const [x, y] = api.coord([tile.column, tile.row]);
  const [width, height] = api.size([1, 1]);
  const { fill, text } =
    tile.value === null ? { fill: HATCH, text: colour('fg') } : scaleColour(shareOf(view, tile.value));
  const withBounds =
    tile.bounds !== null && height >= 2.6 * FONT_SIZE && width >= tile.bounds.length * FONT_SIZE * 0.6;
  const label = tile.value === null ? '' : withBounds ? `${tile.text}\n${tile.bounds}` : tile.text;
  return {
    type: 'group',
    children: [
      {
        type: 'rect',
        shape: { x: x - width / 2 + 1, y: y - height / 2 + 1, width: width - 2, height: height - 2 },
        style: { fill },
      },
      {
        type: 'text',
        style: {
          x,
          y,
          text: label,
          fill: text,
          fontFamily: FONT,
          fontSize: FONT_SIZE,
          align: 'center',
          verticalAlign: 'middle',
        },
      },
    ],
  };
}

/** Where a value lies between the lowest and the highest, by its logarithm where all are above zero; high is light. */
function shareOf({ range }: MatrixView, value: number): number {
  const of = range.low > 0 ? Math.log : (x: number) => x;
  return range.high === range.low ? 0.5 : (of(value) - of(range.low)) / (of(range.high) - of(range.low));
}
