import { cpuPerWireMB, loadOf } from './broker-load.ts';
import { type BrokerSizing, sizeBrokers } from './brokers.ts';
import { type Capacity, type Carried, partitionsToCarry } from './capacity.ts';
import { type Cap, capsOf, replicasLimit } from './caps.ts';
import type { Side } from './figure.ts';
import { consumersByRate, instancesByHandler, roundUpToMultiple } from './formulas/partitions.ts';
import type { BrokerHardware } from './hardware.ts';
import type { GroupAnswer } from './report.ts';
import type { ResolvedDemand, ResolvedGroup } from './resolve.ts';

/** Everything that decides the number of partitions; pure data, so that any of it can be varied and tried again. */
export interface PartitionProblem {
  readonly demand: ResolvedDemand;
  readonly capacity: Capacity;
  readonly hardware: BrokerHardware;
  readonly utilizationAverage: number;
  readonly utilizationPeak: number;
  readonly retentionSec: number;
  readonly hottestKeyShare: number;
  readonly latencyLimitSec: number | null;
  readonly unavailabilityLimitSec: number | null;
  readonly fixedBrokers: number | null;
  readonly maxBrokers: number | null;
  readonly existingReplicas: number;
  readonly brokerCpuUsPerMB: number | null;
}

interface GroupNeed {
  readonly group: ResolvedGroup;
  readonly byReading: number | null;
  readonly byHandler: number;
  readonly consumers: number;
  readonly bound: GroupAnswer['bound'];
}

/** The outcome of the seven steps, each as the number it found. */
export interface PartitionSolution {
  /** Multiplier of today's traffic that the steps were done for: the growth where the topic is keyed, else 1. */
  readonly sizedFor: number;
  /** T ÷ u: what the curve has to reach, payload bytes a second. */
  readonly requiredPerSec: number;
  readonly produce: Readonly<Record<Side, Carried>>;
  readonly groups: readonly GroupNeed[];
  readonly consumeFloor: number;
  readonly floor: number;
  readonly needed: Readonly<Record<Side, number | null>>;
  readonly multipleOf: number;
  readonly rounded: number | null;
  readonly caps: readonly Cap[];
  readonly recommended: number | null;
  readonly brokers: BrokerSizing | null;
  readonly infeasible: readonly { constraint: string; message: string }[];
}

/** Partitions to start with where the demand is tiny, and where it is not known. Source: the user's Kafka notes. */
export const TINY_START = 2;
export const UNKNOWN_START = 4;

/** Step 2: consumers one group needs, by reading and by handling. */
function sizeGroup(problem: PartitionProblem, group: ResolvedGroup, factor: number, side: Side): GroupNeed {
  const { demand, capacity, utilizationAverage, utilizationPeak } = problem;
  const average = demand.averageBytesPerSec * factor;
  const peak = demand.peakBytesPerSec * factor;
  const perConsumer = group.perConsumerBytesPerSec ?? capacity.perConsumer?.[side] ?? null;
  const byReading =
    perConsumer === null
      ? null
      : Math.max(
          consumersByRate(average, perConsumer, utilizationAverage),
          consumersByRate(peak, perConsumer, utilizationPeak),
        );
  const byHandler = Math.max(
    instancesByHandler(
      average / demand.recordSizeBytes,
      group.handlerSec,
      group.concurrency,
      utilizationAverage,
    ),
    instancesByHandler(peak / demand.recordSizeBytes, group.handlerSec, group.concurrency, utilizationPeak),
  );
  const wanted = Math.max(byReading ?? 0, byHandler, 1);
  const consumers = Math.max(wanted, group.runs ?? 0);
  const bound =
    group.runs !== null && group.runs > wanted
      ? 'running already'
      : byReading === null && byHandler === 0
        ? 'unknown'
        : byHandler > (byReading ?? 0)
          ? 'handler'
          : 'reading';
  return { group, byReading, byHandler, consumers, bound };
}

/** Step 6: one key's records stay in one partition and with one consumer, however many there are. */
function hotKey(problem: PartitionProblem, factor: number): { constraint: string; message: string } | null {
  const { demand, capacity, hottestKeyShare: share } = problem;
  if (share === 0) return null;
  const hotAverage = demand.averageBytesPerSec * factor * share;
  const hotPeak = demand.peakBytesPerSec * factor * share;
  const over = (limit: number) =>
    hotAverage > problem.utilizationAverage * limit || hotPeak > problem.utilizationPeak * limit;
  const message = (what: string) =>
    `the hottest key alone exceeds what one ${what} carries: more partitions do not help; split the key or its handling`;
  if (capacity.perPartition !== null && over(capacity.perPartition.low)) {
    return { constraint: 'hot key', message: message('partition') };
  }
  for (const group of demand.groups) {
    const perConsumer = group.perConsumerBytesPerSec ?? capacity.perConsumer?.low ?? null;
    // Records of one key are handled in order, so the group's concurrency does not help them.
    const busy =
      Math.max(hotAverage / problem.utilizationAverage, hotPeak / problem.utilizationPeak) /
      demand.recordSizeBytes;
    if ((perConsumer !== null && over(perConsumer)) || busy * group.handlerSec > 1) {
      return { constraint: 'hot key', message: message(`consumer of ${group.name}`) };
    }
  }
  return null;
}

