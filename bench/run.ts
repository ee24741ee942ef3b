import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closePool, runTask } from './compute/pool.ts';
import { translateConsumer, translateProducer } from './driver/properties.ts';
import { EXIT, type ExitStatus, KsweepError, mostSevere } from './errors.ts';
import { createClock } from './load/clock.ts';
import { LoadProcess, RefusedError } from './load/load-process.ts';
import type { IntervalSnapshot } from './load/protocol.ts';
import type { Cell, Plan, PlannedRepeat } from './plan.ts';
import type { ClusterInfo, Environment, Manifest, PlanLine, Reason, RepeatResult } from './result.ts';
import { plannedWindowMs, runTagOf } from './run/assignments.ts';
import type { ClusterUnderTest } from './run/cluster.ts';
import { buildCorpora, type Corpora, corpusKey, describeCorpora } from './run/corpora.ts';
import { checkDisruptions } from './run/disrupt.ts';
import { describeEnvironment } from './run/environment.ts';
import { evaluateRepeat, mergeInputOf, type RepeatIdentity } from './run/evaluate.ts';
import { failedResult } from './run/failed-result.ts';
import { RunFolder } from './run/folder.ts';
import { type Progress, TimeLeft } from './run/progress.ts';
import { Repeat } from './run/repeat.ts';
import { formatSeries } from './run/series-csv.ts';
import type { Workload } from './workload/schema.ts';

export interface RunOptions {
  readonly workload: Workload;
  readonly plan: Plan;
  /** The workload file's path and digest, for the manifest; its folder is where payload paths start from. */
  readonly source: { readonly file: string | null; readonly sha256: string; readonly baseDir: string };
  readonly cluster: ClusterUnderTest;
  /** Parent of the run folder, or the folder of a run to resume. */
  readonly target: { readonly resultsDir: string } | { readonly resumeDir: string };
  /** The command line that reruns it, without secrets. */
  readonly command: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onLine?: (line: string) => void;
  readonly onResult?: (result: RepeatResult, cell: Cell) => void;
  readonly onSnapshot?: (process: string, snapshot: IntervalSnapshot, cell: Cell) => void;
}

export interface RunSummary {
  readonly dir: string;
  readonly runId: string;
  /** The last attempt of each repeat that was run, those of an earlier, resumed run included. */
  readonly results: readonly RepeatResult[];
  readonly interrupted: boolean;
  /** By the repeats alone; thresholds are judged by the reports. */
  readonly status: ExitStatus;
}

const ASSUMED_OVERHEAD_MS = 2_000;
const CONNECT_LIMIT_MS = 25_000;
const REACHABLE_LIMIT_MS = 10_000;
const RETRIES_OF_INVALID = 1;

/** Runs a plan against a cluster and writes its run folder. Throws KsweepError where it can't go on; what was measured stays. */
export async function runWorkload(options: RunOptions): Promise<RunSummary> {
  const run = new Run(options);
  try {
    return await run.execute();
  } finally {
    await run.close();
    await closePool();
  }
}

class Run {
  readonly #options: RunOptions;
  readonly #signal: AbortSignal;
  readonly #clock = createClock();
  readonly #results = new Map<number, RepeatResult>();
  #observer: LoadProcess | undefined;
  #scratchDir: string | undefined;
  #brokers: ClusterInfo['brokers'] = [];
  #versions = { client: 'unknown', librdkafka: 'unknown' };

