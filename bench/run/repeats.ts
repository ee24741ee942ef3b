import { waitForCalm } from '../host/calm.ts';
import { hostFiles } from '../host/files.ts';
import type { IntervalSnapshot } from '../load/protocol.ts';
import type { RunFolder } from '../results/folder.ts';
import type { PlanLine } from '../results/plan-line.ts';
import type { PlannedRepeat } from '../results/planned.ts';
import type { RepeatResult } from '../results/result.ts';
import { attemptToResume, isHostDelayed, isRetryDue } from '../results/retry.ts';
import { expectedRepeats } from '../workload/design/halving.ts';
import { Rounds } from '../workload/design/rounds.ts';
import { ASSUMED_OVERHEAD_MS, repeatMs } from '../workload/dry-run.ts';
import type { Cell } from '../workload/plan.ts';
import { searchOf } from '../workload/search-limits.ts';
import { type Attempt, type AttemptOutcome, runAttempt } from './measure/attempt.ts';
import { type Corpora, corpusKey } from './measure/corpora.ts';
import { TimeLeft } from './measure/progress.ts';
import type { RunOptions } from './run-options.ts';
import { runSearch } from './search/search-cell.ts';
import type { Session } from './session.ts';
import { recordFailure } from './write/record-failure.ts';

const DEFAULT_CALM_MS = 30_000;

/** The plan's repeats, one after the other: each is tried again where that may help, and written before the next begins. */
export class Repeats {
  readonly #options: RunOptions;
  readonly #session: Session;
  readonly #folder: RunFolder;
  readonly #runId: string;
  readonly #corpora: Corpora;
  readonly #signal: AbortSignal;
  readonly #results = new Map<number, RepeatResult>();
  /** Attempt that a resumed run begins with, by the position of a repeat that was begun before. */
  readonly #resumeAt = new Map<number, number>();
  readonly #rounds: Rounds;

  constructor(options: RunOptions, session: Session, folder: RunFolder, runId: string, corpora: Corpora) {
    this.#options = options;
    this.#session = session;
    this.#folder = folder;
    this.#runId = runId;
    this.#corpora = corpora;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#rounds = new Rounds(options.plan);
  }

  /** Takes up what an earlier process has measured of the plan. */
  async remember(): Promise<void> {
    this.#rounds.remember(await this.#folder.readPlan());
    for (const [position, result] of await this.#folder.readResults(this.#options.plan.repeats)) {
      const attempt = attemptToResume(result);
      if (attempt !== null) this.#resumeAt.set(position, attempt);
      if (result.outcome !== 'failed') this.#results.set(position, result);
    }
  }

  /** The last attempt of each repeat, in the plan's order. */
  get results(): readonly RepeatResult[] {
    return [...this.#results].sort(([a], [b]) => a - b).map(([, result]) => result);
  }

  get complete(): boolean {
    return this.#options.plan.repeats.every((repeat) => this.#isDone(repeat));
  }

  /** It has its last attempt, or is not to be run. */
  #isDone(repeat: PlannedRepeat): boolean {
    const result = this.#results.get(repeat.position);
    return (result !== undefined && !this.#isRetryDue(result)) || this.#rounds.drops(repeat);
  }

  #isRetryDue(attempted: Parameters<typeof isRetryDue>[0]): boolean {
    return this.#options.retry !== false && isRetryDue(attempted);
  }

  /** @returns whether the user stopped it */
  async runAll(): Promise<boolean> {
    const { plan } = this.#options;
    const cells = new Map(plan.cells.map((cell) => [cell.id, cell]));
    const expected = expectedRepeats(plan).filter((repeat) => !this.#isDone(repeat));
    const timeLeft = new TimeLeft(
      expected.map(({ cellId }) => cellMs(cells.get(cellId))),
      ASSUMED_OVERHEAD_MS,
    );
    for (const planned of plan.repeats) {
      if (this.#signal.aborted) return true;
      const step = this.#rounds.enter(planned.block, this.#results.values());
      if (step !== null) {
        await this.#folder.appendPlan([
          { type: 'round', ...step, kept: [...step.kept], dropped: [...step.dropped] },
        ]);
        const labels = step.kept.map((id) => cells.get(id)?.label ?? id);
        this.#options.onLine?.(
          `dropped ${step.dropped.length} of ${step.kept.length + step.dropped.length} cells; continuing with: ${labels.join(' · ')}`,
        );
      }
      if (this.#isDone(planned)) continue;
      const cell = cells.get(planned.cellId);
      if (cell === undefined) throw new Error(`the plan names no cell ${planned.cellId}`);
      timeLeft.start(performance.now());
      const outcome = await this.#runWithRetry(planned, cell, timeLeft);
      timeLeft.finish(performance.now());
      if (outcome === 'interrupted') return true;
      if (outcome === 'failed') await this.#session.stillReachable(this.#folder.dir);
    }
    return false;
  }

