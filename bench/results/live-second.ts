import { z } from 'zod';
import { LATENCIES } from './latency.ts';

/** Where a run under way tells what it does, a line a second; gone when it has ended. */
export const LIVE_FILE = 'live.ndjson';
/** Seconds that are kept at least; the file never holds more than twice as many. */
export const LIVE_SECONDS = 300;

const figure = z.number().nullable();

/** One second of a run under way; null where there is no such figure. */
const liveSecondSchema = z.object({
  /** Grows by one with each line of one process. */
  seq: z.int(),
  at: z.iso.datetime(),
  cell: z.string(),
  block: z.int(),
  attempt: z.int(),
  phase: z.string(),
  /** Since the repeat's load began. */
  second: figure,
  finished: z.int(),
  total: z.int(),
  leftMs: z.number(),
  offeredPerSec: figure,
  achievedPerSec: figure,
  receivedPerSec: figure,
  lagRecords: figure,
  /** What the latencies below are of. */
  latency: z.enum(LATENCIES).nullable(),
  p50Us: figure,
  p99Us: figure,
  /** Records by bin of `latency-bins.ts`. */
  bins: z.array(z.tuple([z.int(), z.number()])),
  unsentRecords: figure,
  queueFullMs: figure,
  eventLoopDelayP99Us: figure,
  /** CPU of the busiest generator, of one core. */
  cpuMaxShare: figure,
  /** Of this host's processors. */
  hostCpuShare: figure,
  hostStolenShare: figure,
});
export type LiveSecond = z.infer<typeof liveSecondSchema>;

/** The lines of a live file that can be read; the last one may be half written. */
export function parseLiveSeconds(text: string): LiveSecond[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const parsed = liveSecondSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
