import type { CustomApi } from './error-bar.ts';
import { colour } from './palette.ts';
import { FONT, FONT_SIZE } from './render.ts';

/** Where a line ends, in the units of its axes, and what it is called. */
export interface LineEnd {
  readonly text: string;
  readonly color: string;
  readonly at: readonly [x: number, y: number];
}

/** More names than this beside a plot are a list, and a list is a legend. */
const MAX_LINES = 6;
const MAX_CHARACTERS = 36;
const CHARACTER = 7.3;
const LINE_HEIGHT = 17;
const DISTANCE = 14;

/** Whether lines of these names are named where they end, in place of a legend. */
export const areFew = (names: readonly string[]): boolean =>
  names.length <= MAX_LINES && names.every((name) => name.length <= MAX_CHARACTERS);

/** What the names need at the right of the plot, pixels. */
export const labelWidth = (names: readonly string[]): number =>
  DISTANCE + 8 + Math.ceil(CHARACTER * Math.max(0, ...names.map((name) => name.length)));

interface Plot {
  readonly coordSys: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

/** A series for each line: its name at the right of the plot, apart from the other names, led to by a thin line. */
export function directLabels(ends: readonly LineEnd[], axes: object = {}): object[] {
  return ends.map(({ text, color, at }, i) => ({
    type: 'custom',
    ...axes,
    data: [at],
    clip: false,
    z: 5,
    renderItem: ({ coordSys }: Plot, api: CustomApi) => {
      const places = apart(
        ends.map((end) => api.coord(end.at)[1]),
        coordSys.y,
        coordSys.y + coordSys.height,
      );
      const [x1, y1] = api.coord(at);
      const x2 = coordSys.x + coordSys.width + DISTANCE - 3;
      const y2 = places[i] ?? y1;
      return {
        type: 'group',
        children: [
          {
            type: 'line',
            shape: { x1: x1 + 4, y1, x2, y2 },
            style: { stroke: color, lineWidth: 1, lineDash: [1, 2], fill: colour('bg') },
          },
          // What is clicked: the renderer does not tell of a text what it belongs to.
          {
            type: 'rect',
            shape: {
              x: x2 + 1,
              y: y2 - LINE_HEIGHT / 2,
              width: labelWidth([text]) - DISTANCE,
              height: LINE_HEIGHT,
            },
            style: { fill: 'none' },
          },
          {
            type: 'text',
            style: {
              x: x2 + 3,
              y: y2,
              text,
              fill: color,
              fontFamily: FONT,
              fontSize: FONT_SIZE,
              align: 'left',
              verticalAlign: 'middle',
            },
          },
        ],
      };
    },
  }));
}

/** The same heights moved as little as leaves a line between them, within the plot where it has the room. */
export function apart(heights: readonly number[], top: number, bottom: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  const placed = [...heights];
  let free = top;
  for (const i of order) {
    placed[i] = Math.max(placed[i] ?? top, free);
    free = (placed[i] ?? top) + LINE_HEIGHT;
  }
  let limit = bottom;
  for (const i of order.toReversed()) {
    if ((placed[i] ?? 0) <= limit) break;
    placed[i] = limit;
    limit -= LINE_HEIGHT;
  }
  return placed;
}
