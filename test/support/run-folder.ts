import { createRandom, type Random } from '../../bench/common/random.ts';
import type { Scalar } from '../../bench/common/scalar.ts';
import { RunFolder } from '../../bench/results/folder.ts';
import { LATENCIES, type LatencyName } from '../../bench/results/latency.ts';
import type { PlanLine } from '../../bench/results/plan-line.ts';
import type { PlannedRepeat } from '../../bench/results/planned.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { formatSeries } from '../../bench/results/series-csv.ts';
import { failedResult } from '../../bench/run/judge/failed-result.ts';
import { type Cell, planCells } from '../../bench/workload/plan.ts';
import { workloadSchema } from '../../bench/workload/schema.ts';
import { normal } from './numbers.ts';
import { behaviourOf } from './synthetic-cluster.ts';
import { type SyntheticLatency, syntheticLatency } from './synthetic-latency.ts';
import {
  measuredResult,
  type SyntheticLatencies,
  syntheticManifest,
  syntheticSeries,
} from './synthetic-result.ts';

/** What a synthetic run sweeps and how much of it went wrong. */
export interface RunFolderOptions {
  readonly axes: Readonly<Record<string, readonly Scalar[]>>;
  readonly blocks?: number;
  readonly seed?: number;
  readonly warmupSec?: number;
  readonly measuredSec?: number;
  /** Chance that a repeat is invalid (its event loop was held up) or fails (a process died). */
  readonly invalidShare?: number;
  readonly failedShare?: number;
  /** Cells, by index, of which every repeat is invalid. */
  readonly invalidCells?: readonly number[];
  /** Planned repeats at the end of the order that never ran. */
  readonly unfinished?: number;
  readonly search?: boolean;
  readonly thresholds?: readonly string[];
  readonly latencies?: readonly LatencyName[];
  readonly name?: string;
}

const START_MS = Date.parse('2026-03-04T05:06:07Z');

function cellsOf(axes: RunFolderOptions['axes'], search: boolean): Cell[] {
  const combinations = Object.entries(axes).reduce<Record<string, Scalar>[]>(
    (all, [axis, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [axis]: value }))),
    [{}],
  );
  const {
    sweep: _s,
    repeats: _r,
    thresholds: _t,
    ...workload
  } = workloadSchema.parse({
    name: 'synthetic',
    load: search ? { rate: { search: {} } } : {},
  });
  return combinations.map((settings, index) => {
    const words = Object.values(settings).map((value) => String(value).replaceAll(/[^A-Za-z0-9.]+/g, '-'));
    const label = Object.entries(settings)
      .map(([axis, value]) => `${axis}=${value}`)
      .join(' ');
    return {
      id: `${String(index).padStart(3, '0')}-${words.join('_') || 'baseline'}`.slice(0, 48),
      label: label || 'baseline',
      settings,
      workload,
    };
  });
}

/** Writes a run folder below `root` as a run would, and returns its path. The same options give the same figures. */
export async function writeRunFolder(root: string, options: RunFolderOptions): Promise<string> {
  const { blocks = 3, seed = 1, search = false, name = 'synthetic', unfinished = 0 } = options;
  const cells = cellsOf(options.axes, search);
  const plan = planCells(cells, [], blocks, seed);
  const folder = await RunFolder.create(root, name, new Date(START_MS));
  await folder.writeManifest(
    syntheticManifest({
      name,
      cells,
      axes: options.axes,
      blocks,
      seed,
      thresholds: options.thresholds ?? [],
    }),
  );
  await folder.appendPlan(plan.repeats.map((one) => ({ type: 'planned', ...one })));
  const random = createRandom(seed);
  const blockEffects = Array.from({ length: blocks }, (_, block) =>
    Math.exp(0.03 * normal(random.fork(`block ${block}`))),
  );
  const done = plan.repeats.slice(0, plan.repeats.length - unfinished);
  // Appended together: each append waits for the disk.
  const outcomes: PlanLine[] = [];
  for (const planned of done) {
    const index = cells.findIndex((cell) => cell.id === planned.cellId);
    const cell = cells[index];
    if (cell === undefined) continue;
    const own = random.fork(`${planned.position}`);
    const outcome = outcomeOf(options, index, own);
    const simulate = (attempt: number, was: Outcome) =>
      repeatOf(
        { options, cell, planned, attempt, outcome: was, slower: blockEffects[planned.block] ?? 1 },
        own.fork(`${attempt}`),
      );
    // An invalid repeat is run once more, as in a run; half of those are valid then.
    const attempts =
      outcome === 'valid'
        ? [simulate(0, 'valid')]
        : [simulate(0, outcome), simulate(1, rerun(options, index, outcome, own))];
    for (const { result, files } of attempts) await folder.writeRepeat(result, files);
    if (search) await writeProbes(folder, { options, cell, planned }, own.fork('probes'));
    const last = attempts.at(-1)?.result;
    if (last === undefined) continue;
    const { attempt, reasons, finishedAt } = last;
    outcomes.push({
      type: 'outcome',
      position: planned.position,
      attempt,
      outcome: last.outcome,
      reasons,
      finishedAt,
    });
  }
  await folder.appendPlan(outcomes);
  return folder.dir;
}

