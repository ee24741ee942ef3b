import { stringify } from 'csv-stringify/sync';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import { METRICS } from '../../bench/results/metrics.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import type { RunSummary } from '../run/run-summary.ts';

type Field = string | number | null;

/** A thousandth is finer than any clock or counter here; more digits only look precise. */
const rounded = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Math.round(value * 1000) / 1000;

/** Every axis that any cell sets, in the order of the sweep. */
function axesOf(run: LoadedRun): string[] {
  return [...new Set(run.manifest.cells.flatMap((cell) => Object.keys(cell.settings)))];
}

/** summary.csv: a row a cell; a figure is blank where too few valid repeats have it. */
export function summaryCsv({ run, cells }: RunSummary): string {
  const axes = axesOf(run);
  const figures = METRICS.flatMap(({ column }) =>
    ['Median', 'Min', 'Max', 'CiLow', 'CiHigh'].map((part) => `${column}${part}`),
  );
  const columns = [
    'cell',
    ...axes,
    'verdict',
    'planned',
    'valid',
    'invalid',
    'failed',
    'explanation',
    'errorsByCode',
    'notes',
    ...figures,
  ];
  const rows = cells.map(({ cell, verdict, explanations }): Field[] => [
    cell.id,
    ...axes.map((axis) => textOf(cell.settings[axis])),
    verdict,
    cell.counts.planned,
    cell.counts.valid,
    cell.counts.invalid,
    cell.counts.failed,
    explanations.join('; '),
    cell.errors.map(({ code, records }) => `${code}=${records}`).join('; '),
    cell.notes.map(({ message }) => message).join('; '),
    ...METRICS.flatMap((metric) => {
      const spread = cell.of(metric);
      return [spread?.median, spread?.min, spread?.max, spread?.ci?.low, spread?.ci?.high].map(rounded);
    }),
  ]);
  return stringify([columns, ...rows]);
}

/** repeats.csv: a row an attempt, replaced ones included, with every figure it has. */
export function repeatsCsv(run: LoadedRun): string {
  const axes = axesOf(run);
  const replaced = new Set(run.replaced);
  const columns = [
    'cell',
    'block',
    'attempt',
    'outcome',
    'replaced',
    ...axes,
    'reasons',
    'errorsByCode',
    'notes',
    'startedAt',
    'finishedAt',
    'warmupSec',
    'measuredSec',
    'steady',
    'generatorWasLimit',
    ...METRICS.map((metric) => metric.column),
  ];
  const row = (result: RepeatResult): Field[] => [
    result.cellId,
    result.block,
    result.attempt,
    result.outcome,
    String(replaced.has(result)),
    ...axes.map((axis) => textOf(result.settings[axis])),
    result.reasons.map((one) => one.message).join('; '),
    Object.entries(result.errorsByCode)
      .map(([code, records]) => `${code}=${records}`)
      .join('; '),
    result.notes.map((one) => one.message).join('; '),
    result.startedAt,
    result.finishedAt,
    result.window.warmupSec,
    result.window.measuredSec,
    result.window.steady === null ? '' : String(result.window.steady),
    String(result.generator.wasLimit),
    ...METRICS.map((metric) => rounded(metric.read(result))),
  ];
  return stringify([columns, ...[...run.repeats, ...run.replaced].map(row)]);
}

const textOf = (value: string | number | boolean | undefined): string =>
  value === undefined ? '' : String(value);
