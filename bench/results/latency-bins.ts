import { type Histogram, JsHistogram } from 'hdr-histogram-js';

/** Rows of a picture of latencies over time. */
export const BINS_PER_DECADE = 8;

/** Bins of equal width on a logarithmic scale of µs, `perDecade` from one power of ten to the next. */
export const binOf = (us: number, perDecade: number): number => Math.floor(Math.log10(us) * perDecade + 1e-9);

/** The lower bound of a bin, µs. */
export const boundOf = (bin: number, perDecade: number): number => 10 ** (bin / perDecade);

/** Records by bin, ascending, empty ones left out; of a histogram of `newHistogram()`. */
export function countsByBin(histogram: Histogram, perDecade: number): [bin: number, count: number][] {
  if (!(histogram instanceof JsHistogram)) throw new TypeError('a histogram of newHistogram() was expected');
  const counts = new Map<number, number>();
  let left = histogram.totalCount;
  for (let index = 0; left > 0 && index < histogram.countsArrayLength; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    left -= count;
    const bin = binOf(Math.max(1, histogram.valueFromIndex(index)), perDecade);
    counts.set(bin, (counts.get(bin) ?? 0) + count);
  }
  return [...counts];
}
