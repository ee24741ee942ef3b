import { join } from 'node:path';
import { formatDuration } from '../../common/terminal.ts';
import { loadRun } from '../../results/load-run.ts';
import { ASSUMED_OVERHEAD_MS, estimateMs, repeatMs } from '../../workload/dry-run.ts';
import type { LoadedWorkload } from '../../workload/load.ts';
import type { Plan } from '../../workload/plan.ts';
import { fitBudget, withoutRepeats } from './budget.ts';
import { concludeNight, type StepRun, seriesOfSuite } from './conclude.ts';
import { cellName } from './history/series-id.ts';
import { HistoryStore, type StoredSeries } from './history/store.ts';
import { takeLock } from './lock.ts';
import type { NightOptions } from './options.ts';
import type { NightReport } from './report.ts';
import { spreadsOfCells } from './spreads.ts';
import {
  findResumable,
  freshNight,
  type NightState,
  nightDir,
  runFolderOf,
  type Step,
  writeState,
} from './state.ts';

export type NightOutcome =
  | { readonly kind: 'judged'; readonly report: NightReport; readonly dir: string }
  /** The user stopped it: the same command goes on. */
  | { readonly kind: 'interrupted'; readonly dir: string }
  | { readonly kind: 'nothing-to-resume' };

/**
 * One night: the canary, the suite in blocks, the canary again; then the history, the judgement and the views. It
 * asks nothing. A night that was cut off by a kill or a reboot goes on where it stopped. Throws history-locked while
 * another night runs, and whatever measuring throws; the night can then go on as well.
 */
export async function runNight(options: NightOptions): Promise<NightOutcome> {
  const store = await HistoryStore.open(options.history, { journal: options.journal });
  const release = await takeLock(join(options.history, 'nightly.lock'), {
    waitMs: 0,
    what: `another night with the history ${options.history}`,
  });
  try {
    return await new Night(options, store).run();
  } finally {
    await release();
  }
}

class Night {
  readonly #options: NightOptions;
  readonly #store: HistoryStore;
  readonly #notes: string[] = [];

  constructor(options: NightOptions, store: HistoryStore) {
    this.#options = options;
    this.#store = store;
  }

  async run(): Promise<NightOutcome> {
    const { history, suite, canary, now, signal, say } = this.#options;
    const digests = { suite: suite.source.sha256, canary: canary.source.sha256 };
    const found = await findResumable(history, digests, now(), this.#options.resumeWithinMs);
    this.#notes.push(...found.abandoned);
    if (found.state === null && this.#options.resumeOnly) return { kind: 'nothing-to-resume' };
    const known = await seriesOfSuite(this.#store, suite.workload.name);
    const state = found.state ?? (await this.#begin(known));
    if (found.state !== null) say(`continuing night ${state.night}`);
    if (state.dropped.length > 0) {
      this.#notes.push(
        `${state.dropped.length} of ${suite.plan.repeats.length} repeats given up for the time budget`,
      );
    }
    const dir = nightDir(history, state.night);

    const runs = new Map<Step, StepRun>();
    for (const [step, loaded] of [
      ['canary-first', canary],
      ['suite', suite],
      ['canary-last', canary],
    ] as const) {
      const plan = step === 'suite' ? withoutRepeats(suite.plan, state.dropped) : canary.plan;
      runs.set(step, await this.#step(state, step, loaded, plan));
      if (signal.aborted) return { kind: 'interrupted', dir };
    }
    const context = { options: this.#options, store: this.#store, notes: this.#notes };
    const report = await concludeNight(context, state, runs, known);
    return { kind: 'judged', report, dir };
  }

  async #begin(known: readonly StoredSeries[]): Promise<NightState> {
    const { history, suite, canary, now, budgetMs, label, commit, deltas } = this.#options;
    const started = now();
    let dropped: number[] = [];
    if (budgetMs !== null) {
      const cells = new Map(suite.plan.cells.map((cell) => [cell.id, cell]));
      const spreads = spreadsOfCells(known, deltas);
      const outcome = fitBudget({
        plan: suite.plan,
        budgetMs: budgetMs - 2 * this.#canaryMs(),
        costMs: (id) => {
          const cell = cells.get(id);
          return (cell === undefined ? 0 : repeatMs(cell)) + ASSUMED_OVERHEAD_MS;
        },
        spread: (id) => spreads.get(cellName(cells.get(id)?.settings ?? {})),
      });
      dropped = outcome.dropped.map(({ position }) => position);
      if (!outcome.fits) {
        this.#notes.push(
          `one repeat of each cell and two canaries take longer than the time budget of ${formatDuration(budgetMs)}: the last cells are cut off`,
        );
      }
    }
    const state: NightState = {
      v: 1,
      night: freshNight(history, started),
      startedAt: started.toISOString(),
      suiteSha256: suite.source.sha256,
      canarySha256: canary.source.sha256,
      label,
      commit,
      dropped,
      finished: false,
    };
    await writeState(history, state);
    return state;
  }

  #canaryMs(): number {
    return estimateMs(this.#options.canary.plan, ASSUMED_OVERHEAD_MS);
  }

  /** Runs a step, goes on with it, or reads what it has measured already. */
  async #step(state: NightState, step: Step, loaded: LoadedWorkload, plan: Plan): Promise<StepRun> {
    const { history, measure, signal, say } = this.#options;
    const begun = await runFolderOf(history, state.night, step);
    if (begun !== null) {
      const run = await loadRun(begun);
      const outOfTime = step === 'suite' && this.#leftMs(state) <= 0;
      if (run.manifest.finishedAt !== null || outOfTime) {
        return { dir: begun, manifest: run.manifest, results: run.repeats };
      }
    }
    say(`${step}: ${plan.repeats.length} repeats`);
    const deadline = new AbortController();
    const limitMs = step === 'suite' ? this.#leftMs(state) : Number.POSITIVE_INFINITY;
    const timer = Number.isFinite(limitMs)
      ? setTimeout(() => deadline.abort(), Math.max(0, limitMs))
      : undefined;
    try {
      const summary = await measure({
        step,
        loaded,
        plan,
        target:
          begun === null ? { resultsDir: join(nightDir(history, state.night), step) } : { resumeDir: begun },
        signal: AbortSignal.any([signal, deadline.signal]),
      });
      if (deadline.signal.aborted && !signal.aborted) {
        this.#notes.push(
          `the time budget ended the suite after ${summary.results.length} of ${plan.repeats.length} repeats`,
        );
      }
      const { manifest } = await loadRun(summary.dir);
      return { dir: summary.dir, manifest, results: summary.results };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Time left for the suite: the last canary needs its own. */
  #leftMs(state: NightState): number {
    const { budgetMs, now } = this.#options;
    if (budgetMs === null) return Number.POSITIVE_INFINITY;
    return Date.parse(state.startedAt) + budgetMs - this.#canaryMs() - now().getTime();
  }
}