  constructor(options: RunOptions) {
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  async execute(): Promise<RunSummary> {
    const { plan, source, target, workload } = this.#options;
    this.#scratchDir = await mkdtemp(join(tmpdir(), 'ksweep-'));
    await this.#connect();
    this.#checkAgainstCluster();
    const corpora = await buildCorpora(plan, source.baseDir, this.#scratchDir, (line) =>
      this.#options.onLine?.(line),
    );
    for (const corpus of corpora.values())
      for (const warning of corpus.warnings) this.#options.onLine?.(warning);

    const fresh = 'resultsDir' in target;
    const folder = fresh
      ? await RunFolder.create(target.resultsDir, workload.name, new Date())
      : new RunFolder(target.resumeDir);
    const manifest = fresh ? this.#newManifest(corpora) : await this.#resumedManifest(folder, corpora);
    await folder.writeManifest(manifest);
    if (fresh) await folder.appendPlan(plan.repeats.map((repeat) => ({ type: 'planned', ...repeat })));
    else await this.#loadFinished(folder);

    const interrupted = await this.#runRepeats(folder, manifest.runId, corpora);
    const complete = plan.repeats.every(({ position }) => this.#results.has(position));
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

  #status(results: readonly RepeatResult[], complete: boolean): ExitStatus {
    const statuses: ExitStatus[] = [complete ? EXIT.pass : EXIT.invalid];
    if (results.some(({ outcome }) => outcome === 'failed')) statuses.push(EXIT.harness);
    for (const { id } of this.#options.plan.cells) {
      const own = results.filter(({ cellId }) => cellId === id);
      if (own.length > 0 && own.every(({ outcome }) => outcome !== 'valid')) statuses.push(EXIT.invalid);
    }
    return mostSevere(statuses);
  }

  async #connect(): Promise<void> {
    const { cluster } = this.#options;
    const observer = new LoadProcess(
      {
        role: 'observer',
        name: 'observer',
        client: cluster.connection,
        scratchDir: this.#scratchDir ?? null,
      },
      () => {},
      () => {},
    );
    this.#observer = observer;
    observer.assign();
    try {
      const answer = await observer.ask({ kind: 'describe-cluster', timeoutMs: CONNECT_LIMIT_MS });
      this.#brokers = [...answer.brokers];
      this.#versions = { client: answer.client, librdkafka: answer.librdkafka };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new KsweepError(
        'broker-unreachable',
        `no broker of ${cluster.info.bootstrapServers} can be used: ${detail}`,
        {
          hint: 'check the address, the security settings, and that the brokers are up (`ksweep cluster status` for a local one)',
        },
      );
    }
  }

  /** What only the cluster can tell, before anything is measured. */
  #checkAgainstCluster(): void {
    const { plan, cluster } = this.#options;
    for (const { id, workload } of plan.cells) {
      const { replicationFactor, existing } = workload.topic;
      if (!existing && replicationFactor > this.#brokers.length) {
        throw new KsweepError(
          'workload-invalid',
          `topic.replicationFactor: cell ${id} wants ${replicationFactor} replicas; the cluster has ${this.#brokers.length} brokers`,
          { hint: 'use fewer replicas, or more brokers (`--local --brokers N` on this machine)' },
        );
      }
      const { groups, perGroup } = workload.consumers;
      checkDisruptions(
        workload.disruptions,
        { control: cluster.control, brokers: this.#brokers.length },
        groups * perGroup,
      );
    }
  }

  #newManifest(corpora: Corpora): Manifest {
    const { workload, plan, source, cluster, command } = this.#options;
    const createdAt = new Date();
    return {
      schemaVersion: 1,
      runId: `${createdAt.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}-${randomBytes(3).toString('hex')}`,
      name: workload.name,
      createdAt: createdAt.toISOString(),
      finishedAt: null,
      workload: workload as unknown as Record<string, unknown>,
      workloadFile: source.file,
      workloadSha256: source.sha256,
      seed: plan.seed,
      blocks: workload.repeats,
      cells: plan.cells.map(({ id, label, settings }) => ({ id, label, settings: { ...settings } })),
      excluded: plan.excluded.map(({ settings, reason }) => ({ settings: { ...settings }, reason })),
      pinned: {
        producer: translateProducer(workload.producer).pinned,
        consumer: translateConsumer(workload.consumer).pinned,
      },
      environment: this.#environment(),
      cluster: { ...cluster.info, brokers: this.#brokers },
      corpus: describeCorpora(corpora),
      thresholds: workload.thresholds,
      command,
    };
  }

  #environment(): Environment {
    return describeEnvironment(this.#versions);
  }

