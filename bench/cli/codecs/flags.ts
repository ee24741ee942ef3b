import type { CodecsFlags } from '../../jobs/codecs/request.ts';
import type { ClusterFlags } from '../../run/cluster/choose-cluster.ts';

/** What commander reads of `ksweep codecs`. */
export interface CodecsCommandFlags extends CodecsFlags, ClusterFlags {
  readonly dryRun?: true;
  readonly json?: true;
  readonly strict?: true;
  readonly results: string;
  readonly resume?: string;
}
