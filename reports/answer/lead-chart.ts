import { rateAxis, sweptAxes } from '../run/axes.ts';
import type { CellSummary } from '../run/cell-summary.ts';

/** The one picture that shows the answer. */
export type LeadChart = 'hockey' | 'ranking' | 'matrix' | 'effects' | 'percentiles';

const MAX_RANKED = 12;
const MAX_TILES = 64;

/**
 * Chosen by what was swept: a rate shows latency against load; one axis, or few cells, a ranking with intervals; two
 * axes or more a heatmap; more cells than tiles can be read, what each setting does; nothing, the percentiles.
 */
export function leadChartOf(
  cells: readonly Pick<CellSummary, 'settings'>[],
  has: { readonly hockey: boolean; readonly effects: boolean },
): LeadChart {
  const axes = sweptAxes(cells);
  if (axes.length === 0) return 'percentiles';
  if (rateAxis(axes) !== undefined && has.hockey) return 'hockey';
  if (axes.length === 1 && cells.length <= MAX_RANKED) return 'ranking';
  const whole = axes.reduce((product, { levels }) => product * levels.length, 1) <= 2 * cells.length;
  if (axes.length >= 2 && axes.length <= 4 && whole && cells.length <= MAX_TILES) return 'matrix';
  if (has.effects && axes.length >= 2) return 'effects';
  return 'ranking';
}
