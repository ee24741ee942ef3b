import { createHash } from 'node:crypto';
import type { CellSettings } from '../../../results/planned.ts';

/** Which series: the suite, the cell by its settings (never by its place in the plan), and the metric's key. */
export interface SeriesId {
  readonly suite: string;
  readonly cell: string;
  readonly metric: string;
}

/** "compression.type=zstd linger.ms=5", settings in alphabetical order; "baseline" where nothing is swept. */
export function cellName(settings: CellSettings): string {
  const parts = Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([axis, value]) => `${axis}=${value}`);
  return parts.length === 0 ? 'baseline' : parts.join(' ');
}

const LONGEST_NAME = 80;

/** A cell's name as a folder: itself where it is safe, else with a digest that keeps it apart from all others. */
export function cellFolder(cell: string): string {
  const safe = cell.replaceAll(' ', ',').replaceAll(/[^A-Za-z0-9._=,-]/g, '_');
  if (safe === cell.replaceAll(' ', ',') && safe.length <= LONGEST_NAME && !safe.startsWith('.')) return safe;
  const digest = createHash('sha256').update(cell).digest('hex').slice(0, 8);
  return `${safe.slice(0, LONGEST_NAME).replace(/^\./, '_')}-${digest}`;
}

/** Path of a series' file below the history folder; metric keys hold no slash. */
export function seriesPath({ suite, cell, metric }: SeriesId): string {
  return `series/${suite}/${cellFolder(cell)}/${metric}.ndjson`;
}

/** For people and for globs: "quickstart/linger.ms=5/due-to-ack.p50". */
export function seriesName({ suite, cell, metric }: SeriesId): string {
  return `${suite}/${cell}/${metric}`;
}