/** The probes of a search: the same cell at other rates, of which those below its capacity are sustained. */
async function writeProbes(
  folder: RunFolder,
  { options, cell, planned }: Pick<Draft, 'options' | 'cell' | 'planned'>,
  random: Random,
): Promise<void> {
  const { capacityPerSec } = behaviourOf(cell.settings, true);
  for (const [index, share] of [0.25, 0.5, 0.8, 0.95, 1.05].entries()) {
    const rate = Math.round(share * capacityPerSec);
    const probed = { ...cell, settings: { ...cell.settings, rate } };
    const draft = { options: { ...options, search: false }, cell: probed, planned, attempt: 0, slower: 1 };
    const { result, files } = repeatOf({ ...draft, outcome: 'valid' }, random.fork(`${index}`));
    await folder.writeProbe(cell.id, planned.block, index, result, files);
  }
}

type Outcome = RepeatResult['outcome'];

function outcomeOf(options: RunFolderOptions, cell: number, random: Random): Outcome {
  if (options.invalidCells?.includes(cell) === true) return 'invalid';
  const luck = random.next();
  if (luck < (options.failedShare ?? 0)) return 'failed';
  return luck < (options.failedShare ?? 0) + (options.invalidShare ?? 0) ? 'invalid' : 'valid';
}

function rerun(options: RunFolderOptions, cell: number, first: Outcome, random: Random): Outcome {
  if (first === 'failed' || options.invalidCells?.includes(cell) === true) return first;
  return random.next() < 0.5 ? 'valid' : first;
}

interface Draft {
  readonly options: RunFolderOptions;
  readonly cell: Cell;
  readonly planned: PlannedRepeat;
  readonly attempt: number;
  readonly outcome: Outcome;
  /** Factor of the block on every latency. */
  readonly slower: number;
}

const identityOf = ({ cell, planned, attempt }: Draft) => ({
  runId: 'synthetic-run',
  cellId: cell.id,
  block: planned.block,
  attempt,
  settings: cell.settings,
  workload: cell.workload,
  notes: [
    { code: 'smoke-scale', message: 'the brokers ran on the load generator’s host and shared its cores' },
  ],
  startedAt: new Date(START_MS + planned.position * 40_000).toISOString(),
  finishedAt: new Date(START_MS + planned.position * 40_000 + 32_000).toISOString(),
});

function repeatOf(draft: Draft, random: Random): { result: RepeatResult; files: Record<string, string> } {
  const { options, slower, outcome } = draft;
  const identity = identityOf(draft);
  if (outcome === 'failed') {
    const reason = { code: 'load-process-died', message: 'producer-0 was ended by SIGKILL' };
    return { result: failedResult(identity, reason), files: {} };
  }
  const { search = false, warmupSec = 3, measuredSec = 6 } = options;
  const behaviour = behaviourOf(draft.cell.settings, search);
  const noise = slower * Math.exp(0.04 * normal(random));
  const wanted = options.latencies ?? LATENCIES;
  const latency = (name: LatencyName, medianUs: number): SyntheticLatency | null =>
    behaviour.offeredPerSec === null || !wanted.includes(name)
      ? null
      : syntheticLatency(name, medianUs, {
          seconds: measuredSec,
          startEpochMs: START_MS,
          seed: random.uint32(),
        });
  const latencies: SyntheticLatencies = {
    'due-to-ack': latency('due-to-ack', behaviour.dueToAckUs * noise),
    'sent-to-ack': latency('sent-to-ack', behaviour.dueToAckUs * noise * 0.98),
    'due-to-sent': latency('due-to-sent', 60),
    'end-to-end': latency('end-to-end', (behaviour.dueToAckUs + 600) * noise),
  };
  const result = measuredResult(
    identity,
    { outcome, behaviour, latencies, warmupSec, measuredSec, search },
    random,
  );
  const files: Record<string, string> = {
    'series.csv': formatSeries(syntheticSeries(result, latencies, random)),
  };
  for (const [name, one] of Object.entries(latencies)) if (one !== null) files[`${name}.hlog`] = one.hlog;
  return { result, files };
}
