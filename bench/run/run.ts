import type { ClusterUnderTest } from '../../infra/cluster-under-test.ts';
import type { ClientName } from '../client/choose.ts';
import { EXIT, type ExitStatus, mostSevere } from '../common/errors.ts';
import { closePool, destroyPool } from '../common/pool.ts';
import { waitForCalm } from '../host/calm.ts';
import { hostFiles } from '../host/files.ts';
import type { IntervalSnapshot } from '../load/protocol.ts';
import { RunFolder } from '../results/folder.ts';
import type { PlanLine } from '../results/plan-line.ts';
import type { PlannedRepeat } from '../results/planned.ts';
import type { Against, RepeatResult } from '../results/result.ts';
import { attemptToResume, isHostDelayed, isRetryDue } from '../results/retry.ts';
import { expectedRepeats } from '../workload/design/halving.ts';
import { Rounds } from '../workload/design/rounds.ts';
import { ASSUMED_OVERHEAD_MS, repeatMs } from '../workload/dry-run.ts';
import type { Cell, Plan } from '../workload/plan.ts';
import type { Workload } from '../workload/schema.ts';
import { searchOf } from '../workload/search-limits.ts';
import type { OffsetSample } from './judge/measurement.ts';
import { type Attempt, type AttemptOutcome, runAttempt } from './measure/attempt.ts';
import { buildCorpora, type Corpora, corpusKey } from './measure/corpora.ts';
import { primeCluster, primingLoads, primingSec } from './measure/prime.ts';
import { type Progress, TimeLeft } from './measure/progress.ts';
import { runSearch } from './search/search-cell.ts';
import { Session } from './session.ts';
import { newManifest, resumedManifest, type WorkloadSource } from './write/manifest.ts';
import { recordFailure } from './write/record-failure.ts';

export interface RunOptions {
  readonly workload: Workload;
  readonly plan: Plan;
  readonly source: WorkloadSource;
  readonly cluster: ClusterUnderTest;
  /** The client to measure with; the best one that is there where none is named. */
  readonly client?: ClientName;
  /** Parent of the run folder, or the folder of a run to resume. */
  readonly target: { readonly resultsDir: string } | { readonly resumeDir: string };
  /** The command line that reruns it, without secrets. */
  readonly command: string;
  /** Which cells are base and which candidate, where two configurations are interleaved. */
  readonly against?: Against;
  readonly signal?: AbortSignal;
  /** How long to wait for a calm host before an attempt that it spoiled is made again; default 30 s, 0: not at all. */
  readonly calmMs?: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly onLine?: (line: string) => void;
  /** The run folder, as soon as there is something in it that reports can be made of. */
  readonly onFolder?: (dir: string) => void;
  readonly onResult?: (result: RepeatResult, cell: Cell) => void;
  readonly onSnapshot?: (process: string, snapshot: IntervalSnapshot, cell: Cell) => void;
  /** End offsets of the topic, each second. */
  readonly onOffsets?: (sample: OffsetSample) => void;
}

export interface RunSummary {
  readonly dir: string;
  readonly runId: string;
  /** The last attempt of each repeat, those of an earlier, resumed run included, in the plan's order. */
  readonly results: readonly RepeatResult[];
  readonly interrupted: boolean;
  /** Topics that the run made and could not delete. */
  readonly leftTopics: readonly string[];
  /** By the repeats alone; thresholds are judged by the reports. */
  readonly status: ExitStatus;
}

const DEFAULT_CALM_MS = 30_000;

/** Runs a plan against a cluster and writes its run folder. Throws KsweepError where it can't go on; what was measured stays. */
export async function runWorkload(options: RunOptions): Promise<RunSummary> {
  const session = await Session.open(options.cluster, options.client);
  if (session.client.note !== null) options.onLine?.(session.client.note);
  const leftTopics: string[] = [];
  try {
    session.check(options.plan);
    return { ...(await new Run(options, session).execute()), leftTopics };
  } finally {
    // Told here, because a run that ends with an error has no summary.
    leftTopics.push(...(await session.close()));
    if (leftTopics.length > 0) options.onLine?.(leftBehind(leftTopics));
    // Payloads that nobody waits for any more are not built to their end.
    await (options.signal?.aborted === true ? destroyPool() : closePool());
  }
}

