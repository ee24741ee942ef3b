import { z } from 'zod';

const percentiles = z.strictObject({
  p50: z.number().nullable(),
  p75: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  'p99.9': z.number().nullable(),
  'p99.99': z.number().nullable(),
});

/** A LatencySummary. */
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
