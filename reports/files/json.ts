import type { ReportSummary } from '../run/write-reports.ts';
import { reportDocument } from './report-document.ts';

/** What `ksweep report --json` prints: report.json, and where it and the other views lie. */
export function reportJson({ summary, files, answer }: ReportSummary) {
  return { dir: summary.run.dir, files, ...reportDocument(summary, answer) };
}