/**
 * The seven steps for one level of traffic (`factor` × today's). Pure; deterministic. More demand never gives fewer
 * partitions, brokers or consumers, and more utilization never more.
 */
export function solvePartitions(problem: PartitionProblem, sizedFor?: number): PartitionSolution {
  const { demand, capacity } = problem;
  const factor = sizedFor ?? (demand.keyed ? demand.growth : 1);
  const requiredPerSec = Math.max(
    (demand.averageBytesPerSec * factor) / problem.utilizationAverage,
    (demand.peakBytesPerSec * factor) / problem.utilizationPeak,
  );
  const infeasible: { constraint: string; message: string }[] = [];

  const produce = {
    low: partitionsToCarry(capacity, requiredPerSec, 'low'),
    point: partitionsToCarry(capacity, requiredPerSec, 'point'),
    high: partitionsToCarry(capacity, requiredPerSec, 'high'),
  };
  const start = demand.known ? TINY_START : UNKNOWN_START;
  const groupsAt = (side: Side) => demand.groups.map((group) => sizeGroup(problem, group, factor, side));
  const floorOf = (needs: readonly GroupNeed[]) =>
    Math.max(0, ...needs.map((need) => need.consumers + need.group.spares));
  const groups = groupsAt('low');
  const consumeFloor = floorOf(groups);
  const floor = Math.max(start, consumeFloor);

  const least = (side: Side) =>
    produce[side].partitions === null
      ? null
      : Math.max(produce[side].partitions, start, floorOf(groupsAt(side)));
  // The interval's low end belongs to the upper bound of what was measured.
  const needed = { low: least('high'), point: least('point'), high: least('low') };
  if (produce.low.partitions === null)
    infeasible.push({ constraint: 'throughput', message: produce.low.reason });

  const caps = capsOf(problem);
  const cap = caps[0];
  const multipleOf = problem.fixedBrokers ?? demand.zones;
  let rounded: number | null = null;
  if (needed.high !== null) {
    rounded = roundUpToMultiple(needed.high, multipleOf);
    if (cap !== undefined && rounded > cap.partitions) rounded = needed.high;
    if (cap !== undefined && rounded > cap.partitions) {
      infeasible.push({
        constraint: cap.constraint,
        message: `at least ${rounded} partitions are needed and at most ${cap.partitions} are possible (${cap.reason})`,
      });
    }
  }
  const hot = hotKey(problem, factor);
  if (hot !== null) infeasible.push(hot);

  const brokers = rounded === null ? null : brokersFor(problem, factor, rounded);
  if (brokers?.infeasible != null) infeasible.push(brokers.infeasible);
  else if (brokers !== null && problem.fixedBrokers !== null && brokers.brokers > problem.fixedBrokers) {
    infeasible.push({
      constraint: brokers.binding,
      message: `${brokers.brokers} brokers are needed (${brokers.binding}), there are ${problem.fixedBrokers}`,
    });
  }
  return {
    sizedFor: factor,
    requiredPerSec,
    produce,
    groups,
    consumeFloor,
    floor,
    needed,
    multipleOf,
    rounded,
    caps,
    recommended: infeasible.length === 0 ? rounded : null,
    brokers,
    infeasible,
  };
}

function brokersFor(problem: PartitionProblem, factor: number, partitions: number): BrokerSizing {
  const { demand } = problem;
  const topic = {
    averageBytesPerSec: demand.averageBytesPerSec * factor * demand.wireShare,
    peakBytesPerSec: demand.peakBytesPerSec * factor * demand.wireShare,
    groups: demand.groups.length,
    replicationFactor: demand.replicationFactor,
    retentionSec: problem.retentionSec,
    partitions,
  };
  return sizeBrokers(
    loadOf([topic], demand.zones, {
      existingReplicas: problem.existingReplicas,
      brokerCpuUsPerMB: cpuPerWireMB(problem.brokerCpuUsPerMB, demand.wireShare),
      replicasLimit: replicasLimit(problem),
    }),
    problem.hardware,
    {
      utilizationAverage: problem.utilizationAverage,
      utilizationPeak: problem.utilizationPeak,
      failures: demand.failures,
      zones: problem.fixedBrokers === null ? demand.zones : 1,
      maxBrokers: problem.maxBrokers ?? undefined,
    },
  );
}
