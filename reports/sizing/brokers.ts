import type { BrokerLoad, Flow } from './broker-load.ts';
import { type Figure, type FigureKind, figure, weakestKind } from './figure.ts';
import { type Failures, lostOf } from './formulas/failures.ts';
import { latencyReplicasPerBroker, roundUp, roundUpToMultiple } from './formulas/partitions.ts';
import { BROKER_HEAP_BYTES, PAGE_CACHE_SEC } from './formulas/traffic.ts';
import type { BrokerHardware } from './hardware.ts';

interface BrokerPolicy {
  readonly utilizationAverage: number;
  readonly utilizationPeak: number;
  /** Brokers that may be lost while the peak is carried, or a whole zone. */
  readonly failures: Failures;
  readonly zones: number;
  /** The count is a multiple of this; default: of the zones. 1 where the brokers are there already. */
  readonly multipleOf?: number;
  readonly maxBrokers?: number | undefined;
  /** Longest time in which the replicas of a lost broker have to be copied again; null: not asked. */
  readonly rebuildSec?: number | null;
}

/** Brokers that one resource asks for. */
interface ResourceNeed {
  readonly resource: string;
  /** Brokers in working order, not rounded to zones. */
  readonly brokers: number;
  /** Brokers with the failures that are allowed, and a multiple of the zones. */
  readonly brokersWithFailures: number;
  /** Share of the resource in use at the peak with the recommended brokers, and with the failures that are allowed. */
  utilizationAtPeak: number | null;
  utilizationAfterFailure: number | null;
  readonly kind: FigureKind;
  readonly source: string;
}

export interface BrokerSizing {
  readonly load: BrokerLoad;
  readonly brokers: number;
  readonly binding: string;
  /** Brokers with no failure to survive. */
  readonly withoutFailures: number;
  readonly needs: readonly ResourceNeed[];
  readonly figures: readonly Figure[];
  /** Why no number of brokers up to the maximum is enough. */
  readonly infeasible: { constraint: string; message: string } | null;
}

interface Demandable {
  resource: string;
  /** Capacity in brokers × 1 that the demand uses up: brokers needed when run at the allowed utilization. */
  brokers: number;
  /** Brokers that would be used up entirely by the peak, for the utilization figure; null for counts. */
  peakBrokers: number | null;
  /** False where a lost broker does not raise what the others have to hold (disk space, minimum counts). */
  shiftsOnFailure: boolean;
  kind: FigureKind;
  source: string;
}

const AWS_BLOG = 'AWS Big Data Blog, right-sizing Kafka: t ≤ limit × B ÷ copies';

function demands(load: BrokerLoad, hardware: BrokerHardware, policy: BrokerPolicy): Demandable[] {
  const { replicationFactor: r } = load;
  const list: Demandable[] = [];
  const throughput = (
    resource: string,
    flow: keyof Flow,
    limit: number | null,
    kind: FigureKind,
    source: string,
  ) => {
    if (limit === null) return;
    const atAverage = load.average[flow] / (policy.utilizationAverage * limit);
    const atPeak = load.peak[flow] / (policy.utilizationPeak * limit);
    list.push({
      resource,
      brokers: Math.max(atAverage, atPeak),
      peakBrokers: load.peak[flow] / limit,
      shiftsOnFailure: true,
      kind,
      source,
    });
  };
  throughput('network in', 'writtenPerSec', hardware.networkBytesPerSec, 'documented limit', AWS_BLOG);
  throughput('network out', 'sentPerSec', hardware.networkBytesPerSec, 'documented limit', AWS_BLOG);
  throughput('disk throughput', 'writtenPerSec', hardware.storageBytesPerSec, 'documented limit', AWS_BLOG);
  if (load.brokerCpuUsPerMB !== null) {
    // µs of CPU for a MB ÷ 1e6 is cores for a MB/s; the limit is then bytes/s that one broker's cores can serve.
    const limit = (hardware.cores * 1e6 * 1e6) / load.brokerCpuUsPerMB;
    throughput(
      'CPU',
      'writtenPerSec',
      limit,
      'measured',
      'CPU time of the brokers for a MB and replica in the run',
    );
  }
  list.push({
    resource: 'disk space',
    brokers: load.diskBytes / hardware.diskBytes,
    peakBrokers: null,
    shiftsOnFailure: false,
    kind: 'heuristic',
    source: 'average × retention × RF × 1.25 ÷ 0.75 (several calculators)',
  });
  const cacheBytes = Math.max(hardware.memoryBytes - BROKER_HEAP_BYTES, hardware.memoryBytes / 4);
  list.push({
    resource: 'memory',
    brokers: (load.peak.writtenPerSec * PAGE_CACHE_SEC) / cacheBytes,
    peakBrokers: (load.peak.writtenPerSec * PAGE_CACHE_SEC) / cacheBytes,
    shiftsOnFailure: true,
    kind: 'heuristic',
    source: 'Kafka documentation: memory for 30 s of writes beside a 6 GB heap',
  });
  list.push({
    resource: 'partition replicas',
    brokers: load.partitionReplicas / hardware.replicasCap,
    peakBrokers: load.partitionReplicas / hardware.replicasCap,
    shiftsOnFailure: false,
    kind: 'heuristic',
    source: 'most partition replicas a broker',
  });
  if (load.replicasLimit !== null) {
    list.push({
      resource: 'latency and unavailability',
      brokers: load.partitionReplicas / load.replicasLimit.perBroker,
      peakBrokers: load.partitionReplicas / load.replicasLimit.perBroker,
      shiftsOnFailure: false,
      kind: 'heuristic',
      source: load.replicasLimit.source,
    });
  }
  if (load.latencyMatters) {
    // P·r ÷ b ≤ 100·b·r, solved for b: each broker more also raises what one may hold.
    list.push({
      resource: 'replicas where latency matters',
      brokers: Math.sqrt(load.partitionReplicas / latencyReplicasPerBroker(1, r)),
      peakBrokers: null,
      shiftsOnFailure: false,
      kind: 'heuristic',
      source: 'at most 100 × brokers × replication factor replicas on a broker (Jun Rao)',
    });
  }
  if (policy.rebuildSec != null) {
    const speeds = [hardware.networkBytesPerSec, hardware.storageBytesPerSec].filter((one) => one !== null);
    if (speeds.length > 0) {
      // The replacement fills at the slower of its network and its disk, at the share that average load leaves.
      const perBroker = Math.min(...speeds) * (1 - policy.utilizationAverage) * policy.rebuildSec;
      list.push({
        resource: 'rebuild time',
        brokers: perBroker <= 0 ? Number.POSITIVE_INFINITY : load.storedBytes / perBroker,
        peakBrokers: null,
        shiftsOnFailure: false,
        kind: 'assumption',
        source: 'a lost broker is copied again at the share of network and disk that average load leaves',
      });
    }
  }
  list.push({
    resource: 'replication factor',
    brokers: r,
    peakBrokers: null,
    shiftsOnFailure: false,
    kind: 'documented limit',
    source: 'Kafka: each replica of a partition is on another broker',
  });
  return list;
}

