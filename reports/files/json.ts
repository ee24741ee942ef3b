import type { ReportSummary } from '../run/write-reports.ts';

/** What `ksweep report --json` prints: report.json, and where it and the other views lie. */
export function reportJson({ summary, files, document }: ReportSummary) {
  return { dir: summary.run.dir, files, ...document };
}
