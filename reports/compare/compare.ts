import { EXIT, type ExitStatus, KsweepError } from '../../bench/common/errors.ts';
import { runTask } from '../../bench/common/pool.ts';
import { differencesBetween, groundOf } from '../../bench/results/ground.ts';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import { type Metric, metricOf } from '../../bench/results/metrics.ts';
import type { CellSettings } from '../../bench/results/planned.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import { workDifferences } from '../../bench/results/same-work.ts';
import { median } from '../../bench/stats/describe.ts';
import type { RunOffset } from '../../bench/stats/run-offset.ts';
import type { Comparison, ComparisonInput } from '../../bench/stats/verdict.ts';
import { compareTask } from '../../bench/stats/verdict.ts';

/** Metrics that are compared unless others are asked for, and the relative difference that matters for each. */
const DEFAULT_DELTAS: Readonly<Record<string, number>> = {
  'due-to-ack.p50': 0.1,
  'due-to-ack.p99': 0.1,
  'end-to-end.p99': 0.1,
  achievedPerSec: 0.02,
  'cpu.producerUsPerMB': 0.05,
  wirePerRecord: 0.02,
  diskPerRecord: 0.02,
  'search.lowPerSec': 0.05,
};

export interface CompareOptions {
  /** Metric keys; default: those of {@link DEFAULT_DELTAS}. */
  readonly metrics?: readonly string[];
  /** One relative difference that matters for every metric. */
  readonly delta?: number;
  /** Compare although the runs differ in what should be the same. */
  readonly allow?: boolean;
  /**
   * How far runs of a cell lie apart in a metric, for two runs that were measured apart: from a history, null where it
   * does not tell; `none` where the user says that they don't. Left out, it is unknown.
   */
  readonly offsets?: ((settings: CellSettings, metric: string) => RunOffset | null) | 'none';
}

export interface ComparedCell {
  readonly base: string;
  readonly candidate: string;
  readonly metric: Metric;
  readonly delta: number;
  readonly paired: boolean;
  readonly baseMedian: number;
  readonly candidateMedian: number;
  /** How far the two runs may lie apart by themselves; null where they share their run, or nothing tells. */
  readonly offset: RunOffset | null;
  readonly comparison: Comparison;
}

export interface RunComparison {
  readonly rows: readonly ComparedCell[];
  /** What differs between the runs besides the candidate's change; empty where nothing does. */
  readonly differences: readonly string[];
  /** Cells of one side that the other has not, and metrics that can't be compared, a sentence each. */
  readonly leftOut: readonly string[];
  /** 5 where something regressed, else 0. */
  readonly status: ExitStatus;
}

/** What has to be the same for two runs to be comparable: the ground and the records. */
const fingerprint = ({ manifest }: LoadedRun): Record<string, string> => ({
  ...groundOf(manifest),
  payload: JSON.stringify(manifest.corpus),
  'result schema': String(manifest.schemaVersion),
});

interface Side {
  readonly label: string;
  readonly settings: CellSettings;
  readonly repeats: readonly RepeatResult[];
}

const validOf = (run: LoadedRun, cellId: string): RepeatResult[] =>
  run.repeats.filter((result) => result.cellId === cellId && result.outcome === 'valid');

interface Planned {
  readonly row: Omit<ComparedCell, 'comparison'>;
  readonly input: ComparisonInput;
}

/** One metric of one pair of cells, or why it can't be compared. */
function planOne(
  base: Side,
  candidate: Side,
  metric: Metric,
  delta: number,
  paired: boolean,
  offset: RunOffset | 'unknown' | undefined,
): Planned | string {
  const values = (side: Side): Map<number, number> =>
    new Map(
      side.repeats.flatMap((result): [number, number][] => {
        const value = metric.read(result);
        return value === null ? [] : [[result.block, value]];
      }),
    );
  const [a, b] = [values(base), values(candidate)];
  const blocks = [...a.keys()].filter((block) => b.has(block));
  const baseValues = paired ? blocks.map((block) => a.get(block) ?? 0) : [...a.values()];
  const candidateValues = paired ? blocks.map((block) => b.get(block) ?? 0) : [...b.values()];
  const where = `${candidate.label}, ${metric.label}`;
  if (baseValues.length === 0 || candidateValues.length === 0) return `${where}: not measured on both sides`;
  if ([...baseValues, ...candidateValues].some((value) => value <= 0))
    return `${where}: holds zeros, which have no ratio`;
  const direction = metric.direction ?? 'lower-is-better';
  return {
    row: {
      base: base.label,
      candidate: candidate.label,
      metric,
      delta,
      paired,
      baseMedian: median(baseValues),
      candidateMedian: median(candidateValues),
      offset: offset === undefined || offset === 'unknown' ? null : offset,
    },
    input: {
      base: baseValues,
      candidate: candidateValues,
      paired,
      delta,
      direction,
      figure: metric.key,
      ...(offset === undefined ? {} : { offset }),
    },
  };
}

function offsetOf(
  offsets: CompareOptions['offsets'],
  settings: CellSettings,
  metric: string,
): RunOffset | 'unknown' | undefined {
  if (offsets === 'none') return undefined;
  return offsets?.(settings, metric) ?? 'unknown';
}