  async #runWithRetry(
    planned: PlannedRepeat,
    cell: Cell,
    timeLeft: TimeLeft,
  ): Promise<OutcomeLine['outcome']> {
    for (let attempt = this.#resumeAt.get(planned.position) ?? 0; ; attempt++) {
      const startedAt = new Date().toISOString();
      let finished: AttemptOutcome;
      try {
        finished = await this.#runOnce(planned, cell, attempt, timeLeft);
        if (finished !== null) await this.#folder.writeRepeat(finished.result, finished.files);
      } catch (error) {
        const { block, position } = planned;
        const { id: cellId, settings, workload } = cell;
        const times = { startedAt, finishedAt: new Date().toISOString() };
        const identity = {
          runId: this.#runId,
          cellId,
          block,
          attempt,
          settings,
          workload,
          notes: [],
          ...times,
        };
        await recordFailure(this.#folder, position, identity, error);
        throw error;
      }
      const outcome = finished?.result.outcome ?? 'interrupted';
      if (finished !== null) {
        this.#results.set(planned.position, finished.result);
        this.#options.onResult?.(finished.result, cell);
      }
      const line: OutcomeLine = {
        type: 'outcome',
        position: planned.position,
        attempt,
        outcome,
        reasons: finished?.result.reasons ?? [],
        finishedAt: new Date().toISOString(),
      };
      await this.#folder.appendPlan([line]);
      const search = finished?.result.search;
      if (!this.#isRetryDue({ outcome, attempt, search, reasons: line.reasons })) return outcome;
      if (isHostDelayed(line.reasons)) await this.#awaitCalm();
      if (this.#signal.aborted) return 'interrupted';
      timeLeft.again(performance.now());
    }
  }

  /** Another attempt on a host that is still being held back would end as the last one did. */
  async #awaitCalm(): Promise<void> {
    const { calmMs = DEFAULT_CALM_MS, onLine } = this.#options;
    if (calmMs === 0) return;
    onLine?.(`waiting up to ${calmMs / 1000} s until the host has its CPU time back`);
    const calm = await waitForCalm(hostFiles(), calmMs, this.#signal);
    if (!calm) onLine?.('the host still loses CPU time; measuring anyway');
  }

  async #runOnce(
    planned: PlannedRepeat,
    cell: Cell,
    attempt: number,
    timeLeft: TimeLeft,
  ): Promise<AttemptOutcome> {
    const { plan, onProgress, onSnapshot, onOffsets } = this.#options;
    let phase = 'setup';
    const report = (): void =>
      onProgress?.({
        runId: this.#runId,
        finished: [...this.#results.values()].filter((result) => !this.#isRetryDue(result)).length,
        total: expectedRepeats(plan).length,
        cell: cell.label,
        cellId: cell.id,
        block: planned.block,
        attempt,
        phase,
        leftMs: timeLeft.leftMs(performance.now()),
      });
    const hooks = {
      signal: this.#signal,
      onPhase(name: string) {
        phase = name;
        report();
      },
      onSnapshot: (process: string, snapshot: IntervalSnapshot) => onSnapshot?.(process, snapshot, cell),
      onOffsets,
    };
    const { block, position, seed } = planned;
    const tag = attempt === 0 ? String(position) : `${position}-${attempt}`;
    const one = { runId: this.#runId, cell, block, attempt, seed, tag };
    const every = setInterval(report, 1_000);
    try {
      const measure = (tried: Attempt) => runAttempt(this.#session, this.#corpora, tried, hooks);
      const meanBytes = this.#corpora.records.get(corpusKey(cell.workload))?.meanBytes ?? 1;
      return searchOf(cell) === null
        ? await measure(one)
        : await runSearch(measure, meanBytes, one, hooks, this.#folder);
    } finally {
      clearInterval(every);
    }
  }
}

type OutcomeLine = Extract<PlanLine, { type: 'outcome' }>;

const cellMs = (cell: Cell | undefined): number => (cell === undefined ? 0 : repeatMs(cell));
