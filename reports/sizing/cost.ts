import type { Prices, VolumeType } from '../../infra/catalog/schema.ts';
import type { BrokerLoad } from './broker-load.ts';
import { survivors } from './brokers.ts';
import { archiveLines, costLine, HOURS_PER_MONTH, MONTHS, total, trafficLines } from './cost-lines.ts';
import type { CrossZoneTraffic } from './formulas/traffic.ts';
import type { BrokerHardware } from './hardware.ts';
import { mskLines, NO_MSK_PRICE } from './msk-lines.ts';
import type { Cost, CostLine } from './report.ts';
import { type DiskNeed, volumeLines } from './volume-lines.ts';

interface CostProblem extends DiskNeed {
  readonly hardware: Pick<BrokerHardware, 'instance' | 'volume' | 'platform'>;
  /** Average traffic between zones: what is billed is the traffic of the whole month. */
  readonly crossZone: CrossZoneTraffic;
  readonly followerFetching: boolean;
  /** One copy of what is kept in object storage. */
  readonly archiveBytes: number;
}

/** Instances and their volumes, bought from EC2. */
function machineLines(
  problem: CostProblem,
  prices: Prices,
  volumes: ReadonlyMap<string, VolumeType>,
): CostLine[] {
  const { brokers, hardware } = problem;
  const hourly = prices.instancesPerHour[hardware.instance] ?? null;
  const lines = [
    costLine(
      `${brokers} × ${hardware.instance}`,
      brokers * HOURS_PER_MONTH,
      'h',
      hourly,
      hourly === null
        ? `no price of ${hardware.instance} in ${prices.region}: give one with --prices`
        : `${prices.source.instances} (as of ${prices.asOf})`,
    ),
  ];
  const limits = volumes.get(hardware.volume.type);
  if (limits !== undefined) lines.push(...volumeLines(problem, hardware.volume, prices, limits));
  return lines;
}

/**
 * Instances (730 h a month), storage, extra IOPS and throughput, archive, and traffic between zones, a month and a
 * year, with and without fetching from followers. A price that is not known leaves its line and the totals empty.
 */
export function costOf(problem: CostProblem, prices: Prices, volumes: ReadonlyMap<string, VolumeType>): Cost {
  const msk = problem.hardware.platform === 'msk';
  const traffic = trafficLines(problem.crossZone, prices);
  const [produce, replication] = traffic.fixed;
  const fixed: CostLine[] = msk
    ? [
        ...mskLines(problem, problem.hardware, prices),
        ...archiveLines(
          problem.archiveBytes,
          prices.msk?.archivePerGBMonth ?? null,
          prices.msk?.archivePerGBMonth === undefined ? NO_MSK_PRICE : prices.msk.source,
        ),
        produce,
      ]
    : [
        ...machineLines(problem, prices, volumes),
        ...archiveLines(
          problem.archiveBytes,
          prices.objectStoragePerGBMonth,
          `${prices.source.objectStorage} (as of ${prices.asOf})`,
        ),
        produce,
        replication,
      ];
  const lines = [...fixed, problem.followerFetching ? traffic.follower : traffic.leader];
  const base = total(fixed);
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
    notIncluded: notIncluded(msk, problem.archiveBytes > 0),
  };
}

/** What somebody pays all the same, and no line holds. */
function notIncluded(msk: boolean, archived: boolean): string[] {
  return [
    ...(msk ? [] : ['the controllers of the KRaft quorum: their machines are not asked for']),
    ...(archived ? ['requests to the object storage of the archive'] : []),
    'traffic to other regions and the internet, support and tax',
  ];
}

/** The cost of `brokers` brokers under a load, with disks that carry the peak after the failures to survive. */
export function clusterCost(
  load: BrokerLoad,
  brokers: number,
  hardware: BrokerHardware,
  policy: {
    readonly utilizationAverage: number;
    readonly utilizationPeak: number;
    readonly failures: number | 'zone';
    readonly zones: number;
  },
  context: {
    readonly prices: Prices;
    readonly catalog: { readonly volumes: ReadonlyMap<string, VolumeType> };
    readonly followerFetching: boolean;
  },
  archiveBytes = 0,
): Cost {
  const written = Math.max(
    load.average.writtenPerSec / policy.utilizationAverage,
    load.peak.writtenPerSec / policy.utilizationPeak,
  );
  return costOf(
    {
      brokers,
      hardware,
      diskBytes: load.diskBytes,
      bytesPerSecPerBroker: written / Math.max(1, survivors(brokers, policy.failures, policy.zones)),
      crossZone: load.crossZone,
      followerFetching: context.followerFetching,
      archiveBytes,
    },
    context.prices,
    context.catalog.volumes,
  );
}
