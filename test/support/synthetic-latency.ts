import { createRandom } from '../../bench/common/random.ts';
import { encode, type Histogram, maxUs, newHistogram, summarize } from '../../bench/results/histogram.ts';
import { formatHlog, type LogInterval } from '../../bench/results/hlog.ts';
import type { LatencyName, LatencySummary } from '../../bench/results/latency.ts';
import { normal } from './numbers.ts';

/** Latencies of one second: log-normal with a share of slow ones, as a broker's flushes and elections make them. */
interface Second {
  readonly histogram: Histogram;
  readonly encoded: string;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
}

const SAMPLES_PER_SECOND = 1_000;
/** Medians are kept to 2 % steps, so that a large folder is made of few distinct histograms. */
const STEP = Math.log(1.02);
const seconds = new Map<string, Second>();

function secondOf(medianUs: number, variant: number): Second {
  const step = Math.round(Math.log(medianUs) / STEP);
  const key = `${step}/${variant}`;
  const known = seconds.get(key);
  if (known !== undefined) return known;
  const random = createRandom(step * 8 + variant);
  const histogram = newHistogram();
  for (let i = 0; i < SAMPLES_PER_SECOND; i++) {
    const slow = random.next() < 0.008 + 0.004 * variant ? 6 + 6 * random.next() : 1;
    histogram.recordValue(Math.max(1, Math.round(Math.exp(step * STEP + 0.35 * normal(random)) * slow)));
  }
  const second = {
    histogram,
    encoded: encode(histogram),
    p50Us: histogram.getValueAtPercentile(50),
    p99Us: histogram.getValueAtPercentile(99),
    maxUs: maxUs(histogram),
  };
  seconds.set(key, second);
  return second;
}

export interface SyntheticLatency {
  readonly summary: LatencySummary | null;
  readonly hlog: string;
  /** By second of the window. */
  readonly perSecond: readonly { readonly p50Us: number; readonly p99Us: number; readonly maxUs: number }[];
}

const summaries = new Map<string, LatencySummary | null>();

/** A latency of a repeat: summary and histogram log hold exactly the same samples. */
export function syntheticLatency(
  name: LatencyName,
  medianUs: number,
  options: { readonly seconds: number; readonly startEpochMs: number; readonly seed: number },
): SyntheticLatency {
  const random = createRandom(options.seed);
  const chosen = Array.from({ length: options.seconds }, () => random.int(4));
  const parts = chosen.map((variant) => secondOf(medianUs, variant));
  const key = `${Math.round(Math.log(medianUs) / STEP)}/${[...chosen].sort().join('')}`;
  let summary = summaries.get(key);
  if (summary === undefined) {
    const merged = newHistogram();
    for (const part of parts) merged.add(part.histogram);
    summary = summarize(merged);
    summaries.set(key, summary);
  }
  const intervals = parts.map(
    (part, second): LogInterval => ({
      atSec: second,
      lengthSec: 1,
      maxUs: part.maxUs,
      encoded: part.encoded,
    }),
  );
  return { summary, hlog: formatHlog(name, options.startEpochMs, intervals), perSecond: parts };
}
