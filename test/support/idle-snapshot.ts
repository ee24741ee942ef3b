import type { IntervalSnapshot } from '../../bench/load/protocol.ts';

/** What a generator says of a second in which it did nothing, but for the figures given. */
export const snapshotOf = (second: number, figures: Partial<IntervalSnapshot> = {}): IntervalSnapshot => ({
  second,
  due: 0,
  sent: 0,
  acked: 0,
  ackedBytes: 0,
  failed: 0,
  received: 0,
  receivedBytes: 0,
  queueFull: 0,
  queueFullMs: 0,
  cpuUs: 0,
  eventLoopDelayP99Us: 0,
  eventLoopDelayMaxUs: 0,
  latencies: [],
  ...figures,
});
