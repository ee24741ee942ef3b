import type { IntervalSnapshot } from '../../load/protocol.ts';

/** What generators did in the last second, summed over them. */
export interface LastSecond {
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
