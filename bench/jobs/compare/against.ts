import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { KsweepError } from '../../common/errors.ts';
import type { Against, Manifest } from '../../results/manifest.ts';
import { differences, workDifferences } from '../../results/same-work.ts';
import { asInput } from '../../workload/as-input.ts';
import { type LoadedWorkload, type Override, resolveWorkload, withOverrides } from '../../workload/load.ts';
import { type Cell, type Plan, planCells } from '../../workload/plan.ts';
import type { Workload } from '../../workload/schema.ts';

/** The configuration of an earlier run, to be measured again beside the candidate. */
export interface BaseRun {
  readonly runId: string;
  /** As a manifest keeps it: resolved. */
  readonly workload: Workload;
  /** What its payload path is relative to. */
  readonly baseDir: string;
}

export const baseOf = ({ runId, workload, workloadFile }: Manifest): BaseRun => ({
  runId,
  workload: workload as unknown as Workload,
  baseDir: workloadFile === null ? '.' : dirname(workloadFile),
});

/** Below this many blocks the paired rank test's smallest p is above 0.05: only t on logarithms is left. */
export const FEWEST_BLOCKS = 6;

/**
 * One plan with both sides in every block, in random order: what changes from hour to hour meets both alike.
 * Throws not-comparable, naming every difference, where more than client and topic settings differ.
 */
export function interleave(
  base: BaseRun,
  candidate: LoadedWorkload,
  overrides: readonly Override[] = [],
): LoadedWorkload & { readonly against: Against } {
  const { workload, plan, source } = candidate;
  const input = { ...asInput(base.workload), thresholds: [], repeats: workload.repeats, seed: workload.seed };
  const resolved = resolveWorkload(withOverrides(input, overrides), base.baseDir, (problems) => {
    throw new KsweepError('run-folder-invalid', `the workload of run ${base.runId} cannot be run any more`, {
      details: problems.map(({ path, message }) => `${path.join('.')}: ${message}`),
    });
  });
  const baseCells = resolved.plan.cells.map((cell) => withPayloadAt(cell, base.baseDir));
  const candidateCells = plan.cells.map((cell) => withPayloadAt(cell, source.baseDir));
  refusePartialDesigns([resolved.plan, plan]);
  const pairs = pairUp(baseCells, candidateCells);
  refuseOtherGround(pairs);
  const cells = [
    ...baseCells.map((cell, i) => ofSide('base', cell, i)),
    ...candidateCells.map((cell, i) => ofSide('candidate', cell, baseCells.length + i)),
  ];
  const idOf = (side: 'base' | 'candidate', cell: Cell): string => {
    const at = side === 'base' ? baseCells.indexOf(cell) : baseCells.length + candidateCells.indexOf(cell);
    return cells[at]?.id ?? '';
  };
  const excluded = [...resolved.plan.excluded, ...plan.excluded];
  const against: Against = {
    runId: base.runId,
    workload: base.workload as unknown as Record<string, unknown>,
    baseDir: base.baseDir,
    pairs: pairs.map((pair) => ({
      base: idOf('base', pair.base),
      candidate: idOf('candidate', pair.candidate),
    })),
    differences: [
      ...new Set(pairs.flatMap((pair) => differences(tunable(pair.base), tunable(pair.candidate)))),
    ],
  };
  const sha256 = createHash('sha256')
    .update(source.sha256)
    .update(JSON.stringify(base.workload))
    .digest('hex');
  return {
    ...candidate,
    plan: planCells(cells, excluded, workload.repeats, workload.seed),
    source: { ...source, sha256 },
    against,
  };
}

/** A payload file or a sample is the same one however each workload's folder leads to it. */
function withPayloadAt(cell: Cell, dir: string): Cell {
  const { records, load } = cell.workload;
  const { payload } = records;
  const { rate } = load;
  const at = <T extends { readonly path: string }>(named: T): T => ({
    ...named,
    path: resolve(dir, named.path),
  });
  const absolute = (one: typeof payload): typeof payload => {
    if ('path' in one) return at(one);
    return 'schema' in one && one.schema !== undefined ? { ...one, schema: resolve(dir, one.schema) } : one;
  };
  return {
    ...cell,
    workload: {
      ...cell.workload,
      records: { ...records, payload: absolute(payload) },
      load: rate !== 'max' && 'replay' in rate ? { ...load, rate: { replay: at(rate.replay) } } : load,
    },
  };
}

/** With a side more a fraction would be another one, and a halving would drop one side of a pair. */
function refusePartialDesigns(plans: readonly Plan[]): void {
  const partial = plans.find(({ design }) => design?.kind === 'screen' || design?.kind === 'halving')?.design;
  if (partial === undefined) return;
  throw new KsweepError('not-comparable', `a ${partial.kind} cannot be interleaved with a base`, {
    hint: 'sweep the few settings that it found to matter, and interleave those',
  });
}

interface Pair {
  readonly base: Cell;
  readonly candidate: Cell;
}

const keyOf = ({ settings }: Cell): string =>
  JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Cells of the same settings; a base of one cell stands against every candidate. Throws not-comparable. */
function pairUp(base: readonly Cell[], candidates: readonly Cell[]): Pair[] {
  const [only] = base;
  if (base.length === 1 && only !== undefined) {
    return candidates.map((candidate) => ({ base: only, candidate }));
  }
  const others = new Map(base.map((cell) => [keyOf(cell), cell]));
  const pairs = candidates.flatMap((candidate) => {
    const twin = others.get(keyOf(candidate));
    return twin === undefined ? [] : [{ base: twin, candidate }];
  });
  const [paired, twins] = [new Set(pairs.map((one) => one.candidate)), new Set(pairs.map((one) => one.base))];
  const alone = [
    ...base.filter((cell) => !twins.has(cell)).map(({ label }) => `${label}: only in the base`),
    ...candidates.filter((cell) => !paired.has(cell)).map(({ label }) => `${label}: only in the candidate`),
  ];
  if (alone.length === 0) return pairs;
  throw new KsweepError('not-comparable', 'base and candidate do not sweep the same cells', {
    details: alone,
    hint: 'give both the same sweep, or take a base without one',
  });
}

function ofSide(side: 'base' | 'candidate', cell: Cell, index: number): Cell {
  const swept = Object.keys(cell.settings).length > 0;
  const id = `${String(index).padStart(3, '0')}-${side}${swept ? cell.id.slice(3) : ''}`;
  return {
    ...cell,
    id,
    label: swept ? `${side} ${cell.label}` : side,
    settings: { side, ...cell.settings },
  };
}

/** What may differ between the sides: settings of clients, and of topics that the run makes. */
function tunable({ workload: { topic, producer, consumer } }: Cell): Record<string, unknown> {
  const { name: _prefix, existing, ...own } = topic;
  return { topic: existing ? {} : own, producer, consumer };
}

function refuseOtherGround(pairs: readonly Pair[]): void {
  const found = new Set(
    pairs.flatMap(({ base, candidate }) => workDifferences(base.workload, candidate.workload)),
  );
  if (found.size === 0) return;
  throw new KsweepError(
    'not-comparable',
    'base and candidate would not do the same work, so their figures could not be told apart from it',
    {
      details: [...found],
      hint: 'only producer, consumer and topic settings may differ; to compare other loads or payloads, run each and use `ksweep compare`',
    },
  );
}
