import type { ClusterUnderTest } from '../../infra/cluster-under-test.ts';
import type { ClientName } from '../client/choose.ts';
import type { LoadHost } from '../load/agent/load-hosts.ts';
import type { IntervalSnapshot } from '../load/protocol.ts';
import type { Against } from '../results/manifest.ts';
import type { RepeatResult } from '../results/result.ts';
import type { Cell, Plan } from '../workload/plan.ts';
import type { Workload } from '../workload/schema.ts';
import type { OffsetSample } from './judge/measurement.ts';
import type { Progress } from './measure/progress.ts';
import type { WorkloadSource } from './write/manifest.ts';

export interface RunOptions {
  readonly workload: Workload;
  readonly plan: Plan;
  readonly source: WorkloadSource;
  readonly cluster: ClusterUnderTest;
  /** The client to measure with; the best one that is there where none is named. */
  readonly client?: ClientName;
  /** Hosts that generate the load; none: this one. */
  readonly loadHosts?: readonly LoadHost[];
  /** Parent of the run folder, or the folder of a run to resume. */
  readonly target: { readonly resultsDir: string } | { readonly resumeDir: string };
  /** The command line that reruns it, without secrets. */
  readonly command: string;
  /** Which cells are base and which candidate, where two configurations are interleaved. */
  readonly against?: Against;
  readonly signal?: AbortSignal;
  /** How long to wait for a calm host before an attempt that it spoiled is made again; default 30 s, 0: not at all. */
  readonly calmMs?: number;
  /** Whether topics that the brokers refuse become the nearest ones that they take. */
  readonly adapt?: boolean;
  /** Whether an invalid repeat is measured again; default true. */
  readonly retry?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly onLine?: (line: string) => void;
  /** The run folder, as soon as there is something in it that reports can be made of. */
  readonly onFolder?: (dir: string) => void;
  readonly onResult?: (result: RepeatResult, cell: Cell) => void;
  readonly onSnapshot?: (process: string, snapshot: IntervalSnapshot, cell: Cell) => void;
  /** End offsets of the topic, each second. */
  readonly onOffsets?: (sample: OffsetSample) => void;
}
