import { z } from 'zod';
import { latencySummary } from './latency-summary.ts';

/** Where the load came from where it came from other hosts, and how well their clocks are known. */
export const loadHosts = z.strictObject({
  placement: z.enum(['spread', 'apart', 'pinned']),
  /** From the first generator's beginning to the last one's, by one clock, µs; null where one did not tell. */
  startSpreadUs: z.number().nullable(),
  /** How far an end-to-end latency across hosts may be off, µs; 0 where no record crossed hosts. */
  endToEndErrorUs: z.number(),
  /** End to end across hosts is not to be relied on: its error is over a tenth of the p50, or over `load.clockError`. */
  endToEndUnsure: z.boolean(),
  /**
   * Which records the end-to-end figure is made of: where it would not be to be relied on, only those that were produced
   * and received on one host, as far as there are any. This and the next two are absent where none was timed, and in runs of
   * older versions.
   */
  endToEndOf: z.enum(['all', 'same-host']).optional(),
  /** Of the records that were timed end to end, the share that was produced and received on one host; null where none was. */
  sameHostShare: z.number().nullable().optional(),
  /** End to end of the records that crossed hosts; null where none did. */
  endToEndAcross: latencySummary.nullable().optional(),
  /** How many hosts of this kind the offered rate would need; null where it is not known, absent in runs of older versions. */
  needed: z
    .strictObject({
      hosts: z.int(),
      /** What runs out first, and how many hosts the offered rate would use up wholly. */
      resource: z.enum(['processors', 'network']),
      fullHosts: z.number(),
      /** Up to which share a host is planned. */
      plannedShare: z.number(),
    })
    .nullable()
    .optional(),
  hosts: z.array(
    z.strictObject({
      name: z.string(),
      rack: z.string().nullable(),
      producers: z.int(),
      consumers: z.int(),
      /** Its monotonic clock less the coordinator's at the end of the load, and how far it may have been off in it, µs. */
      clockOffsetUs: z.number(),
      clockErrorUs: z.number(),
      clockDriftPpm: z.number(),
      roundTripUs: z.number(),
    }),
  ),
});
export type LoadHosts = z.infer<typeof loadHosts>;
