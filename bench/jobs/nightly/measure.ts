import type { RunSummary } from '../../run/run.ts';
import type { LoadedWorkload } from '../../workload/load.ts';
import type { Plan } from '../../workload/plan.ts';
import type { Step } from './state.ts';

/** One run of a night. */
export interface MeasureRequest {
  readonly step: Step;
  readonly loaded: LoadedWorkload;
  /** The workload's plan, without the repeats that were given up for time. */
  readonly plan: Plan;
  readonly target: { readonly resultsDir: string } | { readonly resumeDir: string };
  readonly signal: AbortSignal;
}

/** Measures and leaves a run folder; the only part of a night that needs Kafka. Throws KsweepError. */
export type Measure = (
  request: MeasureRequest,
) => Promise<Pick<RunSummary, 'dir' | 'results' | 'interrupted'>>;