async function compareSides(
  pairs: readonly { base: Side; candidate: Side }[],
  paired: boolean,
  options: CompareOptions,
): Promise<Pick<RunComparison, 'rows' | 'leftOut' | 'status'>> {
  const keys = options.metrics ?? Object.keys(DEFAULT_DELTAS);
  const planned: Planned[] = [];
  const leftOut: string[] = [];
  for (const { base, candidate } of pairs) {
    const without = [base, candidate].filter(({ repeats }) => repeats.length === 0);
    if (without.length > 0) {
      leftOut.push(...without.map(({ label }) => `${label}: no valid repeat`));
      continue;
    }
    for (const key of keys) {
      const metric = metricOf(key);
      // Not measured on either side is no finding: a run at maximum rate has no latency.
      if ([...base.repeats, ...candidate.repeats].every((result) => metric.read(result) === null)) continue;
      const delta = options.delta ?? DEFAULT_DELTAS[key] ?? 0.05;
      const offset = paired ? undefined : offsetOf(options.offsets, candidate.settings, key);
      const one = planOne(base, candidate, metric, delta, paired, offset);
      if (typeof one === 'string') leftOut.push(one);
      else planned.push(one);
    }
  }
  const comparisons = await runTask(
    compareTask,
    planned.map(({ input }) => input),
  );
  const rows = planned.flatMap(({ row }, i) => {
    const comparison = comparisons[i];
    return comparison === undefined ? [] : [{ ...row, comparison }];
  });
  const regressed = rows.some(({ comparison }) => comparison.verdict === 'regressed');
  return { rows, leftOut: [...new Set(leftOut)], status: regressed ? EXIT.regression : EXIT.pass };
}

/**
 * Compares the cells that two runs have in common, by their settings, unpaired: with each run's offset where a
 * history tells how far runs lie apart, by Mann–Whitney's test over repeats where none is assumed, and left open where
 * nothing is known of it.
 * Throws not-comparable, naming every difference, where the runs differ in what should be the same.
 */
export async function compareRuns(
  base: LoadedRun,
  candidate: LoadedRun,
  options: CompareOptions = {},
): Promise<RunComparison> {
  const differences = [
    ...differencesBetween(fingerprint(base), fingerprint(candidate)),
    ...workDifferences(base.manifest.workload, candidate.manifest.workload),
  ];
  if (differences.length > 0 && options.allow !== true) {
    throw new KsweepError('not-comparable', 'these runs differ in more than what was to be compared', {
      details: differences,
      hint: 'run both on the same ground, or compare all the same with --allow',
    });
  }
  const key = (settings: object): string =>
    JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
  const others = new Map(candidate.manifest.cells.map((cell) => [key(cell.settings), cell]));
  const pairs: { base: Side; candidate: Side }[] = [];
  const leftOut: string[] = [];
  for (const cell of base.manifest.cells) {
    const other = others.get(key(cell.settings));
    others.delete(key(cell.settings));
    if (other === undefined) leftOut.push(`${cell.label}: only in the base`);
    else {
      pairs.push({
        base: { label: cell.label, settings: cell.settings, repeats: validOf(base, cell.id) },
        candidate: { label: other.label, settings: other.settings, repeats: validOf(candidate, other.id) },
      });
    }
  }
  for (const cell of others.values()) leftOut.push(`${cell.label}: only in the candidate`);
  if (pairs.length === 0)
    throw new KsweepError('not-comparable', 'the runs have no cell in common', { details: leftOut });
  const compared = await compareSides(pairs, false, options);
  return { ...compared, differences, leftOut: [...leftOut, ...compared.leftOut] };
}

/**
 * Compares base and candidate of a run that interleaved two configurations (`ksweep run --against`), paired by block.
 * Throws usage for any other run.
 */
export async function compareAgainst(run: LoadedRun, options: CompareOptions = {}): Promise<RunComparison> {
  const { against, cells } = run.manifest;
  if (against === undefined) {
    throw new KsweepError('usage', `${run.dir} has no base and candidate of its own`, {
      hint: 'give two run folders, or one with --base-cell',
    });
  }
  const side = (id: string): Side => {
    const { label = id, settings = {} } = cells.find((cell) => cell.id === id) ?? {};
    return { label, settings, repeats: validOf(run, id) };
  };
  const pairs = against.pairs.map(({ base, candidate }) => ({
    base: side(base),
    candidate: side(candidate),
  }));
  const compared = await compareSides(pairs, true, options);
  return { ...compared, differences: against.differences };
}

/** Compares cells of one run with one of them, paired by block: Wilcoxon's signed-rank test. Throws usage for unknown cells. */
export async function compareCells(
  run: LoadedRun,
  baseCell: string,
  options: CompareOptions = {},
): Promise<RunComparison> {
  const base = run.manifest.cells.find(({ id, label }) => id === baseCell || label === baseCell);
  if (base === undefined) {
    throw new KsweepError('usage', `${run.dir} has no cell "${baseCell}"`, {
      details: run.manifest.cells.map(({ id, label }) => `${id}: ${label}`),
    });
  }
  const side = ({ id, label, settings }: LoadedRun['manifest']['cells'][number]): Side => ({
    label,
    settings,
    repeats: validOf(run, id),
  });
  const pairs = run.manifest.cells
    .filter(({ id }) => id !== base.id)
    .map((cell) => ({ base: side(base), candidate: side(cell) }));
  const compared = await compareSides(pairs, true, options);
  return { ...compared, differences: [] };
}

/** The status for `--strict`: 3 where something is inconclusive, but a confirmed regression is one all the same. */
export function strictStatus({ rows, status }: RunComparison): ExitStatus {
  const open = rows.some(({ comparison }) => comparison.verdict === 'inconclusive');
  return open && status === EXIT.pass ? EXIT.invalid : status;
}
