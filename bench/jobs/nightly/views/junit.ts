import junit, { type Builder } from 'junit-report-builder';
import { formatThreshold } from '../../../../reports/run/format-threshold.ts';
import type { NightReport } from '../report.ts';
import { headline, reasonOf } from './words.ts';

/** Its types describe the ES module, and Node loads the CommonJS one, whose default export is the builder. */
const rootBuilder = junit as unknown as Builder;

/**
 * junit.xml of a night: a case a series and threshold. A confirmed regression and a breached threshold are failures;
 * what the environment keeps from being judged, and what has no figure, is an error.
 */
export function nightJunit(report: NightReport): string {
  const builder = rootBuilder.newBuilder();
  const suite = builder.testSuite().name(`ksweep nightly ${report.suite}`);
  if (report.at !== null) suite.timestamp(new Date(report.at));
  suite.property('night', report.night ?? 'none');
  suite.property('result', headline(report));
  const { moved, reasons } = report.canary;
  if (moved) {
    suite.testCase().className(report.suite).name('environment').error(reasons.join('; '), 'environment');
  }
  for (const series of report.series.filter(({ canary }) => !canary)) {
    const test = suite.testCase().className(`${report.suite}.${series.cell}`).name(series.metric);
    const reason = reasonOf(series);
    const { verdict } = series;
    if (verdict === 'regressed' && !moved) test.failure(reason, 'regressed');
    else if (verdict === 'regressed' || verdict === 'environment' || verdict === 'missing') {
      test.error(reason, verdict);
    } else if (reason !== '') test.standardOutput(`${verdict}: ${reason}`);
  }
  for (const threshold of report.thresholds) {
    const test = suite
      .testCase()
      .className(`${report.suite}.thresholds`)
      .name(`${threshold.text} · ${threshold.label}`);
    if (threshold.passed === false) test.failure(formatThreshold(threshold), 'threshold');
    else if (threshold.passed === null) test.error(formatThreshold(threshold), 'no data');
  }
  return builder.build();
}
