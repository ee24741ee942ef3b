import { cpuPerWireMB, loadOf } from './broker-load.ts';
import { type BrokerSizing, sizeBrokers } from './brokers.ts';
import { type Carried, partitionsToCarry, roundWhereCarried } from './capacity.ts';
import { type Cap, capsOf, replicasLimit } from './caps.ts';
import type { Side } from './figure.ts';
import { formatBytesPerSec } from './format.ts';
import { type GroupNeed, needOf } from './group-need.ts';
import { judgeHotKey } from './hot-key.ts';
import type { PartitionProblem } from './partition-problem.ts';
import type { Broken } from './report.ts';

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
  /** How the safe end of `needed` is known to carry the demand. */
  readonly safe: Carried;
  readonly multipleOf: number;
  readonly rounded: number | null;
  readonly caps: readonly Cap[];
  readonly hotKey: ReturnType<typeof judgeHotKey>;
  readonly recommended: number | null;
  readonly brokers: BrokerSizing | null;
  readonly infeasible: readonly Broken[];
}

/** Partitions to start with where the demand is tiny, and where it is not known. Source: the user's Kafka notes. */
export const TINY_START = 2;
export const UNKNOWN_START = 4;

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
  const infeasible: Broken[] = [];

  const produce = {
    low: partitionsToCarry(capacity, requiredPerSec, 'low'),
    point: partitionsToCarry(capacity, requiredPerSec, 'point'),
    high: partitionsToCarry(capacity, requiredPerSec, 'high'),
  };
  const start = demand.known ? TINY_START : UNKNOWN_START;
  const groupsAt = (side: Side) => demand.groups.map((group) => needOf(problem, group, factor, side));
  const floorOf = (needs: readonly GroupNeed[]) =>
    Math.max(0, ...needs.map((need) => need.consumers + need.group.spares));
  const groups = groupsAt('low');
  const consumeFloor = floorOf(groups);
  const floor = Math.max(start, consumeFloor);

  const least = (side: Side) =>
    partitionsToCarry(capacity, requiredPerSec, side, Math.max(start, floorOf(groupsAt(side))));
  // The interval's low end belongs to the upper bound of what was measured.
  const safe = least('low');
  const needed = {
    low: least('high').partitions,
    point: least('point').partitions,
    high: safe.partitions,
  };
  if (produce.low.partitions === null)
    infeasible.push({ constraint: 'throughput', message: produce.low.reason });
  else if (safe.partitions === null) {
    infeasible.push({
      constraint: 'throughput',
      message: `the floor is ${floor} partitions, and from there on they carry less than the ${formatBytesPerSec(requiredPerSec)} that are required, which ${produce.low.partitions} carry (${safe.reason})`,
    });
  }

  const caps = capsOf(problem);
  const cap = caps[0];
  const multipleOf = problem.fixedBrokers ?? demand.zones;
  let rounded: number | null = null;
  if (needed.high !== null) {
    rounded = roundWhereCarried(capacity, needed.high, multipleOf);
    if (cap !== undefined && rounded > cap.partitions) rounded = needed.high;
    if (cap !== undefined && rounded > cap.partitions) {
      infeasible.push({
        constraint: cap.constraint,
        message: `at least ${rounded} partitions are needed and at most ${cap.partitions} are possible (${cap.reason})`,
      });
    }
  }
  const hotKey = judgeHotKey(problem, factor);
  if (hotKey.refused !== null) infeasible.push({ constraint: 'hot key', message: hotKey.refused });

  const brokers = rounded === null ? null : brokersFor(problem, factor, rounded);
  infeasible.push(...(brokers?.infeasible ?? []));
  return {
    sizedFor: factor,
    requiredPerSec,
    produce,
    groups,
    consumeFloor,
    floor,
    needed,
    safe,
    multipleOf,
    rounded,
    caps,
    hotKey,
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
      ...problem,
      existingReplicas: problem.existingReplicas,
      brokerCpu: cpuPerWireMB(problem.brokerCpu, demand.wireShare),
      replicasLimit: replicasLimit(problem),
      latencyMatters: problem.latencyLimitSec !== null,
    }),
    problem.hardware,
    {
      ...problem,
      failures: demand.failures,
      zones: demand.zones,
      ...(problem.fixedBrokers === null ? {} : { multipleOf: 1 }),
      given: problem.fixedBrokers ?? undefined,
      maxBrokers: problem.maxBrokers ?? undefined,
    },
  );
}
