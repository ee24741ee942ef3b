import type { FigureKind } from './figure.ts';
import { type CrossZoneTraffic, crossZoneTraffic, storedBytes } from './formulas/traffic.ts';
import { type DiskPolicy, diskFactor } from './policy.ts';

/** Bytes a second on the wire: of clients alone; written to all replicas, and sent to groups and followers. */
export interface Flow {
  readonly producedPerSec: number;
  readonly readPerSec: number;
  readonly writtenPerSec: number;
  readonly sentPerSec: number;
}

/** What all topics together ask of the cluster; bytes as they travel and lie on disk, so after compression. */
export interface BrokerLoad {
  readonly average: Flow;
  readonly peak: Flow;
  /** The largest of the topics. */
  readonly replicationFactor: number;
  /** Records kept, all replicas. */
  readonly storedBytes: number;
  /** Disk for them, overhead and free space included. */
  readonly diskBytes: number;
  /** The factors that disk space was reckoned with. */
  readonly disk: DiskPolicy;
  /** null where nobody asked for partitions. */
  readonly partitionReplicas: number | null;
  /** Average traffic between zones. */
  readonly crossZone: CrossZoneTraffic;
  /** Broker CPU, µs for a MB on the wire and for each of its replicas; null where it was not measured. */
  readonly brokerCpuUsPerMB: number | null;
  /** Measured only on brokers of the type that is sized. */
  readonly brokerCpuKind: FigureKind;
  readonly brokerCpuSource: string;
  /** What one vCPU is taken to carry where nothing was measured; null: not judged. */
  readonly perCoreBytesPerSec: number | null;
  /** Most replicas a broker may hold for the latency and the unavailability that are allowed; null without limit. */
  readonly replicasLimit: { readonly perBroker: number; readonly source: string } | null;
  /** A latency was asked for, so that the rule of thumb for replicas a broker holds. */
  readonly latencyMatters: boolean;
}

/** One topic as the brokers see it, bytes on the wire. */
export interface TopicTraffic {
  readonly averageBytesPerSec: number;
  readonly peakBytesPerSec: number;
  /** Times that it is read, replication aside. */
  readonly groups: number;
  readonly replicationFactor: number;
  readonly retentionSec: number;
  /** null where partitions are not asked for. */
  readonly partitions: number | null;
}

/** What loads have beside their topics; every part may be left out. */
export interface LoadMore extends DiskPolicy {
  readonly brokerCpu?: BrokerCpu | null | undefined;
  readonly perCoreBytesPerSec?: number | undefined;
  readonly replicasLimit?: BrokerLoad['replicasLimit'];
  readonly latencyMatters?: boolean;
  readonly existingReplicas?: number;
}

/** Broker CPU for a MB on the wire and replica, with what it rests on. */
export interface BrokerCpu {
  readonly usPerMB: number;
  readonly kind: FigureKind;
  readonly source: string;
}

/** What topics ask of a cluster together; `rest` is what does not add up over topics. */
export function loadOf(topics: readonly TopicTraffic[], zones: number, rest: LoadMore = {}): BrokerLoad {
  const sum = (of: (topic: TopicTraffic) => number) => topics.reduce((total, topic) => total + of(topic), 0);
  const stored = sum((topic) =>
    storedBytes(topic.averageBytesPerSec, topic.retentionSec, topic.replicationFactor),
  );
  const asked = topics.some((topic) => topic.partitions !== null) || rest.existingReplicas !== undefined;
  const flow = (rate: 'averageBytesPerSec' | 'peakBytesPerSec'): Flow => ({
    producedPerSec: sum((topic) => topic[rate]),
    readPerSec: sum((topic) => topic[rate] * topic.groups),
    writtenPerSec: sum((topic) => topic[rate] * topic.replicationFactor),
    sentPerSec: sum((topic) => topic[rate] * (topic.groups + topic.replicationFactor - 1)),
  });
  const between = (part: keyof CrossZoneTraffic) =>
    sum(
      (topic) =>
        crossZoneTraffic(topic.averageBytesPerSec, topic.groups, topic.replicationFactor, zones)[part],
    );
  return {
    average: flow('averageBytesPerSec'),
    peak: flow('peakBytesPerSec'),
    replicationFactor: Math.max(1, ...topics.map((topic) => topic.replicationFactor)),
    storedBytes: stored,
    diskBytes: stored * diskFactor(rest),
    disk: { diskFill: rest.diskFill, diskOverhead: rest.diskOverhead },
    partitionReplicas: asked
      ? sum((topic) => (topic.partitions ?? 0) * topic.replicationFactor) + (rest.existingReplicas ?? 0)
      : null,
    crossZone: {
      producePerSec: between('producePerSec'),
      replicationPerSec: between('replicationPerSec'),
      consumePerSec: between('consumePerSec'),
      consumeWithFollowerFetchingPerSec: between('consumeWithFollowerFetchingPerSec'),
    },
    brokerCpuUsPerMB: rest.brokerCpu?.usPerMB ?? null,
    brokerCpuKind: rest.brokerCpu?.kind ?? 'assumption',
    brokerCpuSource: rest.brokerCpu?.source ?? '',
    perCoreBytesPerSec: rest.perCoreBytesPerSec ?? null,
    replicasLimit: rest.replicasLimit ?? null,
    latencyMatters: rest.latencyMatters ?? false,
  };
}

/** CPU was measured for a MB of payload; brokers are loaded with what is left of it after compression. */
export function cpuPerWireMB(cpu: BrokerCpu | null, wireShare: number): BrokerCpu | null {
  return cpu === null ? null : { ...cpu, usPerMB: cpu.usPerMB / wireShare };
}
