import type { LoadGenerator } from '../../load/agent/load-generator.ts';
import type { ConsumerAssignment, IntervalSnapshot } from '../../load/protocol.ts';

/** What one generator gave, as a measurement holds it. */
export const measured = <D>(entry: {
  readonly generator: LoadGenerator;
  readonly snapshots: readonly IntervalSnapshot[];
  readonly done: D | null;
}): { name: string; snapshots: readonly IntervalSnapshot[]; done: D | null } => ({
  name: entry.generator.name,
  snapshots: entry.snapshots,
  done: entry.done,
});

/** A consumer's group, and when it began where that was late. */
export const groupOf = ({
  group,
  lateMs,
}: ConsumerAssignment): { readonly group: string; readonly lateSec?: number } =>
  lateMs === undefined ? { group } : { group, lateSec: lateMs / 1000 };
