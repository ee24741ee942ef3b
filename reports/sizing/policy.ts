import type { Failures } from './formulas/failures.ts';
import { DISK_FILL, DISK_OVERHEAD } from './formulas/traffic.ts';

/** How much of a limit may be used: on average with every broker up, at the peak with those that are left. */
export interface Watermarks {
  readonly utilizationAverage: number;
  readonly utilizationPeak: number;
  /** Of the network and of the disks' throughput at the peak, where they differ from the others. */
  readonly networkWatermark?: number | undefined;
  readonly diskWatermark?: number | undefined;
}

/** How full a disk may be, and what lies on it beside the records. */
export interface DiskPolicy {
  readonly diskFill?: number | undefined;
  readonly diskOverhead?: number | undefined;
}

export type WatermarkOf = 'network' | 'disk' | 'other';

/** The two shares for one kind of resource; a watermark of its own bounds the average as well. */
export function watermark(policy: Watermarks, of: WatermarkOf): { average: number; peak: number } {
  const own = { network: policy.networkWatermark, disk: policy.diskWatermark, other: undefined }[of];
  const peak = own ?? policy.utilizationPeak;
  return {
    average: own === undefined ? policy.utilizationAverage : Math.min(own, policy.utilizationAverage),
    peak,
  };
}

/** Disk to buy for a byte that is kept. */
export function diskFactor({ diskFill = DISK_FILL, diskOverhead = DISK_OVERHEAD }: DiskPolicy): number {
  return diskOverhead / diskFill;
}

/** "× 1.25 ÷ 0.75", as it was asked for. */
export function diskFactorText({ diskFill = DISK_FILL, diskOverhead = DISK_OVERHEAD }: DiskPolicy): string {
  return `× ${diskOverhead} ÷ ${diskFill}`;
}

/** The disk's factors are a heuristic of several calculators until the user sets them. */
export const diskFactorSource = ({ diskFill, diskOverhead }: DiskPolicy): string =>
  diskFill === undefined && diskOverhead === undefined ? 'several calculators' : 'as answered';

export interface BrokerPolicy extends Watermarks {
  /** Brokers that may be lost while the peak is carried, or a whole zone. */
  readonly failures: Failures;
  readonly zones: number;
  /** The count is a multiple of this; default: of the zones. 1 where the brokers are there already. */
  readonly multipleOf?: number;
  readonly maxBrokers?: number | undefined;
  /** Brokers that there are: what is needed is held against them. */
  readonly given?: number | undefined;
  /** Longest time in which the replicas of a lost broker have to be copied again; null: not asked. */
  readonly rebuildSec?: number | null;
}
