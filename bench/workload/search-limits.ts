import { MIN_SAMPLES } from '../results/latency.ts';
import type { LatencyLimit } from './latency-limit.ts';
import type { RateSearch } from './load-schema.ts';
import type { Cell } from './plan.ts';

/** What a search for a sustainable rate needs of a cell, known before anything runs. */

/** Lag tells from 8 s on whether it grows, MSER-5 from 10 s on where the warm-up ends, and that may take half away. */
export const SHORTEST_WINDOW_MS = 20_000;
/** A rate at which a percentile needs longer than this for its samples is below what a search can tell. */
const LONGEST_WINDOW_MS = 300_000;

/** The search that a cell's rate asks for; null where its rate is given. */
export function searchOf({ workload }: Pick<Cell, 'workload'>): RateSearch | null {
  const { rate } = workload.load;
  return rate !== 'max' && 'search' in rate ? rate.search : null;
}

/** Records that a probe has to offer so that the percentile is known even where MSER-5 takes half of its window away. */
const samplesNeeded = ({ percentile }: LatencyLimit): number => 2 * MIN_SAMPLES[percentile];

/** The measured window of a probe, ms: the workload's, or as much more as the limit's percentile needs at this rate. */
export function probeWindowMs(ratePerSec: number, durationMs: number, limit: LatencyLimit | null): number {
  const needed = limit === null ? 0 : Math.ceil(samplesNeeded(limit) / ratePerSec) * 1000;
  return Math.max(durationMs, Math.min(needed, LONGEST_WINDOW_MS));
}

/** The lowest rate at which the limit's percentile can be told within the longest window. */
export const lowestTellingPerSec = (limit: LatencyLimit | null): number =>
  limit === null ? 0 : samplesNeeded(limit) / (LONGEST_WINDOW_MS / 1000);
