import { median } from '../../stats/describe.ts';
import type { StoredSeries } from './history/store.ts';

/** Nights that tell how much a cell's runs differ. */
const LOOK_BACK = 10;
/** IQR ÷ σ of a normal distribution. */
const IQR_TO_SIGMA = 1.349;

/** How much a cell's runs differ, in units of δ, by cell name: of its least steady metric, over the last nights. */
export function spreadsOfCells(
  known: readonly StoredSeries[],
  deltas: ReadonlyMap<string, number>,
): Map<string, number> {
  const spreads = new Map<string, number>();
  for (const { id, canary, content } of known) {
    const delta = deltas.get(id.metric);
    const nights = content.tail.slice(-LOOK_BACK).filter(({ spread }) => spread.n > 1);
    if (canary || delta === undefined || nights.length === 0) continue;
    const relative = median(nights.map(({ spread, value }) => spread.iqr / IQR_TO_SIGMA / value)) / delta;
    spreads.set(id.cell, Math.max(relative, spreads.get(id.cell) ?? 0));
  }
  return spreads;
}
