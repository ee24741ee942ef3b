import type { IntervalSnapshot } from '../../load/protocol.ts';

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The measured part of a repeat, in seconds of its load: [fromSec, endSec). */
export interface Window {
  readonly fromSec: number;
  readonly endSec: number;
}

export const inWindow = (
  processes: readonly { readonly snapshots: readonly IntervalSnapshot[] }[],
  window: Window,
): IntervalSnapshot[] =>
  processes.flatMap(({ snapshots }) =>
    snapshots.filter(({ second }) => second >= window.fromSec && second < window.endSec),
  );

export const total = (
  snapshots: readonly IntervalSnapshot[],
  key: 'due' | 'acked' | 'ackedBytes' | 'received' | 'receivedBytes' | 'cpuUs' | 'queueFullMs',
): number => sum(snapshots.map((snapshot) => snapshot[key]));
