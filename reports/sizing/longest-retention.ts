import type { BrokerHardware } from './broker-hardware.ts';
import { type Figure, figure } from './figure.ts';
import { type DiskPolicy, diskFactor, diskFactorSource, diskFactorText } from './policy.ts';

/** Seconds that records can be kept on so many brokers; null where disk or traffic is not known. */
function longestRetentionSec(
  wireBytesPerSec: number,
  brokers: number,
  replicationFactor: number,
  diskBytes: number | null,
  disk: DiskPolicy,
): number | null {
  if (diskBytes === null || wireBytesPerSec <= 0 || !Number.isFinite(brokers)) return null;
  return (brokers * diskBytes) / (wireBytesPerSec * replicationFactor * diskFactor(disk));
}

/** The longest retention that the brokers of the answer hold, as a figure; none where it is not known. */
export function longestRetention(
  wireBytesPerSec: number,
  brokers: number,
  problem: DiskPolicy & {
    readonly hardware: BrokerHardware;
    readonly data: { readonly replicationFactor: number };
  },
): Figure[] {
  const { hardware, data } = problem;
  const sec = longestRetentionSec(
    wireBytesPerSec,
    brokers,
    data.replicationFactor,
    hardware.diskBytes,
    problem,
  );
  if (sec === null) return [];
  const source = `B × disk ÷ (average × RF ${diskFactorText(problem)}) (${diskFactorSource(problem)}), with the largest disks that these brokers take`;
  return [{ ...figure('Longest retention', sec, 's', 'assumption', source), binds: 'disk space' }];
}
