import { join } from 'node:path';
import type { ExitStatus } from '../../bench/common/errors.ts';
import { writeAtomically } from '../../bench/common/write-atomically.ts';
import { inEnglish } from '../../bench/messages/language.ts';
import { loadRun } from '../../bench/results/load-run.ts';
import type { ThresholdOutcome } from '../../bench/results/thresholds/evaluate.ts';
import { type Answer, answerOf } from '../answer/answer.ts';
import { repeatsCsv, summaryCsv } from '../files/csv.ts';
import { junitXml } from '../files/junit.ts';
import { reportMarkdown } from '../files/markdown.ts';
import { type ReportDocument, reportDocument } from '../files/report-document.ts';
import { type RunFigures, runFigures } from '../html/figures.ts';
import { reportHtml } from '../html/page.ts';
import { searchSpreads } from '../terminal/search-spreads.ts';
import { styleOf, verdictTable } from '../terminal/verdict-table.ts';
import { hockeyView } from '../views/hockey.ts';
import { type RunSummary, summarizeRun } from './run-summary.ts';

/** What a run comes to, and where its views lie. */
export interface ReportSummary {
  /** Path by name: summary.csv, repeats.csv, report.md, report.html, report.json, junit.xml. */
  readonly files: Readonly<Record<string, string>>;
  readonly thresholds: readonly ThresholdOutcome[];
  readonly answer: Answer;
  /** What report.json holds, in English whatever the language is. */
  readonly document: ReportDocument;
  /** For the terminal, ending in a new line: the answer, the verdict table and the spread of searched rates. */
  readonly table: string;
  /** 4 where a threshold was breached, 3 where a cell or a threshold has no valid figure, 2 where repeats failed. */
  readonly status: ExitStatus;
  readonly summary: RunSummary;
  readonly figures: RunFigures;
}

const lines = (texts: readonly string[]): string[] => texts.map((text) => `${text}\n`);

/**
 * Writes every view of a run folder, from the folder alone.
 * Throws `run-folder-invalid`, or `run-folder-unwritable` and `disk-full` where a view can't be written.
 */
export async function writeReports(dir: string): Promise<ReportSummary> {
  const summary = summarizeRun(await loadRun(dir));
  const hockey = hockeyView(summary.cells.map(({ cell }) => cell));
  const answer = answerOf(summary, hockey);
  const document = inEnglish(() => reportDocument(summary, answerOf(summary, hockey)));
  const figures = await runFigures(summary);
  const views: Record<string, string> = {
    'summary.csv': summaryCsv(summary),
    'repeats.csv': repeatsCsv(summary.run),
    'report.md': reportMarkdown(summary),
    'report.html': reportHtml(summary, answer, figures),
    'report.json': `${JSON.stringify(document)}\n`,
    'junit.xml': junitXml(summary),
  };
  const files: Record<string, string> = {};
  for (const [name, content] of Object.entries(views)) {
    const file = join(dir, name);
    await writeAtomically(file, [content]);
    files[name] = file;
  }
  return {
    files,
    answer,
    document,
    thresholds: summary.thresholds,
    table: [
      `${answer.sentence} ${answer.certainty}`.trim(),
      '\n',
      verdictTable(summary, styleOf(process.stdout, process.env)),
      ...lines(searchSpreads(summary)),
    ].join(''),
    status: summary.status,
    summary,
    figures,
  };
}
