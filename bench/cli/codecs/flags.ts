import type { CodecsFlags } from '../../jobs/codecs/request.ts';
import type { ClusterFlags } from '../../run/cluster/choose-cluster.ts';
import type { LoadHostFlags } from '../run/load-hosts.ts';

/** What commander reads of `ksweep codecs`. */
export interface CodecsCommandFlags extends CodecsFlags, ClusterFlags, LoadHostFlags {
  readonly dryRun?: true;
  readonly json?: true;
  readonly strict?: true;
  readonly results: string;
  readonly resume?: string;
}