const leftBehind = (topics: readonly string[]): string =>
  `could not be deleted: ${topics.length === 1 ? 'topic' : 'topics'} ${topics.join(', ')}; delete by hand, or go on with --resume, which tries again`;

class Run {
  readonly #options: RunOptions;
  readonly #session: Session;
  readonly #signal: AbortSignal;
  readonly #results = new Map<number, RepeatResult>();
  /** Attempt that a resumed run begins with, by the position of a repeat that was begun before. */
  readonly #resumeAt = new Map<number, number>();
  readonly #rounds: Rounds;

  constructor(options: RunOptions, session: Session) {
    this.#options = options;
    this.#session = session;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#rounds = new Rounds(options.plan);
  }

  async execute(): Promise<Omit<RunSummary, 'leftTopics'>> {
    const { plan, source, target, workload, onLine } = this.#options;
    const say = onLine ?? (() => {});
    const corpora = await buildCorpora(plan, source.baseDir, this.#session.scratchDir, say, this.#signal);
    for (const { summary, warnings } of corpora.values()) {
      if (summary !== null) say(summary);
      for (const warning of warnings) say(`warning: ${warning}`);
    }

    const fresh = 'resultsDir' in target;
    const folder = fresh
      ? await RunFolder.create(target.resultsDir, workload.name, new Date())
      : new RunFolder(target.resumeDir);
    const manifest = fresh
      ? newManifest(this.#session, this.#options, corpora)
      : await resumedManifest(this.#session, folder, plan, source, corpora);
    if (fresh) {
      // The plan first: a folder with a manifest then always has a whole plan, whenever it was killed.
      await folder.appendPlan(plan.repeats.map((repeat) => ({ type: 'planned', ...repeat })));
      await folder.writeManifest(manifest);
    } else {
      await this.#session.removeLeftovers(manifest.runId);
      await folder.removeTorn();
      this.#rounds.remember(await folder.readPlan());
      for (const [position, result] of await folder.readResults(plan.repeats)) {
        const attempt = attemptToResume(result);
        if (attempt !== null) this.#resumeAt.set(position, attempt);
        if (result.outcome !== 'failed') this.#results.set(position, result);
      }
    }
    this.#options.onFolder?.(folder.dir);
    await this.#prime(manifest.runId, corpora, say);
    const interrupted = await this.#runRepeats(folder, manifest.runId, corpora);
    const complete = plan.repeats.every((repeat) => this.#isDone(repeat));
    if (complete) await folder.writeManifest({ ...manifest, finishedAt: new Date().toISOString() });
    const results = [...this.#results].sort(([a], [b]) => a - b).map(([, result]) => result);
    return {
      dir: folder.dir,
      runId: manifest.runId,
      results,
      interrupted,
      status: this.#status(results, complete),
    };
  }

  /** It has its last attempt, or is not to be run. */
  #isDone(repeat: PlannedRepeat): boolean {
    const result = this.#results.get(repeat.position);
    return (result !== undefined && !isRetryDue(result)) || this.#rounds.drops(repeat);
  }

  async #prime(runId: string, corpora: Corpora, say: (line: string) => void): Promise<void> {
    const { plan, cluster } = this.#options;
    const loads = primingLoads(plan);
    if (cluster.cold !== true || loads.length === 0) return;
    say(`warming the brokers up: ${primingSec(loads)} s of load that does not count`);
    const hooks = { signal: this.#signal, onPhase() {}, onSnapshot() {} };
    await primeCluster(this.#session, corpora, loads, { runId, seed: plan.seed }, hooks);
  }

  #status(results: readonly RepeatResult[], complete: boolean): ExitStatus {
    const statuses: ExitStatus[] = [complete ? EXIT.pass : EXIT.invalid];
    if (results.some(({ outcome }) => outcome === 'failed')) statuses.push(EXIT.harness);
    for (const { id } of this.#options.plan.cells) {
      const own = results.filter(({ cellId }) => cellId === id);
      if (own.length > 0 && own.every(({ outcome }) => outcome !== 'valid')) statuses.push(EXIT.invalid);
    }
    return mostSevere(statuses);
  }

  /** @returns whether the user stopped it */
  async #runRepeats(folder: RunFolder, runId: string, corpora: Corpora): Promise<boolean> {
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
        await folder.appendPlan([
          { type: 'round', ...step, kept: [...step.kept], dropped: [...step.dropped] },
        ]);
        const labels = step.kept.map((id) => cells.get(id)?.label ?? id);
        this.#options.onLine?.(
          `dropped ${step.dropped.length} of ${step.kept.length + step.dropped.length} cells; going on with: ${labels.join(' · ')}`,
        );
      }
      if (this.#isDone(planned)) continue;
      const cell = cells.get(planned.cellId);
      if (cell === undefined) throw new Error(`the plan names no cell ${planned.cellId}`);
      timeLeft.start(performance.now());
      const outcome = await this.#runWithRetry(folder, runId, planned, cell, corpora, timeLeft);
      timeLeft.finish(performance.now());
      if (outcome === 'interrupted') return true;
      if (outcome === 'failed') await this.#session.stillReachable(folder.dir);
    }
    return false;
  }

  async #runWithRetry(
    folder: RunFolder,
    runId: string,
    planned: PlannedRepeat,
    cell: Cell,
    corpora: Corpora,
    timeLeft: TimeLeft,
  ): Promise<OutcomeLine['outcome']> {
    for (let attempt = this.#resumeAt.get(planned.position) ?? 0; ; attempt++) {
      const startedAt = new Date().toISOString();
      let finished: AttemptOutcome;
      try {
        finished = await this.#runOnce(folder, runId, planned, cell, attempt, corpora, timeLeft);
        if (finished !== null) await folder.writeRepeat(finished.result, finished.files);
      } catch (error) {
        const { block, position } = planned;
        const { id: cellId, settings, workload } = cell;
        const times = { startedAt, finishedAt: new Date().toISOString() };
        const identity = { runId, cellId, block, attempt, settings, workload, notes: [], ...times };
        await recordFailure(folder, position, identity, error);
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
      await folder.appendPlan([line]);
      if (!isRetryDue({ outcome, attempt, search: finished?.result.search, reasons: line.reasons }))
        return outcome;
      if (isHostDelayed(line.reasons)) await this.#awaitCalm();
      if (this.#signal.aborted) return 'interrupted';
    }
  }

  /** Another attempt on a host that is still being held back would end as the last one did. */
  async #awaitCalm(): Promise<void> {
    const { calmMs = DEFAULT_CALM_MS, onLine } = this.#options;
    if (calmMs === 0) return;
    onLine?.(`waiting up to ${calmMs / 1000} s for the host to be left alone`);
    const calm = await waitForCalm(hostFiles(), calmMs, this.#signal);
    if (!calm) onLine?.('the host is still being held back; measuring all the same');
  }

  async #runOnce(
    folder: RunFolder,
    runId: string,
    planned: PlannedRepeat,
    cell: Cell,
    attempt: number,
    corpora: Corpora,
    timeLeft: TimeLeft,
  ): Promise<AttemptOutcome> {
    const { plan, onProgress, onSnapshot, onOffsets } = this.#options;
    let phase = 'setup';
    const report = (): void =>
      onProgress?.({
        runId,
        finished: [...this.#results.values()].filter((result) => !isRetryDue(result)).length,
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
    const one = { runId, cell, block, attempt, seed, tag };
    const every = setInterval(report, 1_000);
    try {
      const measure = (tried: Attempt) => runAttempt(this.#session, corpora, tried, hooks);
      const meanBytes = corpora.get(corpusKey(cell.workload))?.meanBytes ?? 1;
      return searchOf(cell) === null
        ? await measure(one)
        : await runSearch(measure, meanBytes, one, hooks, folder);
    } finally {
      clearInterval(every);
    }
  }
}

type OutcomeLine = Extract<PlanLine, { type: 'outcome' }>;

const cellMs = (cell: Cell | undefined): number => (cell === undefined ? 0 : repeatMs(cell));
