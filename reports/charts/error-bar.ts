import { colour } from './palette.ts';

/** What a custom series of echarts gives to draw one item. */
export interface CustomApi {
  value(dimension: number): number;
  coord(point: readonly [number, number]): [number, number];
  size(size: readonly [number, number]): [number, number];
}

/** Renders [x, low, high] as a bar with caps, `offsetPx` beside its place where several lines share an x. */
export function verticalBar(stroke: string, offsetPx = 0) {
  return (_params: unknown, api: CustomApi) => {
    const [at, bottom] = api.coord([api.value(0), api.value(1)]);
    const [, top] = api.coord([api.value(0), api.value(2)]);
    const x = at + offsetPx;
    return bars(stroke, [
      [x, bottom, x, top],
      [x - 4, bottom, x + 4, bottom],
      [x - 4, top, x + 4, top],
    ]);
  };
}

/** Renders [low, y, high] as a bar with caps. */
export function horizontalBar(stroke: string) {
  return (_params: unknown, api: CustomApi) => {
    const [left, y] = api.coord([api.value(0), api.value(1)]);
    const [right] = api.coord([api.value(2), api.value(1)]);
    return bars(stroke, [
      [left, y, right, y],
      [left, y - 4, left, y + 4],
      [right, y - 4, right, y + 4],
    ]);
  };
}

function bars(stroke: string, lines: readonly (readonly [number, number, number, number])[]) {
  return {
    type: 'group',
    children: lines.map(([x1, y1, x2, y2]) => ({
      type: 'line',
      shape: { x1, y1, x2, y2 },
      style: { stroke, lineWidth: 1.5, fill: colour('bg') },
    })),
  };
}
