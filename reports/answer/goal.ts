import { LATENCIES } from '../../bench/results/latency.ts';
import { type Metric, metricOf } from '../../bench/results/metrics.ts';
import { parseThreshold } from '../../bench/results/thresholds/parse.ts';
import type { CellSummary } from '../run/cell-summary.ts';
import type { RunSummary } from '../run/run-summary.ts';
import { aimsOf } from '../views/pareto.ts';

/** Aims of a run, the one that its question is answered by first; the others can win another cell. */
export interface Goals {
  readonly main: Metric;
  readonly others: readonly Metric[];
}

const FALLBACK = [
  'search.lowPerSec',
  'due-to-ack.p99',
  'due-to-ack.p50',
  'end-to-end.p99',
  'end-to-end.p50',
  'achievedPerSec',
  'receivedPerSec',
];

/** The latency that a threshold of the run limits: what its author asks about. */
function askedAbout({ run }: RunSummary): Metric[] {
  return run.manifest.thresholds.flatMap((text) => {
    const [latency, statistic] = parseThreshold(text).metric.split(/\s+/);
    return LATENCIES.some((name) => name === latency) ? [metricOf(`${latency}.${statistic}`)] : [];
  });
}

/** null where no cell has any figure. */
export function goalsOf(summary: RunSummary): Goals | null {
  const summaries = summary.cells.map(({ cell }) => cell);
  const aims = aimsOf(summaries).filter((metric) => metric.direction !== null);
  const measured = (metric: Metric) => summaries.some((cell) => cell.of(metric) !== null);
  const main = askedAbout(summary).find(measured) ?? aims[0] ?? FALLBACK.map(metricOf).find(measured);
  return main === undefined ? null : { main, others: aims.filter((metric) => metric !== main) };
}

/** Cells that have the metric, the best by its median first; ties in the order of the plan. */
export function ranked(cells: readonly CellSummary[], metric: Metric): CellSummary[] {
  const sign = metric.direction === 'higher-is-better' ? -1 : 1;
  return cells
    .filter((cell) => cell.of(metric) !== null)
    .toSorted((a, b) => sign * ((a.of(metric)?.median ?? 0) - (b.of(metric)?.median ?? 0)));
}
