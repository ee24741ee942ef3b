import type { LatencySummary } from '../../results/latency.ts';

/** Of the p50: an error that is larger says as much about the clocks as about the cluster. */
const MAX_SHARE = 0.1;

/** How far an end-to-end latency across hosts may be off, and what is asked for, µs; null: nothing is. */
export interface ClockLimits {
  readonly errorUs: number;
  readonly askedUs: number | null;
}

/** Which limit the error is over: what the workload asks for, or a tenth of the p50; null where it is over none. */
export function tooUnsure(
  { errorUs, askedUs }: ClockLimits,
  endToEnd: LatencySummary | null,
): 'asked' | 'p50' | null {
  if (endToEnd === null) return null;
  if (askedUs !== null && errorUs > askedUs) return 'asked';
  const p50Us = endToEnd.percentilesUs.p50;
  return p50Us !== null && errorUs > MAX_SHARE * p50Us ? 'p50' : null;
}
