import type { CellSummary } from '../run/cell-summary.ts';

const MAX_NAMED = 5;

/** Where a valid repeat may lack it: too few samples, or a run without consumers. */
export const NO_FIGURE = 'left out, without a valid repeat that has this figure';

/** " 2 of 12 cells are left out, without a valid repeat: a; b." for the end of a reading; empty where none is. */
export function leftOutText(
  cells: readonly CellSummary[],
  isShown: (cell: CellSummary) => boolean = (cell) => cell.state === 'valid',
  how = 'left out, without a valid repeat',
): string {
  const without = cells.filter((cell) => !isShown(cell)).map((cell) => cell.name);
  if (without.length === 0) return '';
  const more = without.length > MAX_NAMED ? ` and ${without.length - MAX_NAMED} more` : '';
  const are = without.length === 1 ? 'is' : 'are';
  return ` ${without.length} of ${cells.length} cells ${are} ${how}: ${without.slice(0, MAX_NAMED).join('; ')}${more}.`;
}
