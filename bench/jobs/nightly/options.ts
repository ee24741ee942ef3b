import type { LoadedWorkload } from '../../workload/load.ts';
import type { Measure } from './measure.ts';
import type { RetentionRule } from './retention.ts';

export interface NightOptions {
  readonly history: string;
  readonly suite: LoadedWorkload;
  readonly canary: LoadedWorkload;
  readonly label: string | null;
  readonly commit: string | null;
  readonly deltas: ReadonlyMap<string, number>;
  /** Time for the whole night, ms; null: as long as it takes. */
  readonly budgetMs: number | null;
  /** How old a night that was cut off may be to go on. */
  readonly resumeWithinMs: number;
  /** Only goes on with a night that was cut off. */
  readonly resumeOnly: boolean;
  readonly retention: RetentionRule;
  /** Keep each append as a file of its own, for a remote. */
  readonly journal: boolean;
  readonly measure: Measure;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}
