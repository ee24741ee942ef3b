import type { ClientName } from '../../client/choose.ts';
import type { ClusterFlags } from '../../run/cluster/choose-cluster.ts';
import type { LoadHostFlags } from './load-hosts.ts';

/** What commander reads of `ksweep run`. */
export interface RunFlags extends ClusterFlags, LoadHostFlags {
  readonly set: string[];
  readonly against?: string;
  readonly metricsListen?: string;
  readonly calm?: string;
  readonly findMax?: true;
  readonly maxLoad?: string;
  readonly adapt?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly client?: ClientName;
  readonly results: string;
  readonly resume?: string;
}
