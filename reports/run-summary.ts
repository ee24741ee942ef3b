import { EXIT, type ExitStatus, mostSevere } from '../bench/errors.ts';
import { evaluateThresholds, type ThresholdOutcome } from '../bench/thresholds.ts';
import { type CellSummary, measuredMetrics, summarizeCells } from './cell-summary.ts';
import type { LoadedRun } from './load-run.ts';
import { type Metric, metricOf } from './metrics.ts';

/** What a cell comes to, in the word that every view shows. */
type CellVerdict = 'valid' | 'pass' | 'breach' | 'no data' | 'invalid' | 'failed' | 'not run';

export interface CellReport {
  readonly cell: CellSummary;
  readonly verdict: CellVerdict;
  /** Why: breached thresholds, or reasons of invalid and failed repeats; one sentence each. */
  readonly explanations: readonly string[];
  readonly thresholds: readonly ThresholdOutcome[];
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
  const cells = summaries.map((cell) => {
    const own = thresholds.filter((one) => one.cellId === cell.id);
    return { cell, thresholds: own, ...judge(cell, own) };
  });
  return {
    run,
    cells,
    thresholds,
    headline: headlineOf(summaries),
    status: statusOf(run, summaries, thresholds),
  };
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
): Pick<CellReport, 'verdict' | 'explanations'> {
  const { planned } = cell.counts;
  const reasons = cell.reasons.map(({ message, count }) => `${message} (${count} of ${planned} repeats)`);
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
  return { verdict, explanations: [...breached, ...unknown, ...reasons] };
}

/** 2 where repeats failed, 3 where a cell has no valid repeat or a threshold no data, 4 where one was breached. */
function statusOf(
  run: LoadedRun,
  cells: readonly CellSummary[],
  thresholds: readonly ThresholdOutcome[],
): ExitStatus {
  const statuses: ExitStatus[] = [];
  if (run.repeats.some((repeat) => repeat.outcome === 'failed')) statuses.push(EXIT.harness);
  if (cells.some((cell) => cell.state !== 'valid')) statuses.push(EXIT.invalid);
  if (thresholds.some((one) => one.passed === null)) statuses.push(EXIT.invalid);
  if (thresholds.some((one) => one.passed === false)) statuses.push(EXIT.threshold);
  return mostSevere(statuses);
}

/** "12 cells × 3 blocks: 33 of 36 repeats valid, 2 invalid, 1 failed; 4 were not run". */
export function describeCounts({ run, cells }: RunSummary): string {
  const total = (key: 'planned' | 'valid' | 'invalid' | 'failed') =>
    cells.reduce((sum, { cell }) => sum + cell.counts[key], 0);
  const parts = [`${total('valid')} of ${total('planned')} repeats valid`];
  if (total('invalid') > 0) parts.push(`${total('invalid')} invalid`);
  if (total('failed') > 0) parts.push(`${total('failed')} failed`);
  const rest = run.unfinished.length === 0 ? '' : `; ${run.unfinished.length} not run`;
  const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `${count(cells.length, 'cell')} × ${count(run.manifest.blocks, 'block')}: ${parts.join(', ')}${rest}`;
}
