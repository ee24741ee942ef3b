import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LoadedRun, loadRun } from '../../results/load-run.ts';
import { metricOf } from '../../results/metrics.ts';
import type { CellSettings } from '../../results/planned.ts';
import type { SeriesColumn, SeriesRow } from '../../results/series-columns.ts';
import { type Memory, memoryOf, relativePrecision, stepsFor } from '../../stats/autocorrelation.ts';
import { median } from '../../stats/describe.ts';

/** Figures whose seconds are kept, with the precision that a repeat should have: the difference that matters. */
const FIGURES = [
  { metric: 'due-to-ack.p50', column: 'dueToAckP50Us', precision: 0.1 },
  { metric: 'due-to-ack.p99', column: 'dueToAckP99Us', precision: 0.1 },
  { metric: 'achievedPerSec', column: 'ackedPerSec', precision: 0.02 },
] as const satisfies readonly { metric: string; column: SeriesColumn; precision: number }[];

/** What the seconds of an earlier run say of a repeat's length; the cell that needs the longest. */
export interface RepeatLength {
  readonly metric: string;
  readonly cell: string;
  readonly plannedSec: number;
  readonly neededSec: number;
  /** Wanted, and what the planned length gives: relative, half a 95 % interval. */
  readonly precision: number;
  readonly givenPrecision: number;
  /** Seconds after which a second no longer resembles an earlier one. */
  readonly memorySec: number;
}

interface PlannedCell {
  readonly label: string;
  readonly settings: CellSettings;
  readonly plannedSec: number;
}

/** Of the seconds of several repeats of one cell: their typical figures. */
function typical(
  repeats: readonly (readonly SeriesRow[])[],
  column: (typeof FIGURES)[number]['column'],
): Memory | null {
  const memories = repeats.flatMap((rows) => {
    const values = rows.flatMap((row) => {
      const value = row[column];
      return row.phase === 'measure' && value !== null ? [value] : [];
    });
    const memory = memoryOf(values);
    return memory === null || memory.mean <= 0 ? [] : [memory];
  });
  if (memories.length === 0) return null;
  const of = (key: keyof Memory): number => median(memories.map((memory) => memory[key]));
  return { mean: of('mean'), variance: of('variance'), steps: of('steps'), values: of('values') };
}

const keyOf = (settings: CellSettings): string =>
  JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * How long a repeat should be for each figure to be known as well as what matters, from the autocorrelation of an
 * earlier run's seconds. A percentile of a repeat strays about as the mean of its seconds' percentiles does. Empty
 * where the runs have no cell in common, or the repeats are shorter than ten seconds.
 */
export async function repeatLengths(run: LoadedRun, cells: readonly PlannedCell[]): Promise<RepeatLength[]> {
  const found: RepeatLength[] = [];
  for (const { id, settings } of run.manifest.cells) {
    const cell = cells.find((one) => keyOf(one.settings) === keyOf(settings));
    if (cell === undefined) continue;
    const valid = run.repeats.filter(({ cellId, outcome }) => cellId === id && outcome === 'valid');
    const seconds = await Promise.all(valid.map((result) => run.series(result)));
    for (const { metric, column, precision } of FIGURES) {
      const memory = typical(seconds, column);
      if (memory === null) continue;
      found.push({
        metric,
        cell: cell.label,
        plannedSec: cell.plannedSec,
        neededSec: Math.max(1, Math.ceil(stepsFor(memory, precision))),
        precision,
        givenPrecision: relativePrecision(memory, cell.plannedSec),
        memorySec: memory.steps,
      });
    }
  }
  return FIGURES.flatMap(({ metric }) => {
    const own = found.filter((one) => one.metric === metric);
    const [longest] = own.toSorted((a, b) => b.neededSec - a.neededSec);
    return longest === undefined ? [] : [longest];
  });
}

/** For people, a line a figure. */
export function describeRepeatLengths(runId: string, lengths: readonly RepeatLength[]): string[] {
  const share = (value: number): string => `${(value * 100).toFixed(value < 0.01 ? 2 : 1)} %`;
  return lengths.map((one) => {
    const enough = one.neededSec <= one.plannedSec;
    return [
      `a repeat's length, by the seconds of run ${runId}: ${metricOf(one.metric).label} is known to ±${share(one.precision)} after ${one.neededSec} s`,
      ` (${one.cell}; seconds resemble each other for ${one.memorySec.toFixed(1)} s); `,
      enough
        ? `the planned ${one.plannedSec} s give ±${share(one.givenPrecision)}`
        : `the planned ${one.plannedSec} s give only ±${share(one.givenPrecision)}: set load.duration to ${one.neededSec}s, or take more repeats`,
    ].join('');
  });
}

/**
 * The newest run of a workload in a folder of run folders, or of the nights of a history, with a valid repeat; null
 * where there is none.
 */
export async function earlierRun(dir: string, name: string): Promise<LoadedRun | null> {
  const nights = await readdir(join(dir, 'nights')).catch(() => []);
  const parents = [
    dir,
    ...nights
      .sort()
      .reverse()
      .map((night) => join(dir, 'nights', night, 'suite')),
  ];
  for (const parent of parents) {
    const folders = (await readdir(parent).catch(() => [])).filter((folder) => isRunOf(folder, name));
    for (const folder of folders.sort().reverse()) {
      const run = await loadRun(join(parent, folder)).catch(() => null);
      if (run?.repeats.some(({ outcome }) => outcome === 'valid') === true) return run;
    }
  }
  return null;
}

/** `<UTC time>-<name>`, with a number where two began in one second. */
const isRunOf = (folder: string, name: string): boolean =>
  folder.endsWith(`-${name}`) || folder.replace(/-\d+$/, '').endsWith(`-${name}`);
