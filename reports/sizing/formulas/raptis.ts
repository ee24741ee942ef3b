import { roundDown, roundUp } from './partitions.ts';

/**
 * Theofanis P. Raptis and Andrea Passarella, "On Efficiently Partitioning a Topic in Apache Kafka" (2022),
 * arXiv:2205.09415. Rates in one unit a second, times in seconds.
 */
export interface RaptisProblem {
  /** T: target throughput of the topic. */
  readonly targetPerSec: number;
  /** Tp and Tc: what one partition takes in, and what one consumer reads. */
  readonly perPartitionPerSec: number;
  readonly perConsumerPerSec: number;
  /** c: consumers that read in parallel. */
  readonly consumers: number;
  /** r: replication factor. */
  readonly replicationFactor: number;
  /** B: brokers that there are at most. */
  readonly maxBrokers: number;
  /** Hmax: open replicas (file handles) that one broker may hold. */
  readonly maxReplicasPerBroker: number;
  /** L and lr: the replication latency allowed, and what one replicated partition adds to it. */
  readonly latencySec: number;
  readonly latencySecPerReplica: number;
  /** U and u: the unavailability allowed when a broker fails, and what one partition adds to it. */
  readonly unavailabilitySec: number;
  readonly unavailabilitySecPerPartition: number;
}

export interface RaptisAnswer {
  readonly brokers: number;
  readonly partitions: number;
}

/** minP = max(T/Tp, T/Tc, c), rounded up as the paper asks. */
export function raptisMinPartitions(problem: RaptisProblem): number {
  return Math.max(
    roundUp(problem.targetPerSec / problem.perPartitionPerSec),
    roundUp(problem.targetPerSec / problem.perConsumerPerSec),
    problem.consumers,
  );
}

/** The most partitions that b brokers may hold: P ≤ ⌊b·Hmax/r⌋, P·r·lr ≤ b·L and P·u ≤ b·U. */
export function raptisMaxPartitions(problem: RaptisProblem, brokers: number): number {
  return Math.min(
    roundDown((brokers * problem.maxReplicasPerBroker) / problem.replicationFactor),
    roundDown((brokers * problem.latencySec) / (problem.replicationFactor * problem.latencySecPerReplica)),
    roundDown((brokers * problem.unavailabilitySec) / problem.unavailabilitySecPerPartition),
  );
}

/** The most partitions that b brokers may hold, or undefined where that is fewer than the demand needs. */
function feasible(problem: RaptisProblem, brokers: number): RaptisAnswer | undefined {
  const partitions = raptisMaxPartitions(problem, brokers);
  return partitions >= raptisMinPartitions(problem) ? { brokers, partitions } : undefined;
}

/** BroMin: the fewest brokers from r upward that are feasible, then the most partitions they may hold. */
export function broMin(problem: RaptisProblem): RaptisAnswer | undefined {
  for (let brokers = problem.replicationFactor; brokers <= problem.maxBrokers; brokers++) {
    const answer = feasible(problem, brokers);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** BroMax: from B downward the first feasible number of brokers, then the most partitions they may hold. */
export function broMax(problem: RaptisProblem): RaptisAnswer | undefined {
  for (let brokers = problem.maxBrokers; brokers >= problem.replicationFactor; brokers--) {
    const answer = feasible(problem, brokers);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
