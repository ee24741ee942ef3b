import { z } from 'zod';

/** The four latency histograms; the first is the headline. */
export const LATENCIES = ['due-to-ack', 'sent-to-ack', 'due-to-sent', 'end-to-end'] as const;
export type LatencyName = (typeof LATENCIES)[number];

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

const percentiles = z.strictObject({
  p50: z.number().nullable(),
  p75: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  'p99.9': z.number().nullable(),
  'p99.99': z.number().nullable(),
});

/** One latency of the measured window, µs. A percentile is null where the sample is too small for it. */
export const latencySummary = z.strictObject({
  count: z.number(),
  /** Samples below zero (clocks, or a received time before the due time): counted here, kept out of the histogram. */
  negativeCount: z.number(),
  minUs: z.number(),
  meanUs: z.number(),
  stddevUs: z.number(),
  maxUs: z.number(),
  percentilesUs: percentiles,
});
export type LatencySummary = z.infer<typeof latencySummary>;
