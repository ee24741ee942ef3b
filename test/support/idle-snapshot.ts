import type { IntervalSnapshot } from '../../bench/load/protocol.ts';
import { zeroCounters } from '../../bench/load/recorder.ts';

/** What a generator says of a second in which it did nothing, but for the figures given. */
export const snapshotOf = (second: number, figures: Partial<IntervalSnapshot> = {}): IntervalSnapshot => ({
  second,
  ...zeroCounters(),
  cpuUs: 0,
  eventLoopDelayP99Us: 0,
  eventLoopDelayMaxUs: 0,
  latencies: [],
  ...figures,
});