/** The resource that asks for the most brokers; of several, the one that is closest to asking for more. */
function bindingOf(list: readonly Demandable[], alone: readonly number[]): Demandable {
  return list.reduce((worst, one, i) => {
    const most = alone[list.indexOf(worst)] ?? 0;
    const own = alone[i] ?? 0;
    return own > most || (own === most && one.brokers > worst.brokers) ? one : worst;
  });
}

/** Brokers that are left of `total` when the failures that are allowed have happened. */
export function survivors(total: number, failures: Failures, zones: number): number {
  return total - lostOf(total, failures, zones);
}

/** The fewest brokers, a multiple of the zones, of which enough survive. */
function withFailures(needed: number, floor: number, policy: BrokerPolicy): number {
  const { failures, zones, multipleOf = zones } = policy;
  if (!Number.isFinite(needed)) return needed;
  if (failures === 'zone' && zones === 1) return Number.POSITIVE_INFINITY;
  let total = roundUpToMultiple(Math.max(needed, floor, 1), multipleOf);
  while (survivors(total, failures, zones) < needed) total += multipleOf;
  return total;
}

/**
 * Brokers: the most that any resource asks for, in working order and again with the failures that are allowed
 * (t/(B − 1)), rounded up to a multiple of the zones. More demand never gives fewer, more utilization never more.
 */
export function sizeBrokers(load: BrokerLoad, hardware: BrokerHardware, policy: BrokerPolicy): BrokerSizing {
  const list = demands(load, hardware, policy);
  const alone = list.map((one) =>
    one.shiftsOnFailure
      ? withFailures(roundUp(one.brokers), 1, policy)
      : withFailures(1, roundUp(one.brokers), policy),
  );
  const brokers = Math.max(...alone);
  const withoutFailures = roundUpToMultiple(
    Math.max(1, ...list.map((one) => roundUp(one.brokers))),
    policy.multipleOf ?? policy.zones,
  );

  const left = survivors(brokers, policy.failures, policy.zones);
  const needs = list.map((one, i): ResourceNeed => {
    const share = (available: number) =>
      one.peakBrokers === null || available <= 0 || !Number.isFinite(available)
        ? null
        : one.peakBrokers / available;
    return {
      resource: one.resource,
      brokers: roundUp(one.brokers),
      brokersWithFailures: alone[i] ?? brokers,
      utilizationAtPeak: share(brokers),
      utilizationAfterFailure: share(left),
      kind: one.kind,
      source: one.source,
    };
  });
  const binding = bindingOf(list, alone);
  const infeasible =
    policy.failures === 'zone' && policy.zones === 1
      ? { constraint: 'failures', message: 'one zone: nothing is left when that zone is lost' }
      : !Number.isFinite(brokers)
        ? { constraint: binding.resource, message: `no number of brokers satisfies ${binding.resource}` }
        : policy.maxBrokers !== undefined && brokers > policy.maxBrokers
          ? {
              constraint: binding.resource,
              message: `${brokers} brokers are needed (${binding.resource}), ${policy.maxBrokers} may be`,
            }
          : null;
  // Traffic, replication factor and failures are answers or defaults, whatever the limit they are held against.
  const kind = weakestKind(['assumption', binding.kind]);
  return {
    load,
    brokers,
    binding: binding.resource,
    withoutFailures,
    needs,
    figures: [
      figure('Brokers', brokers, '', kind, `${binding.resource}: ${binding.source} (${binding.kind})`),
      figure('Brokers without a failure to survive', withoutFailures, '', kind, binding.source),
    ],
    infeasible,
  };
}
