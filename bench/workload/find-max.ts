import { KsweepError } from '../common/errors.ts';
import { type LoadedWorkload, loadWorkload } from './load.ts';
import { SHORTEST_WINDOW_MS, searchOf } from './search-limits.ts';

/**
 * A workload with the rate of each cell to be searched, as by `--find-max`. A search that it states stays as it is; a
 * window too short for one is lengthened. Throws usage where its sweep sets rates as well.
 */
export function loadSearched(file: string, options: { readonly set: readonly string[] }): LoadedWorkload {
  const { workload } = loadWorkload(file, options);
  const { rate, duration } = workload.load;
  const set = [...options.set];
  if (rate === 'max' || !('search' in rate)) set.push('load.rate={search: {}}');
  if (duration < SHORTEST_WINDOW_MS) set.push(`load.duration=${SHORTEST_WINDOW_MS}ms`);
  const loaded = loadWorkload(file, { set });
  const fixed = loaded.plan.cells.find((cell) => searchOf(cell) === null);
  if (fixed === undefined) return loaded;
  throw new KsweepError('usage', `--find-max: the sweep sets a rate of its own in cell ${fixed.label}`, {
    hint: 'leave the axis rate out, or --find-max',
  });
}
