import type { BrokerHardware } from './broker-hardware.ts';
import type { BrokerLoad, Flow } from './broker-load.ts';
import { type FigureKind, weakestKind } from './figure.ts';
import { RULE_PER_CORE_BYTES_PER_SEC, writeEquivalent } from './formulas/cpu.ts';
import { latencyReplicasPerBroker } from './formulas/partitions.ts';
import { BROKER_HEAP_BYTES, PAGE_CACHE_SEC } from './formulas/traffic.ts';
import { type BrokerPolicy, diskFactorText, type WatermarkOf, watermark } from './policy.ts';

/** What one resource asks for, in brokers that need not be whole. */
export interface Resource {
  readonly resource: string;
  /** Brokers that have to be there: average load within its watermark, space, counts. A lost broker changes nothing. */
  readonly standing: number;
  /** Brokers that have to be left after the failures, so that the peak stays within its watermark. */
  readonly left: number;
  /** Brokers that the peak would use up entirely, for the utilization shown; null where there is none. */
  readonly peakBrokers: number | null;
  /** What the limit itself rests on. */
  readonly limitKind: FigureKind;
  readonly source: string;
}

const AWS_BLOG = 'AWS Big Data Blog, right-sizing Kafka: t ≤ limit × B ÷ copies';
const MEMORY_SOURCE = 'Kafka documentation: memory for 30 s of writes beside a 6 GB heap';

/** Memory that is left for the page cache. */
const cacheBytes = (memoryBytes: number) => Math.max(memoryBytes - BROKER_HEAP_BYTES, memoryBytes / 4);

/** The rates that are held against a limit of so many bytes a second and broker. */
interface RateLimit {
  readonly resource: string;
  readonly average: number;
  readonly peak: number;
  readonly limit: number;
  readonly of: WatermarkOf;
  readonly kind: FigureKind;
  readonly source: string;
}

const cpuPerByte = (usPerMB: number) => usPerMB / 1e12;

function cpuLimit(load: BrokerLoad, hardware: BrokerHardware): RateLimit | null {
  const { cores } = hardware;
  if (cores === null) return null;
  if (load.brokerCpuUsPerMB !== null) {
    return {
      resource: 'CPU',
      average: load.average.writtenPerSec,
      peak: load.peak.writtenPerSec,
      limit: cores / cpuPerByte(load.brokerCpuUsPerMB),
      of: 'other',
      kind: weakestKind([load.brokerCpuKind, hardware.kinds.cores]),
      source: load.brokerCpuSource,
    };
  }
  if (load.perCoreBytesPerSec === null) return null;
  const rate = ({ writtenPerSec, sentPerSec }: Flow) => writeEquivalent(writtenPerSec, sentPerSec);
  return {
    resource: 'CPU',
    average: rate(load.average),
    peak: rate(load.peak),
    limit: cores * load.perCoreBytesPerSec,
    of: 'other',
    kind: load.perCoreBytesPerSec === RULE_PER_CORE_BYTES_PER_SEC ? 'heuristic' : 'assumption',
    source: 'written + sent ÷ 4 on each vCPU (Google Cloud, Managed Service for Apache Kafka)',
  };
}

/** Everything that is a rate against a limit of one broker. */
export function rateLimits(load: BrokerLoad, hardware: BrokerHardware): RateLimit[] {
  const list: RateLimit[] = [];
  const add = (
    resource: string,
    flow: keyof Flow,
    limit: number | null,
    of: WatermarkOf,
    kind: FigureKind,
    source = AWS_BLOG,
  ) => {
    if (limit === null) return;
    list.push({ resource, average: load.average[flow], peak: load.peak[flow], limit, of, kind, source });
  };
  const { express, kinds } = hardware;
  if (express !== null) {
    add(
      'ingress',
      'producedPerSec',
      express.ingressBytesPerSec,
      'network',
      'documented limit',
      express.source,
    );
    add('egress', 'readPerSec', express.egressBytesPerSec, 'network', 'documented limit', express.source);
    return list;
  }
  add('network in', 'writtenPerSec', hardware.networkBytesPerSec, 'network', kinds.network);
  add('network out', 'sentPerSec', hardware.networkBytesPerSec, 'network', kinds.network);
  add('disk throughput', 'writtenPerSec', hardware.storageBytesPerSec, 'disk', kinds.storage);
  const cpu = cpuLimit(load, hardware);
  return cpu === null ? list : [...list, cpu];
}

