import { ClientError } from '../../client/driver.ts';
import { KsweepError } from '../../common/errors.ts';
import { runTask } from '../../common/pool.ts';
import type { CorpusResult } from '../../corpus/corpus-input.ts';
import { place } from '../../load/agent/placement.ts';
import type { IntervalSnapshot } from '../../load/protocol.ts';
import type { Reason, RepeatResult } from '../../results/result.ts';
import { formatSeries } from '../../results/series-csv.ts';
import { type Cell, type CellWorkload, generatorsOf } from '../../workload/plan.ts';
import { formatBrokerSeconds } from '../judge/brokers.ts';
import { evaluateRepeat, mergeInputOf, type RepeatIdentity } from '../judge/evaluate.ts';
import { failedResult } from '../judge/failed-result.ts';
import { burstableNotes, burstingNotes } from '../judge/hardware-notes.ts';
import type { OffsetSample } from '../judge/measurement.ts';
import { mergeTask } from '../judge/merge.ts';
import { workloadNotes } from '../judge/workload-notes.ts';
import type { Session } from '../session.ts';
import { type RepeatContext, runTagOf } from './assignments.ts';
import { type Corpora, corpusKey, patternOf } from './corpora.ts';
import { Repeat } from './repeat.ts';

/** One execution of a cell, to be tried once. */
export interface Attempt {
  readonly runId: string;
  readonly cell: Cell;
  readonly block: number;
  readonly attempt: number;
  readonly seed: number;
  /** Unique among all attempts and probes of the run: part of the topic's name and of the run tag. */
  readonly tag: string;
}

/** A result and the files beside it; null where the user stopped it. */
export type AttemptOutcome = {
  readonly result: RepeatResult;
  readonly files: Readonly<Record<string, string>>;
} | null;

export interface AttemptHooks {
  readonly signal: AbortSignal;
  readonly onPhase: (phase: string) => void;
  readonly onSnapshot: (process: string, snapshot: IntervalSnapshot) => void;
  readonly onOffsets?: ((sample: OffsetSample) => void) | undefined;
}

/** Measures and judges; a failure of the cluster or of a generator is a failed result, never an exception. */
export async function runAttempt(
  session: Session,
  corpora: Corpora,
  attempt: Attempt,
  hooks: AttemptHooks,
): Promise<AttemptOutcome> {
  const { cell, runId } = attempt;
  const { workload } = cell;
  const startedAt = new Date().toISOString();
  const identity = (): RepeatIdentity => ({
    runId,
    cellId: cell.id,
    block: attempt.block,
    attempt: attempt.attempt,
    settings: cell.settings,
    workload,
    notes: [...notesOf(session), ...adaptedNotes(session, cell.id), ...workloadNotes(workload)],
    networkBaselineBytesPerSec: baselineOf(session),
    loadHostNetworks: session.cluster.loadHostNetworks ?? {},
    brokerCount: session.brokers.length,
    startedAt,
    finishedAt: new Date().toISOString(),
  });
  let phase = 'setup';
  try {
    const place = await session.place(workload, `${runId}-${session.nonce}-${attempt.tag}`);
    const corpus = corpora.records.get(corpusKey(workload)) ?? null;
    if (corpus !== null) provide(session, corpus);
    const repeat = new Repeat({
      context: {
        workload,
        driver: session.client.name,
        connection: session.cluster.loadConnection ?? session.cluster.connection,
        topic: place.name,
        partitions: place.partitions,
        runTag: runTagOf(runId, `${session.nonce} ${attempt.tag}`),
        seed: attempt.seed,
        pattern: patternOf(corpora, workload),
        corpus,
        ...placementOf(session, workload),
      },
      replicationFactor: place.replicationFactor,
      startOffsets: place.startOffsets,
      observer: session.observer,
      agents: session.agents,
      topics: session.topics,
      control: session.cluster.control,
      metrics: session.metrics,
      clock: session.clock,
      signal: hooks.signal,
      onPhase(name) {
        phase = name;
        hooks.onPhase(name);
      },
      onSnapshot: hooks.onSnapshot,
      onOffsets: hooks.onOffsets,
    });
    const [measurement, merged] = await repeat.run((measured) =>
      runTask(mergeTask, mergeInputOf(measured, workload)),
    );
    const { result: evaluated, series, hlog } = evaluateRepeat(identity(), measurement, merged);
    const { replicationFactor } = place;
    const bursting = burstingNotes(evaluated, session.cluster.info.hardware, {
      replicationFactor,
      groups: workload.consumers.groups,
    });
    const result = { ...evaluated, notes: [...evaluated.notes, ...bursting] };
    const files: Record<string, string> = { 'series.csv': formatSeries(series) };
    if (measurement.brokerSeconds.length > 0)
      files['brokers.csv'] = formatBrokerSeconds(measurement.brokerSeconds);
    for (const [name, text] of Object.entries(hlog)) files[`${name}.hlog`] = text;
    return { result, files };
  } catch (error) {
    if (hooks.signal.aborted) return null;
    return { result: failedResult(identity(), reasonOf(error, phase)), files: {} };
  }
}

/** Producers find the payloads at their agent, which gets each file once. */
function provide({ agents }: Session, { corpusFile, keysFile, headersFile }: CorpusResult): void {
  for (const file of [corpusFile, keysFile, headersFile]) if (file !== null) agents.provide(file);
}

/** Of the workload's own seed: all blocks have their generators on the same hosts. */
function placementOf(
  { agents: { hosts } }: Session,
  workload: CellWorkload,
): Pick<RepeatContext, 'placement' | 'rackOf'> {
  if (hosts.length === 0) return {};
  const names = hosts.map(({ name }) => name);
  return {
    placement: place(workload.load.placement, names, generatorsOf(workload), workload.seed),
    rackOf: (host) => hosts.find(({ name }) => name === host)?.rack ?? null,
  };
}

function baselineOf({ cluster }: Session): number | null {
  const known = cluster.info.hardware?.['networkBaselineBytesPerSec'];
  return typeof known === 'number' ? known : null;
}

function notesOf(session: Session): Reason[] {
  const { local, hardware } = session.cluster.info;
  const sharing = {
    code: 'smoke-scale',
    message: 'the brokers ran on the load generator’s host and shared its cores',
  };
  return [...(local ? [sharing] : []), ...burstableNotes(hardware)];
}

function adaptedNotes({ adapted }: Session, cellId: string): Reason[] {
  const changes = adapted.get(cellId);
  if (changes === undefined) return [];
  const message = `the brokers refuse the topic that the workload asks for; measured was ${changes.join(', ')}`;
  return [{ code: 'topic-adapted', message }];
}

function reasonOf(error: unknown, phase: string): Reason {
  if (error instanceof KsweepError) return { code: error.code, message: `${phase}: ${error.message}` };
  if (error instanceof ClientError) {
    return { code: 'broker-refused', message: `${phase}: ${error.message} (${error.code})` };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'internal', message: `${phase}: ${detail}` };
}
