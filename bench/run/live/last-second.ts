import type { IntervalSnapshot } from '../../load/protocol.ts';
import { addEncoded } from '../../results/encoded-histogram.ts';
import { type Histogram, newHistogram } from '../../results/histogram.ts';
import { type LatencyName, partsOf } from '../../results/latency.ts';

/** What generators did in the last second, summed over them. */
export interface LastSecond {
  /** Since the repeat's load began. */
  readonly second: number;
  readonly snapshots: readonly IntervalSnapshot[];
  /** null where nothing produces. */
  readonly produced: {
    readonly offeredPerSec: number;
    readonly sentPerSec: number;
    readonly achievedPerSec: number;
    /** Due, and not taken by the client yet. */
    readonly unsentRecords: number;
    readonly queueFullMs: number;
  } | null;
  /** null where nothing consumes. */
  readonly consumed: { readonly receivedPerSec: number; readonly lagRecords: number | null } | null;
  readonly eventLoopDelayP99Us: number;
  /** CPU of the busiest generator, of one core. */
  readonly cpuMaxShare: number;
}

/** The encoded histograms that a snapshot holds of one latency. */
export function* encodedOf({ latencies }: IntervalSnapshot, latency: LatencyName): Generator<string> {
  for (const { histograms } of latencies) {
    for (const part of partsOf(latency)) {
      const encoded = histograms[part];
      if (encoded !== undefined) yield encoded;
    }
  }
}

/** What generators recorded of one latency in the last second, merged. */
export function mergedLatency(snapshots: readonly IntervalSnapshot[], latency: LatencyName): Histogram {
  const merged = newHistogram();
  for (const snapshot of snapshots) {
    for (const encoded of encodedOf(snapshot, latency)) addEncoded(merged, encoded);
  }
  return merged;
}