const standing = (
  resource: string,
  brokers: number,
  limitKind: FigureKind,
  source: string,
  peakBrokers: number | null = null,
): Resource => ({ resource, standing: brokers, left: 0, peakBrokers, limitKind, source });

/** Every resource that was judged, with what it asks for. */
export function resourcesOf(load: BrokerLoad, hardware: BrokerHardware, policy: BrokerPolicy): Resource[] {
  const list = rateLimits(load, hardware).map((one): Resource => {
    const mark = watermark(policy, one.of);
    return {
      resource: one.resource,
      standing: one.average / (mark.average * one.limit),
      left: one.peak / (mark.peak * one.limit),
      peakBrokers: one.peak / one.limit,
      limitKind: one.kind,
      source: one.source,
    };
  });
  const { replicationFactor: r } = load;
  if (hardware.diskBytes !== null) {
    list.push(
      standing(
        'disk space',
        load.diskBytes / hardware.diskBytes,
        'heuristic',
        `average × retention × RF ${diskFactorText(load.disk)} (several calculators)`,
      ),
    );
  }
  if (hardware.memoryBytes !== null) {
    const brokers = (load.peak.writtenPerSec * PAGE_CACHE_SEC) / cacheBytes(hardware.memoryBytes);
    list.push({
      resource: 'memory',
      standing: 0,
      left: brokers,
      peakBrokers: brokers,
      limitKind: 'heuristic',
      source: MEMORY_SOURCE,
    });
  }
  if (load.partitionReplicas !== null) {
    const brokers = load.partitionReplicas / hardware.replicasCap;
    list.push(
      standing(
        'partition replicas',
        brokers,
        hardware.kinds.replicas,
        'most partition replicas a broker',
        brokers,
      ),
    );
    if (load.replicasLimit !== null) {
      const limited = load.partitionReplicas / load.replicasLimit.perBroker;
      list.push(
        standing('latency and unavailability', limited, 'heuristic', load.replicasLimit.source, limited),
      );
    }
    if (load.latencyMatters) {
      // P·r ÷ b ≤ 100·b·r, solved for b: each broker more also raises what one may hold.
      list.push(
        standing(
          'replicas where latency matters',
          Math.sqrt(load.partitionReplicas / latencyReplicasPerBroker(1, r)),
          'heuristic',
          'at most 100 × brokers × replication factor replicas on a broker (Jun Rao)',
        ),
      );
    }
  }
  const rebuild = rebuildNeed(load, hardware, policy);
  if (rebuild !== null) list.push(rebuild);
  list.push(
    standing(
      'replication factor',
      r,
      'documented limit',
      'Kafka: each replica of a partition is on another broker',
    ),
  );
  return list;
}

/** The replacement of a lost broker fills at the slower of network and disk, at the share that average load leaves. */
function rebuildNeed(load: BrokerLoad, hardware: BrokerHardware, policy: BrokerPolicy): Resource | null {
  const speeds = [hardware.networkBytesPerSec, hardware.storageBytesPerSec].filter((one) => one !== null);
  if (policy.rebuildSec == null || speeds.length === 0) return null;
  const perBroker = Math.min(...speeds) * (1 - policy.utilizationAverage) * policy.rebuildSec;
  return standing(
    'rebuild time',
    perBroker <= 0 ? Number.POSITIVE_INFINITY : load.storedBytes / perBroker,
    'assumption',
    'a lost broker is copied again at the share of network and disk that average load leaves',
  );
}
