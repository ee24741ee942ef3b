import type { Prices, VolumeType } from '../../infra/catalog/schema.ts';
import { costLine } from './cost-lines.ts';
import type { CostLine } from './report.ts';
import type { BrokerVolumes } from './volumes.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** A volume as it has to be provisioned: the size, and IOPS and throughput beyond what is included. */
interface ProvisionedVolume {
  readonly sizeGB: number;
  readonly iops: number;
  readonly extraIops: number;
  readonly extraMiBps: number;
}

/**
 * What one volume needs for `bytesPerSec`. gp3 includes 125 MiB/s and 3000 IOPS; more throughput needs 1 IOPS for each
 * 0.25 MiB/s. Source: Amazon EC2 User Guide, EBS volume types.
 */
export function provisionVolume(
  limits: VolumeType,
  sizeBytes: number,
  bytesPerSec: number,
): ProvisionedVolume {
  const mibps = Math.min(bytesPerSec / MIB, limits.maxMiBps);
  const neededIops = Math.min(mibps / limits.maxMiBpsPerIops, limits.maxIops);
  const iops = Math.ceil(Math.max(limits.includedIops, neededIops));
  // Both IOPS and, below a GiB count, size are bound to each other: a small volume may not have that many IOPS.
  const sizeGiB = Math.max(1, sizeBytes / GIB, (iops - limits.includedIops) / limits.maxIopsPerGiB);
  return {
    sizeGB: Math.ceil(sizeGiB),
    iops,
    extraIops: iops - limits.includedIops,
    extraMiBps: limits.includedMiBps === 0 ? 0 : Math.max(0, Math.ceil(mibps - limits.includedMiBps)),
  };
}

/** io2 bills its IOPS in tiers; the price of the whole, divided by the number of IOPS, is the unit price shown. */
export function io2IopsPerMonth(tiers: Prices['io2']['perIopsMonth'], iops: number): number {
  let billed = 0;
  let total = 0;
  for (const tier of tiers) {
    const upTo = Math.min(iops, tier.upToIops ?? iops);
    if (upTo > billed) {
      total += (upTo - billed) * tier.price;
      billed = upTo;
    }
  }
  return total;
}

/** What the brokers' disks have to hold and to write, before mirroring. */
export interface DiskNeed {
  readonly brokers: number;
  /** Disk of the whole cluster, bytes. */
  readonly diskBytes: number;
  /** What each broker has to write a second at the peak, with the allowed utilization taken off. */
  readonly bytesPerSecPerBroker: number;
}

/** Bytes of one volume: what the user buys, else its share of the need. */
export function volumeBytes(need: DiskNeed, volume: BrokerVolumes): number {
  return volume.sizeBytes ?? (need.diskBytes * volume.copies) / (need.brokers * volume.count);
}

/** Bytes a second of one volume: what the user provisions, else its share of the need. */
export function volumeBytesPerSec(need: DiskNeed, volume: BrokerVolumes): number {
  return volume.bytesPerSec ?? (need.bytesPerSecPerBroker * volume.copies) / volume.count;
}

/** EBS volumes of all brokers: size, and IOPS and throughput beyond what is included. */
export function volumeLines(
  need: DiskNeed,
  volume: BrokerVolumes,
  prices: Prices,
  limits: VolumeType,
): CostLine[] {
  const count = need.brokers * volume.count;
  const one = provisionVolume(limits, volumeBytes(need, volume), volumeBytesPerSec(need, volume));
  const source = `${prices.source.volumes} (as of ${prices.asOf})`;
  const storage = costLine(
    `${volume.type} storage`,
    one.sizeGB * count,
    'GiB',
    volume.type === 'gp3' ? prices.gp3.perGBMonth : prices.io2.perGBMonth,
    source,
  );
  if (volume.type === 'io2') {
    const perVolume = io2IopsPerMonth(prices.io2.perIopsMonth, one.iops);
    return [
      storage,
      costLine('io2 IOPS', one.iops * count, 'IOPS', perVolume / Math.max(1, one.iops), source),
    ];
  }
  return [
    storage,
    costLine('gp3 extra IOPS', one.extraIops * count, 'IOPS', prices.gp3.perExtraIopsMonth, source),
    costLine('gp3 extra throughput', one.extraMiBps * count, 'MiB/s', prices.gp3.perExtraMBpsMonth, source),
  ];
}
