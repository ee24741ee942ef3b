import { formatThreshold } from '../../../../reports/run/format-threshold.ts';
import type { NightReport } from '../report.ts';
import type { SeriesReport } from '../series-report.ts';
import { formatValueOf, reasonOf } from './words.ts';

/** A part of the night's report, however it is drawn: a table, a list, or both. */
export interface Section {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** By row, what the column "Median" sorts by; absent where there is no such column. */
  readonly medians?: readonly (number | null)[];
  readonly lines: readonly string[];
}

const ORDER: readonly SeriesReport['verdict'][] = [
  'regressed',
  'environment',
  'warning',
  'missing',
  'improved',
  'learning',
  'steady',
];

function rowOf(series: SeriesReport): string[] {
  const last = series.tail.at(-1);
  const { verdict } = series;
  if (last === undefined) return [verdict, series.cell, series.metric, '', '', ''];
  const { spread, value } = last;
  const range = `${formatValueOf(series, spread.min)} … ${formatValueOf(series, spread.max)} (${spread.n})`;
  return [verdict, series.cell, series.metric, formatValueOf(series, value), range, reasonOf(series)];
}

const COLUMNS = ['Verdict', 'Cell', 'Metric', 'Median', 'Range (repeats)', 'Why'];

/** What a reader wants of a night, the worst first. */
export function sectionsOf(report: NightReport): Section[] {
  const table = (title: string, series: readonly SeriesReport[]): Section => {
    const sorted = series.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
    return {
      title,
      columns: COLUMNS,
      rows: sorted.map((one) => rowOf(one)),
      medians: sorted.map((one) => one.tail.at(-1)?.value ?? null),
      lines: [],
    };
  };
  const list = (title: string, lines: readonly string[]): Section => ({
    title,
    columns: [],
    rows: [],
    lines,
  });
  const suspended = report.canary.reasons.map((reason) => `${reason}`);
  const aside = report.setAside.map(
    ({ file, line, message }) => `${file}:${line}: ${message}; kept, not used`,
  );
  return [
    list('The environment changed, and the gates are suspended', suspended),
    table(
      'Verdicts',
      report.series.filter(({ canary }) => !canary),
    ),
    list(
      'Thresholds',
      report.thresholds.map((one) => `${one.label}: ${formatThreshold(one)}`),
    ),
    table(
      'Canary',
      report.series.filter(({ canary }) => canary),
    ),
    list('Notes', report.notes),
    list('Set aside', aside),
  ].filter(({ rows, lines }) => rows.length > 0 || lines.length > 0);
}
