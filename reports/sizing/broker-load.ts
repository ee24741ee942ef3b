import { type CrossZoneTraffic, crossZoneTraffic, diskBytes, storedBytes } from './formulas/traffic.ts';

/** Bytes a second on the wire: written to all replicas, and sent to groups and followers. */
export interface Flow {
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
  readonly partitionReplicas: number;
  /** Average traffic between zones. */
  readonly crossZone: CrossZoneTraffic;
  /** Broker CPU, µs for a MB on the wire and for each of its replicas; null where it was not measured. */
  readonly brokerCpuUsPerMB: number | null;
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
  readonly partitions: number;
}

/** What topics ask of a cluster together; `rest` is what does not add up over topics. */
export function loadOf(
  topics: readonly TopicTraffic[],
  zones: number,
  rest: Partial<Pick<BrokerLoad, 'brokerCpuUsPerMB' | 'replicasLimit' | 'latencyMatters'>> & {
    existingReplicas?: number;
  } = {},
): BrokerLoad {
  const sum = (of: (topic: TopicTraffic) => number) => topics.reduce((total, topic) => total + of(topic), 0);
  const flow = (rate: 'averageBytesPerSec' | 'peakBytesPerSec'): Flow => ({
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
    storedBytes: sum((topic) =>
      storedBytes(topic.averageBytesPerSec, topic.retentionSec, topic.replicationFactor),
    ),
    diskBytes: sum((topic) =>
      diskBytes(topic.averageBytesPerSec, topic.retentionSec, topic.replicationFactor),
    ),
    partitionReplicas:
      sum((topic) => topic.partitions * topic.replicationFactor) + (rest.existingReplicas ?? 0),
    crossZone: {
      producePerSec: between('producePerSec'),
      replicationPerSec: between('replicationPerSec'),
      consumePerSec: between('consumePerSec'),
      consumeWithFollowerFetchingPerSec: between('consumeWithFollowerFetchingPerSec'),
    },
    brokerCpuUsPerMB: rest.brokerCpuUsPerMB ?? null,
    replicasLimit: rest.replicasLimit ?? null,
    latencyMatters: rest.latencyMatters ?? false,
  };
}

/** CPU was measured for a MB of payload; brokers are loaded with what is left of it after compression. */
export function cpuPerWireMB(cpuUsPerMB: number | null, wireShare: number): number | null {
  return cpuUsPerMB === null ? null : cpuUsPerMB / wireShare;
}
