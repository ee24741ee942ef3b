import type { Scalar } from '../../bench/common/scalar.ts';
import type { CellSettings } from '../../bench/results/planned.ts';

/** A setting that the sweep varies, with its values in the order of the workload. */
export interface Axis {
  readonly name: string;
  readonly levels: readonly Scalar[];
}

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

/** "compression.type=zstd linger.ms=5": only the settings named, or "baseline" where none is. */
export function labelBy(axes: readonly Axis[], settings: CellSettings): string {
  const parts = axes.flatMap(({ name }) => {
    const value = settings[name];
    if (value === undefined) return [];
    // A value that sets several settings at once already names them.
    return [String(value).includes('=') ? String(value) : `${name}=${value}`];
  });
  return parts.join(' ') || 'baseline';
}

/** The axis that varies the offered rate, if the sweep has one with at least two rates. */
export function rateAxis(axes: readonly Axis[]): Axis | undefined {
  return axes.find(({ name }) => name === 'rate' || name === 'load.rate');
}
