import type { Cell } from '../plan.ts';
import { type AttemptHooks, runAttempt } from './attempt.ts';
import type { Corpora } from './corpora.ts';
import type { Session } from './session.ts';

/**
 * How long a cluster that was started for this run is loaded before anything counts, s. A JVM compiles its hot code
 * in its first seconds under load: a search that began on a cold broker answered with a third of what the next one
 * found.
 */
export const PRIMING_SEC = 8;

/** Loads a cold cluster with the first cell’s own records and settings, unpaced, and forgets what came of it. */
export async function primeCluster(
  session: Session,
  corpora: Corpora,
  cell: Cell,
  run: { readonly runId: string; readonly seed: number },
  hooks: AttemptHooks,
): Promise<void> {
  const { workload } = cell;
  // Where only a backlog is read there is nothing to prime with; its laying down does the same.
  if (workload.load.producers === 0) return;
  const load = {
    ...workload.load,
    rate: 'max' as const,
    warmup: 0,
    duration: PRIMING_SEC * 1000,
  };
  const primed = { ...cell, workload: { ...workload, load, disruptions: [] } };
  // A failure here is no news: the first repeat will meet it again, and report it.
  await runAttempt(session, corpora, { ...run, cell: primed, block: 0, attempt: 0, tag: 'prime' }, hooks);
}
