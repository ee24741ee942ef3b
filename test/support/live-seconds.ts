import type { IntervalSnapshot } from '../../bench/load/protocol.ts';
import { encode, newHistogram } from '../../bench/results/histogram.ts';
import type { LiveFile } from '../../bench/run/live/live-file.ts';
import { LiveMetrics } from '../../bench/run/live/live-metrics.ts';
import type { Progress } from '../../bench/run/measure/progress.ts';
import { snapshotOf } from './idle-snapshot.ts';

export const progressOf = (change: Partial<Progress> = {}): Progress => ({
  runId: 'r',
  finished: 1,
  total: 4,
  cell: 'acks=all',
  cellId: '000-all',
  block: 1,
  attempt: 0,
  phase: 'measure',
  leftMs: 60_000,
  ...change,
});

/** 1,000 samples, all of `us`. */
export function latenciesOf(second: number, us: number): IntervalSnapshot['latencies'] {
  const histogram = newHistogram();
  for (let i = 0; i < 1_000; i++) histogram.recordValue(us);
  return [{ second, negative: {}, histograms: { 'due-to-ack': encode(histogram) } }];
}

/** Tells `file` of seconds in which a producer and a consumer took part: 1,000 due, 990 acknowledged and 900 received in each. */
export function tellSeconds(file: LiveFile, seconds: number, latencyUs: (second: number) => number): void {
  const live = new LiveMetrics('w');
  live.onProgress(progressOf());
  for (let second = 0; second < seconds; second++) {
    const latencies = latenciesOf(second, latencyUs(second));
    live.onSnapshot(
      'producer-0',
      snapshotOf(second, { due: 1_000, sent: 1_000, acked: 990, latencies, cpuUs: 250_000 }),
    );
    live.onSnapshot(
      'consumer-0-0',
      snapshotOf(second, { received: 900, positions: { 0: 900 * (second + 1) }, cpuUs: 100_000 }),
    );
    live.onOffsets({ atSec: second, high: [990 * (second + 1)] });
    file.add(progressOf(), live.lastSecond(), null);
  }
}
