import type { Cell, Plan } from '../../workload/plan.ts';
import type { Session } from '../session.ts';
import { type AttemptHooks, runAttempt } from './attempt.ts';
import type { Corpora } from './corpora.ts';

/**
 * A JVM compiles its hot code in its first seconds under load: a search that began on a cold broker answered with a
 * third of what the next one found, and the first cells at a low rate had 200 ms of p99 that later blocks did not.
 */
const OPEN_TAP_SEC = 6;
const OWN_RATE_SEC = 2;
/** Cells that are loaded at their own rate: small requests take other paths than an open tap's full batches. */
const OWN_RATE_CELLS = 3;

/** What loads a cold cluster: the first cell from an open tap, then the first few as they will run. Pure. */
export function primingLoads(plan: Plan): readonly Cell[] {
  const cells = new Map(plan.cells.map((cell) => [cell.id, cell]));
  const order = [...new Set(plan.repeats.map(({ cellId }) => cellId))].flatMap((id) => cells.get(id) ?? []);
  // Where only a backlog is read there is nothing to prime with; its laying down does the same.
  const producing = order.filter(({ workload }) => workload.load.producers > 0);
  const loaded = (cell: Cell, rate: Cell['workload']['load']['rate'], seconds: number): Cell => ({
    ...cell,
    workload: {
      ...cell.workload,
      load: { ...cell.workload.load, rate, warmup: 0, duration: seconds * 1000 },
      disruptions: [],
    },
  });
  const tap = producing.slice(0, 1).map((cell) => loaded(cell, 'max', OPEN_TAP_SEC));
  const paced = producing.flatMap((cell) => {
    const { rate } = cell.workload.load;
    if (rate === 'max' || 'search' in rate) return [];
    const own = 'steps' in rate ? rate.steps[0]?.rate : rate;
    return own === undefined ? [] : [loaded(cell, own, OWN_RATE_SEC)];
  });
  return [...tap, ...paced.slice(0, OWN_RATE_CELLS)];
}

/** How long the loads last, s, without what each takes to begin and end. */
export const primingSec = (loads: readonly Cell[]): number =>
  loads.reduce((sum, { workload }) => sum + workload.load.duration / 1000, 0);

/** Loads a cold cluster with the cells’ own records and settings, and forgets what came of it. */
export async function primeCluster(
  session: Session,
  corpora: Corpora,
  loads: readonly Cell[],
  run: { readonly runId: string; readonly seed: number },
  hooks: AttemptHooks,
): Promise<void> {
  for (const [index, cell] of loads.entries()) {
    if (hooks.signal.aborted) return;
    // A failure here is no news: the first repeat will meet it again, and report it.
    await runAttempt(session, corpora, { ...run, cell, block: 0, attempt: 0, tag: `prime-${index}` }, hooks);
  }
}
