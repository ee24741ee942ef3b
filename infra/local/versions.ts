import { KsweepError } from '../../bench/common/errors.ts';
import { nearest } from '../../bench/common/nearest.ts';

export type ClusterMode = 'kraft' | 'zookeeper';

/** The versions that pom.xml was tried with. 3.9 is the last line that still runs on ZooKeeper. */
export const KAFKA_VERSIONS = ['4.3.0', '3.9.2'] as const;
export const DEFAULT_KAFKA_VERSION = KAFKA_VERSIONS[0];
const ZOOKEEPER_VERSION = KAFKA_VERSIONS[1];
const MAX_BROKERS = 5;

export interface ClusterShape {
  readonly brokers: number;
  readonly kafkaVersion: string;
  readonly mode: ClusterMode;
  /** Nodes that hold the metadata: KRaft controllers, or ZooKeeper servers. */
  readonly quorum: number;
}

function refuse(message: string, hint?: string): never {
  throw new KsweepError('usage', message, hint === undefined ? {} : { hint });
}

/**
 * Checks what was asked for before anything is downloaded or started.
 * @param home the version found in KAFKA_HOME, where that is set
 */
export function clusterShape(
  wanted: { brokers: number; kafkaVersion?: string; mode?: string; quorum?: number },
  home?: string,
): ClusterShape {
  const { brokers } = wanted;
  if (!Number.isInteger(brokers) || brokers < 1 || brokers > MAX_BROKERS) {
    refuse(`a local cluster has 1 to ${MAX_BROKERS} brokers, not ${brokers}`);
  }
  const mode = localClusterMode(wanted.mode ?? 'kraft');
  const kafkaVersion =
    wanted.kafkaVersion ?? home ?? (mode === 'zookeeper' ? ZOOKEEPER_VERSION : DEFAULT_KAFKA_VERSION);
  if (home !== undefined && kafkaVersion !== home) {
    refuse(`KAFKA_HOME holds Kafka ${home}, not ${kafkaVersion}`, 'unset KAFKA_HOME or ask for its version');
  }
  if (home === undefined && !(KAFKA_VERSIONS as readonly string[]).includes(kafkaVersion)) {
    refuse(
      `Kafka ${kafkaVersion} is not one of the local versions: ${KAFKA_VERSIONS.join(', ')}`,
      'unpack any other distribution and set KAFKA_HOME to its folder',
    );
  }
  if (mode === 'zookeeper' && majorOf(kafkaVersion) >= 4) {
    refuse(
      `Kafka ${kafkaVersion} has no ZooKeeper mode: Kafka 4 runs on KRaft only`,
      `use --kafka-version ${ZOOKEEPER_VERSION}, the last line with ZooKeeper`,
    );
  }
  const quorum = wanted.quorum ?? (brokers < 3 ? 1 : 3);
  if (quorum !== 1 && quorum !== 3) {
    refuse(
      `a quorum of ${quorum} is not offered: 1 or 3 nodes (an even number adds a node that may fail, and no fault that is survived)`,
    );
  }
  if (mode === 'kraft' && quorum > brokers) {
    refuse(`${quorum} controllers need at least ${quorum} brokers: local KRaft nodes hold both roles`);
  }
  return { brokers, kafkaVersion, mode, quorum };
}

export function majorOf(kafkaVersion: string): number {
  return Number.parseInt(kafkaVersion, 10);
}

/** Throws KsweepError `usage` for anything but the two modes. */
export function localClusterMode(mode: string): ClusterMode {
  if (mode === 'kraft' || mode === 'zookeeper') return mode;
  const meant = nearest(mode, ['kraft', 'zookeeper']);
  return refuse(
    `unknown cluster mode "${mode}": expected kraft or zookeeper`,
    meant && `did you mean ${meant}?`,
  );
}
