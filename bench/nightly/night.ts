import { join, relative } from 'node:path';
import { writeNightViews } from '../../reports/history/write.ts';
import { loadRun } from '../../reports/load-run.ts';
import { ASSUMED_OVERHEAD_MS, estimateMs, repeatMs } from '../dry-run.ts';
import { KsweepError } from '../errors.ts';
import type { Plan } from '../plan.ts';
import type { Manifest, RepeatResult } from '../result.ts';
import { formatDuration } from '../terminal.ts';
import { evaluateThresholds } from '../thresholds.ts';
import type { LoadedWorkload } from '../workload/load.ts';
import { fitBudget, withoutRepeats } from './budget.ts';
import { canaryDrift } from './canary.ts';
import { appendsOf, canarySuite, figuresOfRun } from './entries.ts';
import { digest, fingerprintOf } from './environment.ts';
import type { NightSummary } from './history/nights.ts';
import { cellName, seriesName, seriesPath } from './history/series-id.ts';
import { HistoryStore, type StoredSeries } from './history/store.ts';
import { takeLock } from './lock.ts';
import type { Measure } from './measure.ts';
import { judgeSuite, type NightReport } from './report.ts';
import { applyRetention, type RetentionRule } from './retention.ts';
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
import { statusOf } from './status.ts';

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

export type NightOutcome =
  | { readonly kind: 'judged'; readonly report: NightReport; readonly dir: string }
  /** The user stopped it: the same command goes on. */
  | { readonly kind: 'interrupted'; readonly dir: string }
  | { readonly kind: 'nothing-to-resume' };

interface StepRun {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly results: readonly RepeatResult[];
}

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
    const known = await this.#ofSuite();
    const state = found.state ?? (await this.#begin(known));
    if (found.state !== null) say(`going on with night ${state.night}`);
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
    const report = await this.#conclude(state, runs, known);
    return { kind: 'judged', report, dir };
  }

  async #ofSuite(): Promise<StoredSeries[]> {
    const { name } = this.#options.suite.workload;
    const all = await this.#store.series();
    return all.filter(({ id }) => id.suite === name || id.suite === canarySuite(name));
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

  async #conclude(
    state: NightState,
    runs: ReadonlyMap<Step, StepRun>,
    known: readonly StoredSeries[],
  ): Promise<NightReport> {
    const { history, suite, deltas } = this.#options;
    const [first, own, last] = (['canary-first', 'suite', 'canary-last'] as const).map((step) =>
      runs.get(step),
    );
    if (first === undefined || own === undefined || last === undefined) {
      throw new KsweepError('internal', `night ${state.night} lacks a run`);
    }
    const suiteName = suite.workload.name;
    const shared = {
      night: state.night,
      at: state.startedAt,
      suite: suiteName,
      label: state.label,
      commit: state.commit,
      imported: false,
    };
    const folder = (dir: string): string => relative(history, dir);
    const figures = [
      ...figuresOfRun({ ...shared, ...own, canary: false, folder: folder(own.dir) }),
      ...figuresOfRun({
        ...shared,
        manifest: first.manifest,
        results: [...first.results, ...last.results],
        canary: true,
        folder: folder(first.dir),
      }),
    ];
    for (const { manifest } of [first, own]) {
      const fingerprint = fingerprintOf(manifest);
      await this.#store.keepEnvironment(digest(fingerprint), fingerprint);
    }
    await this.#store.append(state.night, appendsOf(figures, known));

    const drift = canaryDrift(first.results, last.results, deltas);
    if ([first, last].some(({ results }) => results.every(({ outcome }) => outcome !== 'valid'))) {
      drift.push('the canary has no valid repeat before or after the suite');
    }
    const stored = await this.#ofSuite();
    const judged = await judgeSuite(stored, state.night, deltas, drift);
    const thresholds = evaluateThresholds(suite.workload.thresholds, own.manifest.cells, own.results);
    const { status, notes } = statusOf({
      judged,
      thresholds,
      cells: own.manifest.cells,
      results: own.results,
      setAsideTonight: figures
        .filter(({ id }) => {
          const series = stored.find(({ path }) => path === seriesPath(id));
          return series === undefined || !series.content.nights.names.includes(state.night);
        })
        .map(({ id }) => seriesName(id)),
    });
    const earlier = await this.#store.nights();
    const partial: NightReport = {
      suite: suiteName,
      night: state.night,
      at: state.startedAt,
      label: state.label,
      series: judged.series,
      canary: judged.canary,
      thresholds,
      notes: [...this.#notes, ...notes, ...judged.notes],
      setAside: [...stored.flatMap(({ content }) => content.setAside), ...earlier.setAside],
      nights: earlier.nights.filter(({ suite: name }) => name === suiteName),
      status,
    };
    return this.#publish(state, partial, digest(fingerprintOf(own.manifest)));
  }

  async #publish(state: NightState, partial: NightReport, environment: string): Promise<NightReport> {
    const { history, now, retention } = this.#options;
    const named = (...verdicts: string[]): string[] =>
      partial.series
        .filter(({ verdict, canary }) => !canary && verdicts.includes(verdict))
        .map(({ name }) => name);
    const summary: NightSummary = {
      night: state.night,
      finishedAt: now().toISOString(),
      suite: partial.suite,
      label: state.label,
      commit: state.commit,
      environment,
      status: partial.status,
      regressed: named('regressed'),
      warned: named('warning'),
      improved: named('improved'),
      suspended: [...partial.canary.reasons],
      breaches: partial.thresholds
        .filter(({ passed }) => passed === false)
        .map(({ text, label }) => `${text} (${label})`),
      notes: [...partial.notes],
      report: relative(history, join(nightDir(history, state.night), 'report.html')),
    };
    const others = partial.nights.filter(({ night }) => night !== state.night);
    const report = { ...partial, nights: [...others, summary] };
    await this.#store.appendNight(summary);
    await writeNightViews(report, history, nightDir(history, state.night));
    await writeState(history, { ...state, finished: true });
    const kept = await applyRetention(history, retention);
    for (const line of kept.removed) this.#options.say(`removed: ${line}`);
    if (!kept.withinLimit) this.#options.say('the last night alone is larger than the disk limit');
    return report;
  }
}
