import type { CellSettings } from '../../bench/results/planned.ts';
import type { Axis } from './cell-name.ts';

/** The settings that differ between cells. */
export function sweptAxes(cells: readonly { readonly settings: CellSettings }[]): Axis[] {
  const names = [...new Set(cells.flatMap((cell) => Object.keys(cell.settings)))];
  return names
    .map((name) => ({
      name,
      levels: [...new Set(cells.map((cell) => cell.settings[name]))].filter((value) => value !== undefined),
    }))
    .filter((axis) => axis.levels.length > 1);
}

/** The axis that varies the offered rate, if the sweep has one with at least two rates. */
export function rateAxis(axes: readonly Axis[]): Axis | undefined {
  return axes.find(({ name }) => name === 'rate' || name === 'load.rate');
}
