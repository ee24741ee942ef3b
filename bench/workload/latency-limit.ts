import { KsweepError } from '../common/errors.ts';
import { parseDurationMs } from '../common/units.ts';
import { LATENCIES, type LatencyName, PERCENTILES, type PercentileName } from '../results/latency.ts';

/** "due-to-ack p99 < 50ms", read. */
export interface LatencyLimit {
  readonly latency: LatencyName;
  readonly percentile: PercentileName;
  readonly limitUs: number;
}

/** Throws threshold-invalid with what was expected. */
export function parseLatencyLimit(text: string): LatencyLimit {
  const match = /^\s*(\S+)\s+(p\S+)\s*<=?\s*(\S+(?:\s*(?:ms|s))?)\s*$/.exec(text);
  const latency = LATENCIES.find((name) => name === match?.[1]);
  const percentile = (Object.keys(PERCENTILES) as PercentileName[]).find((name) => name === match?.[2]);
  const limitMs = match?.[3] === undefined ? undefined : parseDurationMs(match[3]);
  if (latency === undefined || percentile === undefined || limitMs === undefined) {
    throw new KsweepError('threshold-invalid', `load.rate.search.latency: "${text}" is not a latency limit`, {
      hint: `write one such as "due-to-ack p99 < 50ms"; latencies: ${LATENCIES.join(', ')}; percentiles: ${Object.keys(PERCENTILES).join(', ')}`,
    });
  }
  return { latency, percentile, limitUs: limitMs * 1000 };
}
