import { EXIT, type ExitStatus, mostSevere } from '../../bench/common/errors.ts';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import { type Metric, metricOf } from '../../bench/results/metrics.ts';
import { evaluateThresholds, type ThresholdOutcome } from '../../bench/results/thresholds/evaluate.ts';
import { type CellSummary, type CountedReason, measuredMetrics, summarizeCells } from './cell-summary.ts';
import { groupBy } from './group-by.ts';

/** What a cell comes to, in the word that every view shows. */
type CellVerdict = 'valid' | 'pass' | 'breach' | 'no data' | 'invalid' | 'failed' | 'not run';

export interface CellReport {
  readonly cell: CellSummary;
  readonly verdict: CellVerdict;
  /**
   * Why: breached thresholds, reasons of invalid and failed repeats, delivery errors, and notes that do not hold for
   * the whole run; one sentence each.
   */
  readonly explanations: readonly string[];
  readonly thresholds: readonly ThresholdOutcome[];
  /** What this cell alone would make of the exit status: the run's is the most severe of them. */
  readonly status: ExitStatus;
}

/** A run with everything that its views have in common; the statistics are computed once. */
export interface RunSummary {
  readonly run: LoadedRun;
  readonly cells: readonly CellReport[];
  /** Of the run as a whole and of each cell. */
  readonly thresholds: readonly ThresholdOutcome[];
  /** Metrics for tables, most telling first: those that at least one cell has. */
  readonly headline: readonly Metric[];
  readonly status: ExitStatus;
}

const RATES = ['achievedPerSec', 'receivedPerSec'].map(metricOf);
const LATENCY_AND_COST = [
  'due-to-ack.p99',
  'due-to-ack.p50',
  'end-to-end.p99',
  'cpu.producerUsPerMB',
  'wirePerRecord',
].map(metricOf);

/** At maximum rate the rate is the answer; at a fixed one it only says that the load arrived, and comes last. */
function headlineOf(cells: readonly CellSummary[]): Metric[] {
  const offered = cells.some((cell) => cell.of(metricOf('offeredPerSec')) !== null);
  const ordered = offered ? [...LATENCY_AND_COST, ...RATES] : [...RATES, ...LATENCY_AND_COST];
  const measured = measuredMetrics(cells, [metricOf('search.lowPerSec'), ...ordered]);
  return measured.filter((metric) => !isRedundant(metric, cells));
}

export function summarizeRun(run: LoadedRun): RunSummary {
  const summaries = summarizeCells(run);
  const thresholds = evaluateThresholds(run.manifest.thresholds, run.manifest.cells, run.repeats);
  const unfinished = groupBy(run.unfinished, (one) => one.cellId);
  const common = commonNotes(run);
  const cells = summaries.map((cell) => {
    const own = thresholds.filter((one) => one.cellId === cell.id);
    const left = unfinished.get(cell.id)?.length ?? 0;
    const notes = cell.notes.filter(({ code }) => !common.has(code));
    return {
      cell,
      thresholds: own,
      ...judge(cell, own, left, notes),
      status: mostSevere([...statusesOfCell(cell, left), ...own.map(statusOfThreshold)]),
    };
  });
  const ofRun = thresholds.filter((one) => one.cellId === null);
  return {
    run,
    cells,
    thresholds,
    headline: headlineOf(summaries),
    status: mostSevere([...cells.map(({ status }) => status), ...ofRun.map(statusOfThreshold)]),
  };
}

/** Codes of notes that every valid repeat carries: they are told once, under the report. */
function commonNotes(run: LoadedRun): ReadonlySet<string> {
  const valid = run.repeats.filter((one) => one.outcome === 'valid');
  const counts = groupBy(
    valid.flatMap(({ notes }) => [...new Set(notes.map(({ code }) => code))]),
    (code) => code,
  );
  return new Set([...counts].filter(([, same]) => same.length === valid.length).map(([code]) => code));
}

/** A rate of records received that only repeats the acknowledged rate says nothing new. */
function isRedundant(metric: Metric, cells: readonly CellSummary[]): boolean {
  if (metric.key !== 'receivedPerSec') return false;
  const achieved = metricOf('achievedPerSec');
  return cells.every((cell) => {
    const [received, sent] = [cell.of(metric)?.median ?? 0, cell.of(achieved)?.median ?? 0];
    return received === 0 || Math.abs(received - sent) <= 0.01 * sent;
  });
}

function judge(
  cell: CellSummary,
  thresholds: readonly ThresholdOutcome[],
  unfinished: number,
  notes: readonly CountedReason[],
): Pick<CellReport, 'verdict' | 'explanations'> {
  const { planned, valid } = cell.counts;
  const errors = cell.errors.map(({ code, records }) => `${code} × ${records}`);
  const reasons = [
    ...cell.reasons.map(({ message, count }) => `${message} (${count} of ${planned} repeats)`),
    ...(errors.length === 0 ? [] : [`delivery errors: ${errors.join(', ')}`]),
    ...(unfinished === 0 ? [] : [`${unfinished} of ${planned} repeats not finished`]),
  ];
  if (cell.state === 'missing') return { verdict: 'not run', explanations: ['no repeat has run yet'] };
  if (cell.state !== 'valid') return { verdict: cell.state, explanations: reasons };
  const breached = thresholds.filter((one) => one.passed === false).map((one) => `breached: ${one.text}`);
  const unknown = thresholds.filter((one) => one.passed === null).map((one) => `no data for ${one.text}`);
  const verdict =
    breached.length > 0
      ? 'breach'
      : unknown.length > 0
        ? 'no data'
        : thresholds.length > 0
          ? 'pass'
          : 'valid';
  const noted = notes.map(({ message, count }) => `${message} (${count} of ${valid} valid repeats)`);
  return { verdict, explanations: [...breached, ...unknown, ...reasons, ...noted] };
}

/** 2 where repeats failed, 3 where none is valid or some are still to run: as the run itself ends. */
function statusesOfCell(cell: CellSummary, unfinished: number): ExitStatus[] {
  return [
    cell.counts.failed > 0 ? EXIT.harness : EXIT.pass,
    cell.state !== 'valid' || unfinished > 0 ? EXIT.invalid : EXIT.pass,
  ];
}

/** 3 where a threshold has no data, 4 where it was breached. */
const statusOfThreshold = ({ passed }: ThresholdOutcome): ExitStatus =>
  passed === null ? EXIT.invalid : passed ? EXIT.pass : EXIT.threshold;

/** "12 cells × 3 blocks: 33 of 36 repeats valid, 2 invalid, 1 failed; 4 not finished". */
export function describeCounts({ run, cells }: RunSummary): string {
  const total = (key: 'planned' | 'valid' | 'invalid' | 'failed') =>
    cells.reduce((sum, { cell }) => sum + cell.counts[key], 0);
  const parts = [`${total('valid')} of ${total('planned')} repeats valid`];
  if (total('invalid') > 0) parts.push(`${total('invalid')} invalid`);
  if (total('failed') > 0) parts.push(`${total('failed')} failed`);
  const rest = run.unfinished.length === 0 ? '' : `; ${run.unfinished.length} not finished`;
  const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `${count(cells.length, 'cell')} × ${count(run.manifest.blocks, 'block')}: ${parts.join(', ')}${rest}`;
}
