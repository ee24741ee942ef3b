import { type Figure, figure } from './figure.ts';
import { ELECTION_SEC_PER_PARTITION, REPLICATION_LATENCY_SEC_PER_PARTITION } from './formulas/partitions.ts';
import { broMax, broMin, type RaptisAnswer, type RaptisProblem } from './formulas/raptis.ts';
import { startedOf } from './group-need.ts';
import type { PartitionProblem } from './partition-problem.ts';
import type { PartitionSolution } from './partitions.ts';

function raptisOf(problem: PartitionProblem, solution: PartitionSolution): RaptisProblem | null {
  const { capacity, demand } = problem;
  if (capacity.perPartition === null) return null;
  const needed = solution.brokers?.needed ?? demand.replicationFactor;
  if (problem.latencyLimitSec === null || problem.unavailabilityLimitSec === null) return null;
  return {
    targetPerSec: solution.requiredPerSec,
    perPartitionPerSec: capacity.perPartition.low,
    perConsumerPerSec: capacity.perConsumer?.low ?? capacity.perPartition.low,
    // Those that run read in parallel, too, whether the demand needs them or not.
    consumers: Math.max(solution.consumeFloor, ...solution.groups.map(startedOf)),
    replicationFactor: demand.replicationFactor,
    maxBrokers:
      problem.fixedBrokers ??
      problem.maxBrokers ??
      Math.max(Number.isFinite(needed) ? needed : 0, demand.replicationFactor),
    maxReplicasPerBroker: problem.hardware.replicasCap,
    latencySec: problem.latencyLimitSec,
    latencySecPerReplica: problem.latencySecPerReplica ?? REPLICATION_LATENCY_SEC_PER_PARTITION,
    unavailabilitySec: problem.unavailabilityLimitSec,
    unavailabilitySecPerPartition: problem.unavailabilitySecPerPartition ?? ELECTION_SEC_PER_PARTITION,
  };
}

const SOURCE = 'Raptis and Passarella, arXiv:2205.09415, as a cross-check (its throughput grows in a line)';

const shown = (answer: RaptisAnswer | undefined) =>
  answer === undefined ? 'infeasible' : `${answer.brokers} brokers, at most ${answer.partitions} partitions`;

/** BroMin and BroMax for the same demand; none where latency, unavailability or one partition's rate is not known. */
export function raptisFigures(problem: PartitionProblem, solution: PartitionSolution): Figure[] {
  const raptis = raptisOf(problem, solution);
  if (raptis === null) return [];
  return [
    figure('BroMin', shown(broMin(raptis)), '', 'heuristic', SOURCE),
    figure('BroMax', shown(broMax(raptis)), '', 'heuristic', SOURCE),
  ];
}
