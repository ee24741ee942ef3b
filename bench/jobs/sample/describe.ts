import { headerBytes } from '../../common/record-headers.ts';
import type { SampleRecord } from '../../corpus/sample/sample-file.ts';
import { quantileOfAscending } from '../../stats/describe.ts';

/** Bytes: mean, median, 95th and 99th percentile, and the extremes. */
export interface Sizes {
  readonly mean: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface SampleFigures {
  readonly records: number;
  /** Values, tombstones aside; null where all records are tombstones. */
  readonly valueBytes: Sizes | null;
  readonly tombstones: number;
  readonly keys: {
    readonly keyed: number;
    /** In the sample: a topic may hold more. */
    readonly distinct: number;
    readonly meanBytes: number | null;
    /** Share of all records under the most frequent key, with its 95 % interval (Wilson); null without keys. */
    readonly hottest: { readonly share: number; readonly low: number; readonly high: number } | null;
  };
  /** Bytes of names and values a record, and in how many records each name stands. */
  readonly headers: { readonly meanBytes: number; readonly names: Readonly<Record<string, number>> };
  /** By timestamp; null where the sample is not one stretch of time, or all of it is one instant. */
  readonly rate: {
    readonly spanSec: number;
    readonly meanPerSec: number;
    readonly meanBytesPerSec: number;
    /** Of the fullest second. */
    readonly peakPerSec: number;
    readonly p99PerSec: number;
    readonly peakOverMean: number;
  } | null;
  readonly partitions: {
    readonly counts: readonly number[];
    /** Records of the fullest partition over an even share. */
    readonly largestOverEven: number;
  };
  /** Records older than one before them in their partition, and by how much at most. */
  readonly outOfOrder: { readonly records: number; readonly mostMs: number };
}

function sizesOf(lengths: readonly number[]): Sizes | null {
  if (lengths.length === 0) return null;
  const sorted = Float64Array.from(lengths).sort();
  return {
    mean: sorted.reduce((sum, length) => sum + length, 0) / sorted.length,
    min: sorted[0] ?? 0,
    median: quantileOfAscending(sorted, 0.5),
    p95: quantileOfAscending(sorted, 0.95),
    p99: quantileOfAscending(sorted, 0.99),
    max: sorted.at(-1) ?? 0,
  };
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964;

/** Wilson's score interval of a share, 95 % (Wilson 1927), as if the records had been drawn independently. */
export function wilson(count: number, of: number): { share: number; low: number; high: number } {
  const share = count / of;
  const centre = share + Z ** 2 / (2 * of);
  const reach = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  const scale = 1 + Z ** 2 / of;
  return { share, low: Math.max(0, (centre - reach) / scale), high: Math.min(1, (centre + reach) / scale) };
}

function keysOf(records: readonly SampleRecord[]): SampleFigures['keys'] {
  const counts = new Map<string, number>();
  let keyed = 0;
  let bytes = 0;
  for (const { key } of records) {
    if (key === null) continue;
    keyed++;
    bytes += key.length;
    const text = key.toString('latin1');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return {
    keyed,
    distinct: counts.size,
    meanBytes: keyed === 0 ? null : bytes / keyed,
    hottest: keyed === 0 ? null : wilson(most, records.length),
  };
}

function headersOf(records: readonly SampleRecord[]): SampleFigures['headers'] {
  const names = new Map<string, number>();
  let bytes = 0;
  for (const { headers } of records) {
    bytes += headerBytes(headers);
    for (const name of new Set(headers.map((header) => header.name.toString()))) {
      names.set(name, (names.get(name) ?? 0) + 1);
    }
  }
  return { meanBytes: bytes / records.length, names: Object.fromEntries(names) };
}

const bytesOf = ({ key, value, headers }: SampleRecord): number =>
  (key?.length ?? 0) + (value?.length ?? 0) + headerBytes(headers);

/** Counts of records by second from the first one on; seconds without one are among them. */
export function bySecond(timestampsMs: readonly number[]): number[] {
  const known = timestampsMs.filter((time) => time >= 0);
  const first = known.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const counts = new Map<number, number>();
  let last = -1;
  for (const time of known) {
    const second = Math.floor((time - first) / 1000);
    last = Math.max(last, second);
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  // A stray timestamp years away must not become an array of all seconds between.
  if (last >= 10_000_000) return [];
  return Array.from({ length: last + 1 }, (_, second) => counts.get(second) ?? 0);
}

function rateOf(records: readonly SampleRecord[]): SampleFigures['rate'] {
  const times = records.map(({ timestampMs }) => timestampMs).filter((time) => time >= 0);
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const spanSec = (last - first) / 1000;
  if (!(spanSec > 0)) return null;
  const seconds = bySecond(times);
  if (seconds.length === 0) return null;
  const meanPerSec = (times.length - 1) / spanSec;
  const peakPerSec = seconds.reduce((most, count) => Math.max(most, count), 0);
  return {
    spanSec,
    meanPerSec,
    meanBytesPerSec:
      (meanPerSec * records.reduce((sum, record) => sum + bytesOf(record), 0)) / records.length,
    peakPerSec,
    p99PerSec: quantileOfAscending(Float64Array.from(seconds).sort(), 0.99),
    peakOverMean: peakPerSec / meanPerSec,
  };
}

function disorderOf(logs: Iterable<readonly SampleRecord[]>): SampleFigures['outOfOrder'] {
  let records = 0;
  let mostMs = 0;
  for (const log of logs) {
    let newest = Number.NEGATIVE_INFINITY;
    for (const { timestampMs } of log) {
      if (timestampMs < newest) {
        records++;
        mostMs = Math.max(mostMs, newest - timestampMs);
      }
      newest = Math.max(newest, timestampMs);
    }
  }
  return { records, mostMs };
}

/**
 * What a sample tells of its topic. Pure.
 * @param logs the same records by partition, in the order of its log
 * @param contiguous whether the records are all that the topic got in their time
 */
export function describeSample(
  records: readonly SampleRecord[],
  partitions: number,
  logs: Iterable<readonly SampleRecord[]>,
  contiguous: boolean,
): SampleFigures {
  const counts = new Array<number>(partitions).fill(0);
  for (const { partition } of records) counts[partition] = (counts[partition] ?? 0) + 1;
  const values = records.flatMap(({ value }) => (value === null ? [] : [value.length]));
  return {
    records: records.length,
    valueBytes: sizesOf(values),
    tombstones: records.length - values.length,
    keys: keysOf(records),
    headers: headersOf(records),
    rate: contiguous ? rateOf(records) : null,
    partitions: {
      counts,
      largestOverEven:
        (counts.reduce((most, count) => Math.max(most, count), 0) * counts.length) / records.length,
    },
    outOfOrder: disorderOf(logs),
  };
}
