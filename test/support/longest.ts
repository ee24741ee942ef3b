import type { IntervalSnapshot } from '../../bench/load/protocol.ts';
import { decode, maxUs } from '../../bench/results/histogram.ts';
import type { LatencyName } from '../../bench/results/latency.ts';

/** The longest sample of a latency that a generator's snapshots hold, µs. */
export const longestUs = (snapshots: readonly IntervalSnapshot[], name: LatencyName): number =>
  Math.max(
    ...snapshots
      .flatMap(({ latencies }) => latencies)
      .map(({ histograms }) => histograms[name])
      .map((encoded) => (encoded === undefined ? 0 : maxUs(decode(encoded)))),
  );
