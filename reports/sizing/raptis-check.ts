import { type Figure, figure } from './figure.ts';
import { ELECTION_SEC_PER_PARTITION, REPLICATION_LATENCY_SEC_PER_PARTITION } from './formulas/partitions.ts';
import { broMax, broMin, type RaptisAnswer, type RaptisProblem } from './formulas/raptis.ts';
import type { PartitionProblem, PartitionSolution } from './partitions.ts';

function raptisOf(problem: PartitionProblem, solution: PartitionSolution): RaptisProblem | null {
  const { capacity, demand } = problem;
  if (
    capacity.perPartition === null ||
    solution.brokers === null ||
    !Number.isFinite(solution.brokers.brokers)
  ) {
    return null;
  }
  if (problem.latencyLimitSec === null || problem.unavailabilityLimitSec === null) return null;
  return {
    targetPerSec: solution.requiredPerSec,
    perPartitionPerSec: capacity.perPartition.low,
    perConsumerPerSec: capacity.perConsumer?.low ?? capacity.perPartition.low,
    consumers: solution.consumeFloor,
    replicationFactor: demand.replicationFactor,
    maxBrokers:
      problem.fixedBrokers ??
      problem.maxBrokers ??
      Math.max(solution.brokers.brokers, demand.replicationFactor),
    maxReplicasPerBroker: problem.hardware.replicasCap,
    latencySec: problem.latencyLimitSec,
    latencySecPerReplica: REPLICATION_LATENCY_SEC_PER_PARTITION,
    unavailabilitySec: problem.unavailabilityLimitSec,
    unavailabilitySecPerPartition: ELECTION_SEC_PER_PARTITION,
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
