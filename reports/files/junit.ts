import junit, { type Builder } from 'junit-report-builder';
import { EXIT } from '../../bench/common/errors.ts';
import { formatThreshold } from '../run/format-threshold.ts';
import { type CellReport, describeCounts, type RunSummary } from '../run/run-summary.ts';

/** Its types describe the ES module, and Node loads the CommonJS one, whose default export is the builder. */
const rootBuilder = junit as unknown as Builder;

/**
 * junit.xml for a CI: a suite a run, a case a cell and one for each threshold on the whole run. What can't be judged
 * (exit status 2 or 3) is an error, a breached threshold (4) a failure.
 */
export function junitXml(summary: RunSummary): string {
  const { run } = summary;
  const builder = rootBuilder.newBuilder();
  const suite = builder
    .testSuite()
    .name(`ksweep ${run.manifest.name}`)
    .timestamp(new Date(run.manifest.createdAt));
  suite.property('run', run.manifest.runId);
  suite.property('repeats', describeCounts(summary));
  for (const report of summary.cells) {
    const test = suite
      .testCase()
      .className(run.manifest.name)
      .name(report.cell.label)
      .time(report.cell.repeats.reduce((sum, one) => sum + seconds(one.startedAt, one.finishedAt), 0));
    const message = messageOf(report);
    const details = [...report.thresholds.map(formatThreshold), ...report.explanations].join('\n');
    if (report.status === EXIT.threshold) test.failure(message, 'threshold');
    else if (report.status !== EXIT.pass) test.error(message, typeOf(report), details);
    if (details !== '') test.standardOutput(details);
  }
  for (const threshold of summary.thresholds.filter((one) => one.cellId === null)) {
    const test = suite.testCase().className(`${run.manifest.name}.thresholds`).name(threshold.text);
    const message = formatThreshold(threshold);
    if (threshold.passed === false) test.failure(message, 'threshold');
    else if (threshold.passed === null) test.error(message, 'no data');
  }
  return builder.build();
}

/** The verdict, where that is what is wrong; a cell with valid repeats may have failed or unfinished ones, too. */
function typeOf({ cell, verdict, status }: CellReport): string {
  if (cell.state !== 'valid' || verdict === 'no data') return verdict;
  return status === EXIT.harness ? 'failed repeats' : 'not finished';
}

const messageOf = ({ explanations, verdict }: CellReport): string =>
  explanations.length === 0 ? verdict : explanations.join('; ');

function seconds(from: string, to: string): number {
  const ms = Date.parse(to) - Date.parse(from);
  return Number.isFinite(ms) ? ms / 1000 : 0;
}
