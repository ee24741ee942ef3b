import { hlogColumns } from './hlog-columns.ts';

/** The latencies of each second of a repeat, small enough to lie in a page: any range of seconds is a sum of columns. */
export interface SecondLatencies {
  /** The second of the repeat at which the first column begins. */
  readonly fromSec: number;
  /** Seconds that one column spans. */
  readonly columnSec: number;
  readonly binsPerDecade: number;
  /** The first bin that holds a record, then the counts from there on, all in base 36: "2k:1,,4"; empty where none was due. */
  readonly columns: readonly string[];
}

/** A bin spans 7.5 %, so a percentile read from its middle is off by less than 4 %. */
const BRUSH_BINS_PER_DECADE = 32;
/** About 200 bytes each: an hour is drawn in columns of 15 s. */
const MAX_COLUMNS = 240;

/** null where the log holds no record. `fromSec`: the second at which its window begins. */
export function secondLatencies(path: string, fromSec: number): SecondLatencies | null {
  const found = hlogColumns(path, MAX_COLUMNS, BRUSH_BINS_PER_DECADE);
  if (found === null) return null;
  const { columnSec } = found;
  const columns = found.columns.map(columnText);
  return { fromSec, columnSec, binsPerDecade: BRUSH_BINS_PER_DECADE, columns };
}

function columnText(counts: readonly (readonly [bin: number, count: number])[]): string {
  const [first] = counts;
  const last = counts.at(-1);
  if (first === undefined || last === undefined) return '';
  const byBin = new Map(counts);
  const texts = Array.from({ length: last[0] - first[0] + 1 }, (_, i) => {
    const count = byBin.get(first[0] + i);
    return count === undefined ? '' : count.toString(36);
  });
  return `${first[0].toString(36)}:${texts.join(',')}`;
}
