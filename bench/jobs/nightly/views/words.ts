import { plural } from '../../../../reports/sizing/format.ts';
import { EXIT } from '../../../common/errors.ts';
import { metricOf } from '../../../results/metrics.ts';
import type { JudgedChange } from '../judge.ts';
import type { NightReport } from '../report.ts';
import { dayOf, endedSentence, failureSentence, percentOf } from '../sentences.ts';
import type { SeriesReport } from '../series-report.ts';

export const formatValueOf = (series: SeriesReport, value: number): string =>
  metricOf(series.metric).format(value);

const STATUS: Readonly<Record<number, string>> = {
  [EXIT.pass]: 'pass',
  [EXIT.harness]: 'harness failure',
  [EXIT.invalid]: 'inconclusive',
  [EXIT.threshold]: 'threshold breached',
  [EXIT.regression]: 'regressed',
};

export function statusWord(status: number): string {
  return STATUS[status] ?? `status ${status}`;
}

/** The change that a verdict rests on: the last one that is news. */
export function latestChange(series: SeriesReport): JudgedChange | undefined {
  return series.changes.findLast(({ recent, accepted }) => recent && !accepted);
}

export function describeChange(change: JudgedChange): string {
  const parts = [`${percentOf(change.ratio)} from ${dayOf(change.time)}`];
  if (change.accepted) parts.push('accepted');
  if (change.environment !== null)
    parts.push(`the canary moved with it (${percentOf(change.environment.ratio)})`);
  else if (change.recent && change.worse && !change.confirmed) parts.push('not confirmed');
  return parts.join(', ');
}

/** What a series' verdict rests on, for a table. */
export function reasonOf(series: SeriesReport): string {
  if (series.verdict === 'missing') return 'no figure tonight';
  if (series.verdict === 'learning')
    return `${plural(series.nights.names.length - series.comparableFrom, 'night')} so far`;
  const { state } = series;
  if (state?.failure != null) return failureSentence(series, state.failure);
  const ended = endedSentence(series);
  if (ended !== null) return ended.slice(series.name.length + 1);
  const change = latestChange(series);
  return change === undefined || series.verdict === 'steady' ? '' : describeChange(change);
}

/** One line that says how the night went. */
export function headline(report: NightReport): string {
  const own = report.series.filter(({ canary }) => !canary);
  const count = (verdict: SeriesReport['verdict']): number =>
    own.filter((one) => one.verdict === verdict).length;
  const parts = (
    ['regressed', 'warning', 'environment', 'improved', 'steady', 'learning', 'missing'] as const
  )
    .map((verdict) => [count(verdict), verdict] as const)
    .filter(([n]) => n > 0)
    .map(([n, verdict]) => `${n} ${verdict}`);
  const breaches = report.thresholds.filter(({ passed }) => passed === false).length;
  if (breaches > 0) parts.push(`${breaches} threshold${breaches === 1 ? '' : 's'} breached`);
  return `${statusWord(report.status)}: ${parts.length === 0 ? 'nothing was measured' : parts.join(', ')}`;
}
