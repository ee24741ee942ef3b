import { addEncoded } from '../../bench/results/encoded-histogram.ts';
import { type Histogram, newHistogram } from '../../bench/results/histogram.ts';
import { readHlog } from '../../bench/results/hlog.ts';
import { countsByBin } from '../../bench/results/latency-bins.ts';

/** A histogram log over time, its seconds gathered into columns. */
interface HlogColumns {
  /** Seconds that one column spans. */
  readonly columnSec: number;
  /** Records of each column by bin, ascending, empty ones left out. */
  readonly columns: readonly (readonly [bin: number, count: number][])[];
  readonly merged: Histogram;
}

/** At most so many columns, in bins of `latency-bins.ts`; null where the log holds no record. */
export function hlogColumns(path: string, maxColumns: number, binsPerDecade: number): HlogColumns | null {
  const { intervals, merged } = readHlog(path);
  if (merged.totalCount === 0) return null;
  const columnSec = Math.max(1, Math.ceil(intervals.length / maxColumns));
  const columns = Array.from({ length: Math.ceil(intervals.length / columnSec) }, (_, column) => {
    const histogram = newHistogram();
    for (const { encoded } of intervals.slice(column * columnSec, (column + 1) * columnSec)) {
      addEncoded(histogram, encoded);
    }
    return countsByBin(histogram, binsPerDecade);
  });
  return { columnSec, columns, merged };
}
