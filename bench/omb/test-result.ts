import { addEncoded } from '../results/encoded-histogram.ts';
import { type Histogram, maxUs, newHistogram } from '../results/histogram.ts';
import { percentileCurve, readHlog } from '../results/hlog.ts';
import type { LatencyName } from '../results/latency.ts';
import type { LoadedRun } from '../results/load-run.ts';
import type { RepeatResult } from '../results/result.ts';
import type { SeriesRow } from '../results/series-columns.ts';

/**
 * A cell as OpenMessaging Benchmark's result JSON: the fields of its class TestResult. OMB's format has no blank:
 * where nothing was measured there is 0, and a percentile is that of the sample, however small.
 */

/** OMB takes its figures every ten seconds. */
const PERIOD_SEC = 10;

/** Its names of the latencies, ours, and µs in one of its units (publish delays are in µs). */
const LATENCIES: readonly {
  readonly omb: string;
  readonly name: LatencyName;
  readonly unitUs: number;
}[] = [
  { omb: 'publishLatency', name: 'sent-to-ack', unitUs: 1000 },
  { omb: 'publishDelayLatency', name: 'due-to-sent', unitUs: 1 },
  { omb: 'endToEndLatency', name: 'end-to-end', unitUs: 1000 },
];
const FIGURES: readonly { readonly suffix: string; readonly of: (histogram: Histogram) => number }[] = [
  { suffix: 'Avg', of: (histogram) => (histogram.totalCount === 0 ? 0 : histogram.mean) },
  ...[50, 75, 95, 99, 99.9, 99.99].map((percentile) => ({
    suffix: `${String(percentile).replace('.', '')}pct`,
    of: (histogram: Histogram) =>
      histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percentile),
  })),
  { suffix: 'Max', of: maxUs },
];

type Figure = string | number | number[] | Record<string, number>;
export type TestResult = Record<string, Figure>;

/** What a cell is, as OMB counts it. */
export interface TestShape {
  readonly workload: string;
  readonly driver: string;
  readonly messageSize: number;
  readonly partitions: number;
  readonly producersPerTopic: number;
  readonly consumersPerTopic: number;
  readonly topics: 1;
}

interface Period {
  readonly rows: readonly SeriesRow[];
  readonly histograms: ReadonlyMap<LatencyName, Histogram>;
}

/** Periods of one repeat's measured window, in order. */
async function periodsOf(run: LoadedRun, result: RepeatResult): Promise<Period[]> {
  const rows = (await run.series(result)).filter(({ phase }) => phase === 'measure');
  const logs = LATENCIES.flatMap(({ name }) => {
    const path = run.hlogPath(result, name);
    return path === null ? [] : [{ name, intervals: readHlog(path).intervals }];
  });
  const starts = logs.flatMap(({ intervals }) => intervals.map(({ startMs }) => startMs));
  const startMs = starts.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const count = Math.ceil(rows.length / PERIOD_SEC);
  return Array.from({ length: count }, (_, period) => {
    const histograms = new Map<LatencyName, Histogram>();
    for (const { name, intervals } of logs) {
      const merged = newHistogram();
      for (const { startMs: atMs, encoded } of intervals) {
        const at = Math.floor((atMs - startMs) / (PERIOD_SEC * 1000));
        // A second that the window's edge cut off belongs to the last period.
        if (Math.min(at, count - 1) === period) addEncoded(merged, encoded);
      }
      histograms.set(name, merged);
    }
    return { rows: rows.slice(period * PERIOD_SEC, (period + 1) * PERIOD_SEC), histograms };
  });
}

function meanOf(rows: readonly SeriesRow[], column: 'ackedPerSec' | 'receivedPerSec'): number {
  if (rows.length === 0) return 0;
  return rows.reduce((sum, row) => sum + (row[column] ?? 0), 0) / rows.length;
}

/** The repeats one after another, as one run of OMB; aggregates over all of their buckets. */
export async function testResultOf(
  run: LoadedRun,
  repeats: readonly RepeatResult[],
  shape: TestShape,
): Promise<TestResult> {
  const periods: Period[] = [];
  const whole = new Map(LATENCIES.map(({ name }) => [name, newHistogram()]));
  for (const result of repeats) {
    periods.push(...(await periodsOf(run, result)));
    for (const [name, histogram] of whole) {
      const path = run.hlogPath(result, name);
      if (path !== null) histogram.add(readHlog(path).merged);
    }
  }
  const failed = repeats.reduce((sum, { counts }) => sum + counts.failed, 0);
  const seconds = periods.reduce((sum, { rows }) => sum + rows.length, 0);
  const out: TestResult = {
    ...shape,
    publishRate: periods.map(({ rows }) => meanOf(rows, 'ackedPerSec')),
    publishErrorRate: periods.map(() => failed / Math.max(1, seconds)),
    consumeRate: periods.map(({ rows }) => meanOf(rows, 'receivedPerSec')),
    backlog: periods.map(({ rows }) => Math.max(0, Math.round(rows.at(-1)?.lagRecords ?? 0))),
  };
  for (const { omb, name, unitUs } of LATENCIES) {
    const all = whole.get(name) ?? newHistogram();
    for (const { suffix, of } of FIGURES) {
      out[`${omb}${suffix}`] = periods.map(
        ({ histograms }) => of(histograms.get(name) ?? newHistogram()) / unitUs,
      );
      out[`aggregated${capital(omb)}${suffix}`] = of(all) / unitUs;
    }
    out[`aggregated${capital(omb)}Quantiles`] = Object.fromEntries(
      percentileCurve(all).map(({ percentile, valueUs }) => [String(percentile), valueUs / unitUs]),
    );
  }
  return out;
}

const capital = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;
