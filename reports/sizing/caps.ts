import { formatNumber } from '../../bench/common/format-number.ts';
import type { BrokerLoad } from './broker-load.ts';
import type { FigureKind } from './figure.ts';
import { formatDuration } from './format.ts';
import {
  ELECTION_SEC_PER_PARTITION,
  latencyReplicasPerBroker,
  REPLICATION_LATENCY_SEC_PER_PARTITION,
  roundDown,
} from './formulas/partitions.ts';
import type { PartitionProblem } from './partition-problem.ts';

export interface Cap {
  readonly constraint: string;
  readonly partitions: number;
  /** An answer (brokers, limits) makes a cap an assumption; the peak rests on the measurement alone. */
  readonly kind: FigureKind;
  readonly reason: string;
}

/** Step 5: replicas a broker may hold for replication latency (P·r·lr ≤ b·L) and for unavailability (P·u ≤ b·U). */
export function replicasLimit(problem: PartitionProblem): BrokerLoad['replicasLimit'] {
  const limits: { perBroker: number; source: string }[] = [];
  if (problem.latencyLimitSec !== null) {
    limits.push({
      perBroker:
        problem.latencyLimitSec / (problem.latencySecPerReplica ?? REPLICATION_LATENCY_SEC_PER_PARTITION),
      source: `P·r·lr ≤ b·L (Raptis) with ${problem.latencySecPerReplica === undefined ? '20 ms a 1000 replicas (Jun Rao)' : `your lr of ${formatDuration(problem.latencySecPerReplica)}`}`,
    });
  }
  if (problem.unavailabilityLimitSec !== null) {
    limits.push({
      perBroker:
        (problem.unavailabilityLimitSec /
          (problem.unavailabilitySecPerPartition ?? ELECTION_SEC_PER_PARTITION)) *
        problem.demand.replicationFactor,
      source: `P·u ≤ b·U (Raptis) with ${problem.unavailabilitySecPerPartition === undefined ? '5 ms a leader election (Jun Rao, ZooKeeper era)' : `your u of ${formatDuration(problem.unavailabilitySecPerPartition)}`}`,
    });
  }
  return limits.sort((a, b) => a.perBroker - b.perBroker)[0] ?? null;
}

/** The low end of the peak's interval, but never below the best number that was measured: up to there it was seen to rise. */
function peakCap({ model, points }: PartitionProblem['capacity']): Cap | null {
  if (model === null || model.peakPartitions === null) return null;
  const { peakPartitions, peakInterval } = model;
  const best = points.reduce((top, point) => (point.low > top.low ? point : top), { partitions: 1, low: 0 });
  const low = Math.floor(peakInterval?.low ?? peakPartitions);
  const interval =
    peakInterval === null
      ? ''
      : ` [${formatNumber(peakInterval.low)}, ${peakInterval.high === null ? 'none' : formatNumber(peakInterval.high)}]`;
  return {
    constraint: 'measured peak',
    kind: 'measured',
    partitions: Math.max(1, low, best.partitions),
    reason: `throughput falls beyond the peak of the fitted scalability law, ${formatNumber(peakPartitions)}${interval}`,
  };
}

/** Everything that limits the number of partitions, the tightest first. */
export function capsOf(problem: PartitionProblem): Cap[] {
  const { demand, capacity, hardware } = problem;
  const caps: Cap[] = [];
  const most = problem.fixedBrokers ?? problem.maxBrokers;
  if (most !== null) {
    const free = (perBroker: number) =>
      Math.max(0, roundDown((most * perBroker - problem.existingReplicas) / demand.replicationFactor));
    caps.push({
      constraint: 'replicas a broker',
      kind: 'assumption',
      partitions: free(hardware.replicasCap),
      reason: `${most} brokers × ${hardware.replicasCap} replicas − ${problem.existingReplicas} there already, ÷ ${demand.replicationFactor} replicas`,
    });
    if (problem.latencyLimitSec !== null) {
      caps.push({
        constraint: 'replicas a broker where latency matters',
        kind: 'assumption',
        partitions: free(latencyReplicasPerBroker(most, demand.replicationFactor)),
        reason: `100 × ${most} brokers × ${demand.replicationFactor} replicas on each (Jun Rao)`,
      });
    }
    const limit = replicasLimit(problem);
    if (limit !== null) {
      caps.push({
        constraint: 'latency and unavailability',
        kind: 'assumption',
        partitions: free(limit.perBroker),
        reason: `${most} brokers, ${limit.source}`,
      });
    }
  }
  const peak = peakCap(capacity);
  if (peak !== null) caps.push(peak);
  const slow = capacity.points
    .filter((point) => point.p99Us !== null && problem.latencyLimitSec !== null)
    .filter((point) => (point.p99Us ?? 0) > (problem.latencyLimitSec ?? 0) * 1e6)
    .sort((a, b) => a.partitions - b.partitions)[0];
  if (slow !== undefined) {
    caps.push({
      constraint: 'measured latency',
      kind: 'assumption',
      partitions: slow.partitions - 1,
      reason: `p99 was above the limit at ${slow.partitions} partitions`,
    });
  }
  return caps.sort((a, b) => a.partitions - b.partitions);
}
