import { EXIT, type ExitStatus, KsweepError, mostSevere } from '../common/errors.ts';
import { closePool, destroyPool } from '../common/pool.ts';
import { RunFolder } from '../results/folder.ts';
import type { RepeatResult } from '../results/result.ts';
import { adaptPlan } from './cluster/adapt.ts';
import { Guard } from './guard.ts';
import { buildCorpora, type Corpora } from './measure/corpora.ts';
import { primeCluster, primingLoads, primingSec } from './measure/prime.ts';
import { Repeats } from './repeats.ts';
import type { RunOptions } from './run-options.ts';
import { Session } from './session.ts';
import { newManifest, resumedManifest } from './write/manifest.ts';

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

/** Runs a plan against a cluster and writes its run folder. Throws KsweepError where it cannot go on; what was measured stays. */
export async function runWorkload(options: RunOptions): Promise<RunSummary> {
  const session = await Session.open(options.cluster, options.client, options.loadHosts);
  if (session.client.note !== null) options.onLine?.(session.client.note);
  const leftTopics: string[] = [];
  const { guard: limits } = options.workload;
  const guard = limits === undefined ? null : new Guard(limits, session.observer);
  try {
    session.check(options.plan, options.adapt);
    const { plan, changes } = await adaptPlan(
      options.plan,
      session.observer,
      `ksweep-asked-${session.nonce}`,
      options.adapt === true,
    );
    session.adapted = changes;
    for (const line of adaptedLines(plan, changes)) options.onLine?.(line);
    await guard?.begin();
    return { ...(await new Run(guarded({ ...options, plan }, guard), session).execute()), leftTopics };
  } finally {
    guard?.stop();
    // Told here, because a run that ends with an error has no summary.
    leftTopics.push(...(await session.close()));
    if (leftTopics.length > 0) options.onLine?.(leftBehind(leftTopics));
    // Payloads that nobody waits for any more are not built to their end.
    await (options.signal?.aborted === true ? destroyPool() : closePool());
  }
}

/** What is measured in place of what was asked for, each change once with its cells. */
function adaptedLines({ cells }: RunOptions['plan'], changes: Session['adapted']): string[] {
  const byChange = new Map<string, string[]>();
  for (const { id, label } of cells) {
    const change = changes.get(id)?.join(', ');
    if (change !== undefined) byChange.set(change, [...(byChange.get(change) ?? []), label]);
  }
  return [...byChange].map(([change, labels]) => `adapted to the brokers: ${change} (${labels.join('; ')})`);
}

/** The run's options with the guard's eyes and hand on it. */
function guarded(options: RunOptions, guard: Guard | null): RunOptions {
  if (guard === null) return options;
  return {
    ...options,
    signal: options.signal === undefined ? guard.signal : AbortSignal.any([options.signal, guard.signal]),
    onSnapshot(process, snapshot, cell) {
      guard.onSnapshot(snapshot);
      options.onSnapshot?.(process, snapshot, cell);
    },
  };
}

const leftBehind = (topics: readonly string[]): string =>
  `could not be deleted: ${topics.length === 1 ? 'topic' : 'topics'} ${topics.join(', ')}; delete them by hand, or use --resume, which tries again`;

const NAMED_TOPICS = 5;

/** A run that lost its host, or its brokers, could delete nothing. */
function leftByOthers(topics: readonly string[]): string {
  const more = topics.length > NAMED_TOPICS ? `, and ${topics.length - NAMED_TOPICS} more` : '';
  return `of other runs are there: ${topics.length === 1 ? 'topic' : 'topics'} ${topics.slice(0, NAMED_TOPICS).join(', ')}${more}; where such a run is not under way, delete them, or resume it, which does`;
}

class Run {
  readonly #options: RunOptions;
  readonly #session: Session;
  readonly #signal: AbortSignal;

  constructor(options: RunOptions, session: Session) {
    this.#options = options;
    this.#session = session;
    this.#signal = options.signal ?? new AbortController().signal;
  }

  async execute(): Promise<Omit<RunSummary, 'leftTopics'>> {
    const { plan, source, target, workload, onLine } = this.#options;
    const say = onLine ?? (() => {});
    const corpora = await buildCorpora(plan, source.baseDir, this.#session.scratchDir, say, this.#signal);
    for (const { summary, warnings } of corpora.records.values()) {
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
    }
    const others = await this.#session.topicsOfOtherRuns(manifest.runId);
    if (others.length > 0) say(leftByOthers(others));
    const repeats = new Repeats(this.#options, this.#session, folder, manifest.runId, corpora);
    if (!fresh) await repeats.remember();
    this.#options.onFolder?.(folder.dir);
    await this.#prime(manifest.runId, corpora, say);
    const interrupted = await repeats.runAll();
    // The guard's reason is an error; what was measured stays.
    if (interrupted && this.#signal.reason instanceof KsweepError) throw this.#signal.reason;
    const { complete, results } = repeats;
    if (complete) await folder.writeManifest({ ...manifest, finishedAt: new Date().toISOString() });
    return {
      dir: folder.dir,
      runId: manifest.runId,
      results,
      interrupted,
      status: this.#status(results, complete),
    };
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
}
