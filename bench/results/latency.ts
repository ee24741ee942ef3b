/** The four latency histograms; the first is the headline. */
export const LATENCIES = ['due-to-ack', 'sent-to-ack', 'due-to-sent', 'end-to-end'] as const;
export type LatencyName = (typeof LATENCIES)[number];

/** What a generator records: end to end apart by whether the record was produced and received on one host, by one clock. */
export const RECORDED = [...LATENCIES, 'end-to-end-across'] as const;
export type RecordedName = (typeof RECORDED)[number];

/** What all samples of a latency are recorded as. */
export const partsOf = (name: LatencyName): readonly RecordedName[] =>
  name === 'end-to-end' ? ['end-to-end', 'end-to-end-across'] : [name];

/** Percentile keys in reports and thresholds, and the fewest samples for a two-sided 95 % statement about each. */
export const PERCENTILES = {
  p50: 50,
  p75: 75,
  p90: 90,
  p95: 95,
  p99: 99,
  'p99.9': 99.9,
  'p99.99': 99.99,
} as const;
export type PercentileName = keyof typeof PERCENTILES;
export const MIN_SAMPLES: Readonly<Record<PercentileName, number>> = {
  p50: 8,
  p75: 13,
  p90: 36,
  p95: 73,
  p99: 368,
  'p99.9': 3_688,
  'p99.99': 36_887,
};

/** One latency of the measured window, µs. A percentile is null where the sample is too small for it. */
export interface LatencySummary {
  readonly count: number;
  /** Samples below zero (clocks, or a received time before the due time): counted here, kept out of the histogram. */
  readonly negativeCount: number;
  readonly minUs: number;
  readonly meanUs: number;
  readonly stddevUs: number;
  readonly maxUs: number;
  readonly percentilesUs: Readonly<Record<PercentileName, number | null>>;
}
