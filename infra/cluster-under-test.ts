import type { Scalar } from '../bench/common/scalar.ts';
import type { ClusterInfo } from '../bench/results/ground.ts';

/**
 * What a run may do with the brokers themselves, where they are on this machine and ksweep started them.
 * infra/local/cluster.ts is one; a cluster elsewhere has none of this, and its figures are null.
 */
export interface ClusterControl {
  /** CPU time used by all brokers so far, and by which processes; null where one is down. */
  cpu(): { readonly cpuUs: number; readonly processes: string } | null;
  /** Log bytes of a topic on all brokers' disks, replicas included. */
  topicBytes(topic: string): Promise<number | null>;
  signalBroker(index: number, signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void;
  restartBroker(index: number): Promise<void>;
  /** Each broker's process and where it stores, for what this machine tells of them. */
  processes(): readonly {
    readonly metricsAddress: string | null;
    readonly pid: number;
    readonly logDir: string;
  }[];
  /** Ids of brokers whose process has ended. */
  deadBrokers(): readonly number[];
}

/** The cluster under test. */
export interface ClusterUnderTest {
  readonly info: Omit<ClusterInfo, 'brokers'>;
  /** bootstrap.servers and security in librdkafka's names; may hold secrets. */
  readonly connection: Readonly<Record<string, Scalar>>;
  /** The same for generators, where they reach the brokers in another way than this machine; else absent. */
  readonly loadConnection?: Readonly<Record<string, Scalar>>;
  /** Baselines of its own load hosts' networks, bytes a second each way, by name, as far as they are known. */
  readonly loadHostNetworks?: Readonly<Record<string, number>>;
  readonly control: ClusterControl | null;
  /** Pages of the brokers' own metrics, in the Prometheus text format; none where they are not known. */
  readonly metrics?: readonly string[];
  /** Started for this run: its JVMs have compiled nothing yet. */
  readonly cold?: boolean;
}
