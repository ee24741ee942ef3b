import type { Prices, VolumeType } from '../../infra/catalog/schema.ts';
import type { BrokerHardware } from './broker-hardware.ts';
import type { BrokerLoad } from './broker-load.ts';
import { survivors } from './brokers.ts';
import { archiveLines, costLine, HOURS_PER_MONTH, MONTHS, total, trafficLines } from './cost-lines.ts';
import type { Failures } from './formulas/failures.ts';
import type { CrossZoneTraffic } from './formulas/traffic.ts';
import { mskLines, NO_MSK_PRICE } from './msk-lines.ts';
import { type Watermarks, watermark } from './policy.ts';
import type { Cost, CostLine } from './report.ts';
import { type DiskNeed, volumeLines } from './volume-lines.ts';

interface CostProblem extends DiskNeed {
  readonly hardware: Pick<BrokerHardware, 'instance' | 'volume' | 'platform' | 'express'>;
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
    notIncluded: notIncluded(msk, problem.archiveBytes > 0, problem.hardware.express !== null),
  };
}

/** What somebody pays all the same, and no line holds. */
function notIncluded(msk: boolean, archived: boolean, express: boolean): string[] {
  return [
    ...(express ? ['storage and written bytes, which Amazon MSK Express bills by use'] : []),
    ...(msk ? [] : ['the controllers of the KRaft quorum: their machines are not asked for']),
    ...(archived ? ['requests to the object storage of the archive'] : []),
    'traffic to other regions and the internet, support and tax',
  ];
}

/**
 * The cost of `brokers` brokers under a load, with disks that carry the peak after the failures to survive. null for
 * own machines, which no cloud prices, unless the user's price file names them.
 */
export function clusterCost(
  load: BrokerLoad,
  brokers: number,
  hardware: BrokerHardware,
  policy: Watermarks & { readonly failures: Failures; readonly zones: number },
  context: {
    readonly prices: Prices;
    readonly catalog: { readonly volumes: ReadonlyMap<string, VolumeType> };
    readonly followerFetching: boolean;
  },
  archiveBytes = 0,
): Cost | null {
  const { prices } = context;
  if (hardware.own) return ownCost(brokers, hardware.instance, prices, context.followerFetching);
  const mark = watermark(policy, 'disk');
  const left = Math.max(1, survivors(brokers, policy.failures, policy.zones));
  return costOf(
    {
      brokers,
      hardware,
      diskBytes: load.diskBytes,
      bytesPerSecPerBroker: Math.max(
        load.average.writtenPerSec / (mark.average * brokers),
        load.peak.writtenPerSec / (mark.peak * left),
      ),
      crossZone: load.crossZone,
      followerFetching: context.followerFetching,
      archiveBytes,
    },
    prices,
    context.catalog.volumes,
  );
}

/** Own machines at the price that the user's file gives them; no volumes and no zones of a cloud. */
function ownCost(brokers: number, name: string, prices: Prices, followerFetching: boolean): Cost | null {
  const hourly = prices.instancesPerHour[name];
  if (hourly === undefined) return null;
  const line = costLine(
    `${brokers} × own hardware`,
    brokers * HOURS_PER_MONTH,
    'h',
    hourly,
    `${prices.source.instances} (as of ${prices.asOf})`,
  );
  const perMonth = line.perMonth;
  const perYear = line.perYear;
  return {
    region: 'own hardware',
    currency: prices.currency,
    asOf: prices.asOf,
    lines: [line],
    perMonth,
    perYear,
    perMonthWithFollowerFetching: perMonth,
    perYearWithFollowerFetching: perYear,
    followerFetching,
    notIncluded: ['whatever the price of a machine in your file leaves out: disks, network, people'],
  };
}
