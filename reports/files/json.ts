import { measuredMetrics } from '../run/cell-summary.ts';
import type { ReportSummary } from '../run/write-reports.ts';

/** What `ksweep report --json` prints: verdicts and figures of each cell, by metric key, in base units. */
export function reportJson({ summary, files, status, answer, thresholds }: ReportSummary) {
  const { run, cells } = summary;
  const metrics = measuredMetrics(cells.map(({ cell }) => cell));
  return {
    dir: run.dir,
    name: run.manifest.name,
    runId: run.manifest.runId,
    status,
    answer: { sentence: answer.sentence, certainty: answer.certainty, state: answer.state },
    files,
    cells: cells.map(({ cell, verdict, explanations }) => ({
      id: cell.id,
      label: cell.label,
      settings: cell.settings,
      verdict,
      explanations,
      counts: cell.counts,
      figures: Object.fromEntries(
        metrics.flatMap((metric) => {
          const spread = cell.of(metric);
          return spread === null ? [] : [[metric.key, spread]];
        }),
      ),
    })),
    thresholds,
    unfinished: run.unfinished.length,
    problems: run.problems,
  };
}
