import { type Histogram, JsHistogram } from 'hdr-histogram-js';

/** Rows of a picture of latencies: even on a logarithmic scale. */
const BINS_PER_DECADE = 8;

export const binOf = (us: number): number => Math.floor(Math.log10(us) * BINS_PER_DECADE + 1e-9);
/** Lower bound of a bin, µs. */
export const boundOf = (bin: number): number => 10 ** (bin / BINS_PER_DECADE);

/** Samples by bin, empty bins left out, ascending; of a histogram of `newHistogram()`. */
export function countsByBin(histogram: Histogram): [bin: number, count: number][] {
  if (!(histogram instanceof JsHistogram)) throw new TypeError('a histogram of newHistogram() was expected');
  const counts = new Map<number, number>();
  let left = histogram.totalCount;
  for (let index = 0; left > 0 && index < histogram.countsArrayLength; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    left -= count;
    const bin = binOf(Math.max(1, histogram.valueFromIndex(index)));
    counts.set(bin, (counts.get(bin) ?? 0) + count);
  }
  return [...counts];
}
