import type { Prices, VolumeType } from '../../infra/catalog/schema.ts';
import type { BrokerLoad } from './broker-load.ts';
import type { CrossZoneTraffic } from './formulas/traffic.ts';
import type { BrokerHardware } from './hardware.ts';
import type { Cost, CostLine } from './report.ts';

/** Hours that AWS bills for a month, and months a year. */
export const HOURS_PER_MONTH = 730;
export const SEC_PER_MONTH = HOURS_PER_MONTH * 3600;
const MONTHS = 12;
const GB = 1e9;
const GIB = 2 ** 30;
const MIB = 2 ** 20;

interface CostProblem {
  readonly brokers: number;
  readonly instance: string;
  readonly volume: { readonly type: 'gp3' | 'io2' | 'local'; readonly count: number };
  /** Disk of the whole cluster, bytes. */
  readonly diskBytes: number;
  /** What each broker has to write a second at the peak, with the allowed utilization taken off. */
  readonly diskBytesPerSecPerBroker: number;
  /** Average traffic between zones: what is billed is the traffic of the whole month. */
  readonly crossZone: CrossZoneTraffic;
  readonly followerFetching: boolean;
}

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

/** A quantity of a month at its price; null where the price is not known. */
export function costLine(
  item: string,
  quantity: number,
  unit: string,
  unitPrice: number | null,
  source: string,
): CostLine {
  const perMonth = unitPrice === null ? null : quantity * unitPrice;
  return {
    item,
    quantity,
    unit,
    unitPrice,
    perMonth,
    perYear: perMonth === null ? null : perMonth * MONTHS,
    source,
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

function volumeLines(problem: CostProblem, prices: Prices, limits: VolumeType): CostLine[] {
  const count = problem.brokers * problem.volume.count;
  const one = provisionVolume(
    limits,
    problem.diskBytes / count,
    problem.diskBytesPerSecPerBroker / problem.volume.count,
  );
  const source = `${prices.source.volumes} (as of ${prices.asOf})`;
  const storage = costLine(
    `${problem.volume.type} storage`,
    one.sizeGB * count,
    'GiB',
    problem.volume.type === 'gp3' ? prices.gp3.perGBMonth : prices.io2.perGBMonth,
    source,
  );
  if (problem.volume.type === 'io2') {
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

/** Traffic between zones in one month; consuming from followers takes the last line's place. */
export function trafficLines(
  traffic: CrossZoneTraffic,
  prices: Prices,
): { fixed: CostLine[]; leader: CostLine; follower: CostLine } {
  const source = `${prices.source.crossZone} (as of ${prices.asOf})`;
  const perGB = prices.crossZonePerGB.perDirection * prices.crossZonePerGB.directions;
  const month = (item: string, perSec: number) =>
    costLine(item, (perSec * SEC_PER_MONTH) / GB, 'GB', perGB, source);
  return {
    fixed: [
      month('cross-zone: producers', traffic.producePerSec),
      month('cross-zone: replication', traffic.replicationPerSec),
    ],
    leader: month('cross-zone: consumers', traffic.consumePerSec),
    follower: month('cross-zone: consumers, follower fetching', traffic.consumeWithFollowerFetchingPerSec),
  };
}

/** A month of all lines; null where one has no price. */
export function total(lines: readonly CostLine[]): number | null {
  let sum = 0;
  for (const { perMonth } of lines) {
    if (perMonth === null) return null;
    sum += perMonth;
  }
  return sum;
}

/**
 * Instances (730 h a month), storage, extra IOPS and throughput, and traffic between zones, a month and a year, with
 * and without fetching from followers. A price that is not known leaves its line and the totals empty.
 */
export function costOf(problem: CostProblem, prices: Prices, volumes: ReadonlyMap<string, VolumeType>): Cost {
  const hourly = prices.instancesPerHour[problem.instance] ?? null;
  const lines: CostLine[] = [
    costLine(
      `${problem.brokers} × ${problem.instance}`,
      problem.brokers * HOURS_PER_MONTH,
      'h',
      hourly,
      hourly === null
        ? `no price of ${problem.instance} in ${prices.region}: give one with --prices`
        : `${prices.source.instances} (as of ${prices.asOf})`,
    ),
  ];
  const limits = volumes.get(problem.volume.type);
  if (limits !== undefined) lines.push(...volumeLines(problem, prices, limits));
  const traffic = trafficLines(problem.crossZone, prices);
  lines.push(...traffic.fixed, problem.followerFetching ? traffic.follower : traffic.leader);

  const base = total(lines.slice(0, -1));
  const withFollowers = base === null ? null : base + (traffic.follower.perMonth ?? 0);
  const perMonth = total(lines);
  return {
    region: prices.region,
    currency: prices.currency,
    asOf: prices.asOf,
    lines,
    perMonth,
    perYear: perMonth === null ? null : perMonth * MONTHS,
    perMonthWithFollowerFetching: withFollowers,
    perYearWithFollowerFetching: withFollowers === null ? null : withFollowers * MONTHS,
    followerFetching: problem.followerFetching,
  };
}

/** The cost of `brokers` brokers under a load. */
export function clusterCost(
  load: BrokerLoad,
  brokers: number,
  hardware: BrokerHardware,
  policy: { readonly utilizationAverage: number; readonly utilizationPeak: number },
  context: {
    readonly prices: Prices;
    readonly catalog: { readonly volumes: ReadonlyMap<string, VolumeType> };
    readonly followerFetching: boolean;
  },
): Cost {
  const written = Math.max(
    load.average.writtenPerSec / policy.utilizationAverage,
    load.peak.writtenPerSec / policy.utilizationPeak,
  );
  return costOf(
    {
      brokers,
      instance: hardware.instance,
      volume: hardware.volume,
      diskBytes: load.diskBytes,
      diskBytesPerSecPerBroker: written / brokers,
      crossZone: load.crossZone,
      followerFetching: context.followerFetching,
    },
    context.prices,
    context.catalog.volumes,
  );
}
