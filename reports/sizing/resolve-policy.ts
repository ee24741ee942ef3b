import { type Figure, figure } from './figure.ts';
import { DISK_FILL, DISK_OVERHEAD } from './formulas/traffic.ts';
import type { PartitionsDemand } from './input/demand.ts';
import { DEFAULT, type Origin, OWN } from './origin.ts';
import type { DiskPolicy, Watermarks } from './policy.ts';

type PolicyAnswers = Pick<
  PartitionsDemand,
  | 'utilizationAverage'
  | 'utilizationPeak'
  | 'networkWatermark'
  | 'diskWatermark'
  | 'diskFill'
  | 'diskOverhead'
  | 'perCore'
>;

/** How much of a limit may be used, and for how long records are kept. */
export function resolvePolicy(
  demand: PolicyAnswers & { retention?: number },
  origin: Origin,
  assumptions: Figure[],
): void {
  const utilization = (name: string, key: 'utilizationAverage' | 'utilizationPeak', usual: string) =>
    figure(name, demand[key], 'share', 'assumption', origin(key, usual));
  assumptions.push(
    utilization('Utilization at average load', 'utilizationAverage', '60 %'),
    utilization('Utilization at peak load', 'utilizationPeak', '80 %'),
  );
  const disk = (name: string, key: 'diskFill' | 'diskOverhead', usual: number, unit: string) => {
    const source = demand[key] === undefined ? `${DEFAULT}: several calculators` : OWN;
    return figure(name, demand[key] ?? usual, unit, 'assumption', source);
  };
  assumptions.push(
    disk('How full a disk may be', 'diskFill', DISK_FILL, 'share'),
    disk('On a disk over the records', 'diskOverhead', DISK_OVERHEAD, '×'),
  );
  const own = (name: string, value: number | undefined, unit: string) => {
    if (value !== undefined) assumptions.push(figure(name, value, unit, 'assumption', OWN));
  };
  own('Network at peak load', demand.networkWatermark, 'share');
  own('Disk throughput at peak load', demand.diskWatermark, 'share');
  own('Written on one vCPU', demand.perCore, 'B/s');
  if (demand.retention !== undefined) {
    assumptions.push(figure('Retention', demand.retention, 's', 'assumption', origin('retention', '7 days')));
  }
}

/** Watermarks, disk and the rule for CPU, as every problem holds them. */
export interface SharedPolicy extends Watermarks, DiskPolicy {
  readonly perCoreBytesPerSec?: number | undefined;
}

/** The shares and factors of a demand that every mode hands on to the brokers. */
export function policyOf(demand: PolicyAnswers): SharedPolicy {
  const { perCore, ...shares } = demand;
  return {
    utilizationAverage: shares.utilizationAverage,
    utilizationPeak: shares.utilizationPeak,
    networkWatermark: shares.networkWatermark,
    diskWatermark: shares.diskWatermark,
    diskFill: shares.diskFill,
    diskOverhead: shares.diskOverhead,
    perCoreBytesPerSec: perCore,
  };
}
