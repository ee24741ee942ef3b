import type { BrokerHardware } from './broker-hardware.ts';
import type { BrokerCpu } from './broker-load.ts';
import type { Capacity } from './capacity.ts';
import type { ResolvedDemand } from './resolve.ts';
import type { SharedPolicy } from './resolve-policy.ts';

/** Everything that decides the number of partitions; pure data, so that any of it can be varied and tried again. */
export interface PartitionProblem extends SharedPolicy {
  readonly demand: ResolvedDemand;
  readonly capacity: Capacity;
  readonly hardware: BrokerHardware;
  readonly retentionSec: number;
  readonly hottestKeyShare: number;
  readonly latencyLimitSec: number | null;
  readonly unavailabilityLimitSec: number | null;
  readonly fixedBrokers: number | null;
  readonly maxBrokers: number | null;
  readonly existingReplicas: number;
  readonly brokerCpu: BrokerCpu | null;
  /** lr and u of Raptis, where they are answered. */
  readonly latencySecPerReplica?: number | undefined;
  readonly unavailabilitySecPerPartition?: number | undefined;
}
