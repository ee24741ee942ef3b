import { KsweepError } from '../../bench/common/errors.ts';
import { type Catalog, findPrices, overridePrices, readPriceOverrides } from '../../infra/catalog/catalog.ts';
import type { Prices } from '../../infra/catalog/schema.ts';
import type { Capacity } from './capacity.ts';
import { exactly, type Figure } from './figure.ts';
import { resolveHardware } from './hardware.ts';
import type { PartitionsDemand } from './input/demand.ts';
import type { Measurement } from './measured.ts';
import { originOf } from './origin.ts';
import type { PartitionProblem } from './partition-problem.ts';
import { type ResolvedDemand, resolveDemand, resolvePlatform } from './resolve.ts';
import { policyOf } from './resolve-policy.ts';

interface CapacityAnswers {
  readonly perPartition?: number | undefined;
  readonly perConsumer?: number | undefined;
}

/** What the user said one partition and one consumer carry, or nothing at all. */
function capacityFromFigures(demand: CapacityAnswers): Capacity {
  const { perPartition, perConsumer } = demand;
  return {
    basis: perPartition === undefined && perConsumer === undefined ? 'unknown' : 'figures',
    points: [],
    model: null,
    perPartition: perPartition === undefined ? null : exactly(perPartition),
    perPartitionKind: 'assumption',
    perPartitionSource: perPartition === undefined ? 'not known' : 'your answer',
    perConsumer: perConsumer === undefined ? null : exactly(perConsumer),
    perConsumerKind: 'assumption',
    perConsumerSource: perConsumer === undefined ? 'not known' : 'your answer',
  };
}

/** A measured capacity, in which a figure that the user gave for one consumer takes the measured one's place. */
function capacityFromRuns(measurement: Measurement, demand: CapacityAnswers): Capacity {
  const { capacity } = measurement;
  if (demand.perPartition !== undefined) {
    throw new KsweepError('sizing-input', 'perPartition: contradicts --run, which measured it', {
      hint: 'leave one of the two out',
    });
  }
  if (demand.perConsumer === undefined) return capacity;
  return {
    ...capacity,
    perConsumer: exactly(demand.perConsumer),
    perConsumerKind: 'assumption',
    perConsumerSource: 'your answer, in place of what was measured',
  };
}

/** What a topic carries: as the runs measured it, else as the user says. Throws where both do. */
export function capacityOf(demand: CapacityAnswers, measurement: Measurement | null): Capacity {
  return measurement === null ? capacityFromFigures(demand) : capacityFromRuns(measurement, demand);
}

/** In a known demand with nothing known of the cluster there is nothing to reckon with. */
function requireCapacity(capacity: Capacity, demand: ResolvedDemand): void {
  const handled = demand.groups.some(
    (group) => group.handlerSec > 0 || group.perConsumerBytesPerSec !== null || group.runs !== null,
  );
  if (capacity.basis === 'unknown' && demand.known && demand.peakBytesPerSec > 0 && !handled) {
    throw new KsweepError('sizing-input', 'perPartition: what one partition carries is not known', {
      hint: 'measure it (--run DIR of a sweep over partitions), or give --per-partition and --per-consumer',
    });
  }
}

/** Puts the answers, the measurement and the catalogue together. */
export function buildProblem(
  demand: PartitionsDemand,
  catalog: Catalog,
  measurement: Measurement | null,
  given: ReadonlySet<string>,
  assumptions: Figure[],
): PartitionProblem {
  const resolved = resolveDemand(demand, measurement?.data ?? null, given, assumptions);
  const capacity = capacityOf(demand, measurement);
  requireCapacity(capacity, resolved);
  const hardware = resolveHardware(catalog, demand);
  resolvePlatform(demand, hardware.volume.type, originOf(given), assumptions);
  return {
    demand: resolved,
    capacity,
    hardware,
    ...policyOf(demand),
    retentionSec: demand.retention,
    hottestKeyShare: demand.hottestKeyShare,
    latencyLimitSec: demand.latencyLimit ?? null,
    unavailabilityLimitSec: demand.unavailabilityLimit ?? null,
    fixedBrokers: demand.brokers ?? null,
    maxBrokers: demand.maxBrokers ?? null,
    existingReplicas: demand.existingReplicas,
    brokerCpu: measurement?.brokerCpu ?? null,
    latencySecPerReplica: demand.replicationLatency,
    unavailabilitySecPerPartition: demand.electionTime,
  };
}

/** The region's prices, with `--prices FILE` laid over them. */
export function pricesFor(catalog: Catalog, region: string, file: string | undefined): Prices {
  const prices = findPrices(catalog, region);
  return file === undefined ? prices : overridePrices(prices, readPriceOverrides(file));
}
