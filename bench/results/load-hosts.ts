import { z } from 'zod';

/** Where the load came from where it came from other hosts, and how well their clocks are known. */
export const loadHosts = z.strictObject({
  placement: z.enum(['spread', 'apart', 'pinned']),
  /** From the first generator's beginning to the last one's, by one clock, µs; null where one did not tell. */
  startSpreadUs: z.number().nullable(),
  /** How far an end-to-end latency across hosts may be off, µs; 0 where no record crossed hosts. */
  endToEndErrorUs: z.number(),
  /** The figure is not to be relied on: its error is over a tenth of its p50, or over `load.clockError`. */
  endToEndUnsure: z.boolean(),
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
