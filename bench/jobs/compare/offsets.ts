import type { CellSettings } from '../../results/planned.ts';
import { type RunOffset, runOffset } from '../../stats/run-offset.ts';
import { cellName } from '../nightly/history/series-id.ts';
import type { StoredSeries } from '../nightly/history/store.ts';

/** Newest nights that count: how far runs lie apart is a matter of this year's machines. */
const LOOK_BACK = 200;

/** How far runs of a cell lie apart in a metric, or null where the history does not tell. */
export type OffsetOf = (settings: CellSettings, metric: string) => RunOffset | null;

/**
 * From the nights of a history: of the same cell where it has five of one definition or more, else of all cells of
 * the suites together. The canary's cells count only for themselves.
 */
export function offsetsOf(series: readonly StoredSeries[]): OffsetOf {
  const logsOf = ({ content: { nights, comparableFrom } }: StoredSeries): number[] =>
    [...nights.values.subarray(Math.max(comparableFrom, nights.values.length - LOOK_BACK))].map(Math.log);
  return (settings, metric) => {
    const all = series.filter(({ id }) => id.metric === metric);
    const cell = cellName(settings);
    const own = all.filter(({ id }) => id.cell === cell).map(logsOf);
    return runOffset(own) ?? runOffset(all.filter(({ canary }) => !canary).map(logsOf));
  };
}