  /** The manifest of the run to resume, where workload and payloads are still the same. */
  async #resumedManifest(folder: RunFolder, corpora: Corpora): Promise<Manifest> {
    const manifest = await folder.readManifest();
    const { source, plan } = this.#options;
    const planned = (await folder.readPlan()).filter((line) => line.type === 'planned');
    const samePlan =
      planned.length === plan.repeats.length &&
      planned.every(
        (line, i) => line.cellId === plan.repeats[i]?.cellId && line.seed === plan.repeats[i]?.seed,
      );
    if (manifest.workloadSha256 !== source.sha256 || !samePlan) {
      throw new KsweepError(
        'run-folder-invalid',
        `${folder.dir} was made with another workload or other --set values`,
        {
          hint: `give the same ones again: ${manifest.command}`,
        },
      );
    }
    const sameCorpus = JSON.stringify(manifest.corpus) === JSON.stringify(describeCorpora(corpora));
    if (!sameCorpus) {
      throw new KsweepError('run-folder-invalid', 'the payload file has changed since the run began', {
        hint: 'put the old file back, or start a new run',
      });
    }
    return manifest;
  }

  async #loadFinished(folder: RunFolder): Promise<void> {
    const done = await folder.readResults(this.#options.plan.repeats);
    for (const [position, result] of done)
      if (result.outcome !== 'failed') this.#results.set(position, result);
  }

  /** @returns whether the user stopped it */
  async #runRepeats(folder: RunFolder, runId: string, corpora: Corpora): Promise<boolean> {
    const { plan } = this.#options;
    const cells = new Map(plan.cells.map((cell) => [cell.id, cell]));
    const rest = plan.repeats.filter(({ position }) => !this.#results.has(position));
    const timeLeft = new TimeLeft(
      rest.map(({ cellId }) => {
        const workload = cells.get(cellId)?.workload;
        return workload === undefined ? 0 : workload.load.warmup + plannedWindowMs(workload);
      }),
      ASSUMED_OVERHEAD_MS,
    );
    for (const planned of rest) {
      if (this.#signal.aborted) return true;
      const cell = cells.get(planned.cellId);
      if (cell === undefined) throw new Error(`the plan names no cell ${planned.cellId}`);
      timeLeft.start(performance.now());
      const outcome = await this.#runWithRetry(folder, runId, planned, cell, corpora, timeLeft);
      timeLeft.finish(performance.now());
      if (outcome === 'interrupted') return true;
      if (outcome === 'failed') await this.#stillReachable(folder);
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
  ): Promise<PlanOutcome> {
    for (let attempt = 0; ; attempt++) {
      const { result, files } = await this.#runOnce(runId, planned, cell, attempt, corpora, timeLeft);
      const outcome = result?.outcome ?? 'interrupted';
      if (result !== null) {
        await folder.writeRepeat(result, files);
        this.#results.set(planned.position, result);
        this.#options.onResult?.(result, cell);
      }
      await folder.appendPlan([
        {
          type: 'outcome',
          position: planned.position,
          attempt,
          outcome,
          reasons: result?.reasons ?? [],
          finishedAt: new Date().toISOString(),
        },
      ]);
      if (outcome !== 'invalid' || attempt >= RETRIES_OF_INVALID || this.#signal.aborted) return outcome;
    }
  }

  async #runOnce(
    runId: string,
    planned: PlannedRepeat,
    cell: Cell,
    attempt: number,
    corpora: Corpora,
    timeLeft: TimeLeft,
  ): Promise<{ result: RepeatResult | null; files: Record<string, string> }> {
    const { plan, cluster, onProgress, onSnapshot } = this.#options;
    const { workload } = cell;
    const startedAt = new Date().toISOString();
    const identity = (): RepeatIdentity => ({
      runId,
      cellId: cell.id,
      block: planned.block,
      attempt,
      settings: cell.settings,
      workload,
      notes: this.#notes(),
      startedAt,
      finishedAt: new Date().toISOString(),
    });
    const report = (phase: string): void =>
      onProgress?.({
        runId,
        finished: this.#results.size,
        total: plan.repeats.length,
        cell: cell.label,
        block: planned.block,
        attempt,
        phase,
        leftMs: timeLeft.leftMs(performance.now()),
      });
    const every = setInterval(() => report(phase), 1_000);
    let phase = 'setup';
    try {
      const runTag = runTagOf(runId, planned.position, attempt);
      const topic = await this.#topic(cell, runId, planned.position, attempt);
      const repeat = new Repeat({
        context: {
          workload,
          connection: cluster.connection,
          topic: topic.name,
          partitions: topic.partitions,
          runTag,
          seed: planned.seed,
          corpus: corpora.get(corpusKey(workload)) ?? null,
        },
        replicationFactor: topic.replicationFactor,
        startOffsets: topic.startOffsets,
        observer: this.#live(),
        control: cluster.control,
        clock: this.#clock,
        signal: this.#signal,
        onPhase: (name) => {
          phase = name;
          report(name);
        },
        onSnapshot: (process, snapshot) => onSnapshot?.(process, snapshot, cell),
      });
      const measurement = await repeat.run();
      const merged = await runTask('merge', mergeInputOf(measurement, workload));
      const { result, series, hlog } = evaluateRepeat(identity(), measurement, merged);
      const files: Record<string, string> = { 'series.csv': formatSeries(series) };
      for (const [name, text] of Object.entries(hlog)) files[`${name}.hlog`] = text;
      return { result, files };
    } catch (error) {
      if (this.#signal.aborted) return { result: null, files: {} };
      return { result: failedResult(identity(), reasonOf(error, phase)), files: {} };
    } finally {
      clearInterval(every);
    }
  }

  #notes(): Reason[] {
    const { cluster } = this.#options;
    return cluster.info.local
      ? [
          {
            code: 'smoke-scale',
            message: 'the brokers ran on the load generator’s host and shared its cores',
          },
        ]
      : [];
  }

  async #topic(
    cell: Cell,
    runId: string,
    position: number,
    attempt: number,
  ): Promise<{ name: string; partitions: number; replicationFactor: number; startOffsets: number[] }> {
    const { topic, load, consumers } = cell.workload;
    if (!topic.existing) {
      const name = `${topic.name ?? 'ksweep'}-${runId}-${position}${attempt > 0 ? `-${attempt}` : ''}`;
      const { partitions, replicationFactor } = topic;
      return { name, partitions, replicationFactor, startOffsets: new Array<number>(partitions).fill(0) };
    }
    const name = topic.name ?? '';
    const observer = this.#live();
    const found = await observer.ask({ kind: 'describe-topic', name, timeoutMs: REACHABLE_LIMIT_MS });
    const offsets = await observer.ask({
      kind: 'offsets',
      topic: name,
      partitions: found.partitions,
      timeoutMs: REACHABLE_LIMIT_MS,
    });
    const appends = load.producers > 0 || consumers.backlog > 0;
    return { name, ...found, startOffsets: [...(appends ? offsets.high : offsets.low)] };
  }

  /** After a failed repeat: goes on only where the cluster still answers. */
  async #stillReachable(folder: RunFolder): Promise<void> {
    try {
      await this.#live().ask({ kind: 'list-topics', timeoutMs: REACHABLE_LIMIT_MS });
    } catch (error) {
      throw new KsweepError(
        'broker-unreachable',
        `the cluster no longer answers: ${error instanceof Error ? error.message : error}`,
        {
          hint: `bring it back, then go on with: ksweep run --resume ${folder.dir}`,
        },
      );
    }
  }

  #live(): LoadProcess {
    if (this.#observer === undefined) throw new Error('the observer has not been started');
    return this.#observer;
  }

  async close(): Promise<void> {
    await this.#observer?.exit();
    if (this.#scratchDir !== undefined) await rm(this.#scratchDir, { recursive: true, force: true });
  }
}

type PlanOutcome = Extract<PlanLine, { type: 'outcome' }>['outcome'];

function reasonOf(error: unknown, phase: string): Reason {
  if (error instanceof KsweepError) return { code: error.code, message: `${phase}: ${error.message}` };
  if (error instanceof RefusedError)
    return { code: 'broker-refused', message: `${phase}: ${error.message} (${error.code})` };
  return {
    code: 'internal',
    message: `${phase}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  };
}
