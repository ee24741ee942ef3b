import { readFileSync } from 'node:fs';
import { KsweepError } from '../common/errors.ts';
import { addEncoded } from './encoded-histogram.ts';
import { type Histogram, maxUs, newHistogram } from './histogram.ts';
import type { RecordedName } from './latency.ts';

/** One line of a log: a second, and its histogram as compressed V2 in base64. */
export interface LogInterval {
  /** Seconds from the log's start. */
  readonly atSec: number;
  readonly lengthSec: number;
  readonly maxUs: number;
  readonly encoded: string;
}

/**
 * A histogram log, format 1.3, as HdrHistogram's HistogramLogWriter writes it: timestamps count from the base
 * time, which is the start time. Values are µs, so `HistogramLogProcessor -outputValueUnitRatio 1000` prints ms.
 * The third field of a line, which tools skip and people read, is the interval's maximum in ms.
 */
export function formatHlog(
  latency: RecordedName,
  startEpochMs: number,
  intervals: readonly LogInterval[],
): string {
  const start = `${(startEpochMs / 1000).toFixed(3)} (seconds since epoch)`;
  const lines = [
    `#[ksweep ${latency}: values in microseconds, Interval_Max in milliseconds]`,
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${start}, ${new Date(startEpochMs).toISOString()}]`,
    `#[BaseTime: ${start}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ];
  for (const { atSec, lengthSec, maxUs: max, encoded } of intervals) {
    lines.push(`${atSec.toFixed(3)},${lengthSec.toFixed(3)},${(max / 1000).toFixed(3)},${encoded}`);
  }
  return `${lines.join('\n')}\n`;
}

/** An interval of a log, not decoded. */
export interface ReadInterval {
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly lengthSec: number;
  readonly encoded: string;
}

const YEAR_SEC = 365 * 24 * 3600;

/**
 * The intervals of a histogram log, ours or another tool's, whatever their tags. Timestamps count from the base
 * time; without one, from the start time where they are more than a year before it, as HdrHistogram's own reader does.
 */
function parseHlog(text: string): ReadInterval[] {
  let startSec = 0;
  let baseSec: number | undefined;
  const intervals: ReadInterval[] = [];
  for (const line of text.split(/\r?\n/)) {
    const comment = /^#\[(StartTime|BaseTime): ([\d.]+)/.exec(line);
    if (comment?.[1] === 'StartTime') startSec = Number(comment[2]);
    else if (comment?.[1] === 'BaseTime') baseSec = Number(comment[2]);
    if (line === '' || line.startsWith('#') || line.startsWith('"')) continue;
    const [at, length, , encoded] = line.replace(/^Tag=[^,]*,/, '').split(',');
    const atSec = Number(at);
    const lengthSec = Number(length);
    if (encoded === undefined || !Number.isFinite(atSec) || !Number.isFinite(lengthSec)) {
      throw new Error(`"${line.slice(0, 40)}" is not an interval`);
    }
    baseSec ??= atSec < startSec - YEAR_SEC ? startSec : 0;
    intervals.push({ startMs: (baseSec + atSec) * 1000, lengthSec, encoded });
  }
  return intervals;
}

/**
 * Reads a histogram log and merges its intervals (V2 histograms).
 * Throws `run-folder-invalid` where the file is missing or a line cannot be decoded.
 */
export function readHlog(path: string): { merged: Histogram; intervals: readonly ReadInterval[] } {
  try {
    const intervals = parseHlog(readFileSync(path, 'utf8'));
    const merged = newHistogram();
    for (const { encoded } of intervals) addEncoded(merged, encoded);
    return { merged, intervals };
  } catch (error) {
    throw new KsweepError('run-folder-invalid', `cannot read the histogram log ${path}: ${error}`, {
      cause: error,
    });
  }
}

/** A point of the percentile curve; `nines` = 1 / (1 − p), so p99 is 100: the usual logarithmic x axis. */
export interface PercentilePoint {
  readonly percentile: number;
  readonly nines: number;
  readonly valueUs: number;
}

/** Points of equal distance on the axis of nines: this many from one nine to the next. */
const POINTS_PER_NINE = 12;

/**
 * The latency-by-percentile curve, from p0 up to the last percentile that still has a sample beyond it
 * (1/(1 − p) ≤ count); then the maximum, at 1/(1 − p) = count.
 */
export function percentileCurve(histogram: Histogram): PercentilePoint[] {
  const count = histogram.totalCount;
  if (count === 0) return [];
  const points: PercentilePoint[] = [];
  for (let step = 0; ; step++) {
    const nines = 10 ** (step / POINTS_PER_NINE);
    if (nines >= count) break;
    const percentile = 100 * (1 - 1 / nines);
    points.push({ percentile, nines, valueUs: histogram.getValueAtPercentile(percentile) });
  }
  points.push({ percentile: 100, nines: count, valueUs: maxUs(histogram) });
  return points;
}

/** A log in the form that reports draw: it survives the way back from a pool thread. */
export interface ProcessedHlog {
  readonly count: number;
  readonly curve: readonly PercentilePoint[];
}

export function processHlogFile(path: string): ProcessedHlog {
  const { merged } = readHlog(path);
  return { count: merged.totalCount, curve: percentileCurve(merged) };
}
