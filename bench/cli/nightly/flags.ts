import type { ClusterFlags } from '../../run/cluster/choose-cluster.ts';
import type { LoadHostFlags } from '../run/load-hosts.ts';

/** What commander reads of `ksweep nightly`. */
export interface NightlyFlags extends ClusterFlags, LoadHostFlags {
  readonly workload: string;
  readonly history: string;
  readonly canary?: string;
  readonly canaryBootstrapServer?: string;
  readonly canaryKafkaVersion?: string;
  readonly set: string[];
  readonly label?: string;
  readonly commit?: string;
  readonly timeBudget?: string;
  readonly diskLimit: string;
  readonly keepRaw: string;
  readonly resumeWithin: string;
  readonly resumeOnly?: true;
  readonly delta?: string;
  readonly deltaFor: string[];
  readonly historyRemote?: string;
  readonly historyClient: string;
  readonly historyCommit?: true;
  readonly json?: true;
}
