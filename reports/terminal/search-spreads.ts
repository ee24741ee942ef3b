import { metricOf } from '../../bench/results/metrics.ts';
import { formatSpread, relativeRange } from '../run/format-spread.ts';
import type { RunSummary } from '../run/run-summary.ts';

/** A line for each cell whose rate was searched more than once: how far the answers of its repeats lie apart. */
export function searchSpreads({ cells }: RunSummary): string[] {
  const metric = metricOf('search.lowPerSec');
  return cells.flatMap(({ cell }) => {
    const spread = cell.of(metric);
    if (spread === null || spread.n < 2) return [];
    return [
      `${cell.name}: sustains ${formatSpread(metric, spread)}, median of ${spread.n} searches; (max − min) ÷ median ${relativeRange(spread)}`,
    ];
  });
}
