import { metricOf } from '../../../results/metrics.ts';
import { type Family, type Labels, openMetricsText } from '../../../results/openmetrics-text.ts';
import type { NightReport } from '../report.ts';
import type { SeriesReport } from '../series-report.ts';
import { latestChange } from './words.ts';

const VERDICTS: readonly SeriesReport['verdict'][] = [
  'steady',
  'improved',
  'warning',
  'regressed',
  'environment',
  'learning',
  'missing',
];

/** The last night in OpenMetrics 1.0 text, for node_exporter's textfile collector or a push gateway. */
export function nightOpenMetrics(report: NightReport): string {
  const suite = { suite: report.suite };
  const labelsOf = ({ cell, metric, canary }: SeriesReport): Labels => ({
    ...suite,
    cell,
    metric,
    unit: metricOf(metric).unit,
    role: canary ? 'canary' : 'suite',
  });
  const measured = report.series.filter(({ verdict }) => verdict !== 'missing');
  const perSeries = (
    name: string,
    help: string,
    value: (series: SeriesReport) => number | undefined,
  ): Family => ({
    name,
    type: 'gauge',
    help,
    samples: measured.flatMap((series) => {
      const figure = value(series);
      return figure === undefined ? [] : [{ labels: labelsOf(series), value: figure }];
    }),
  });
  const single = (name: string, help: string, value: number, unit?: string): Family => ({
    name,
    type: 'gauge',
    help,
    ...(unit === undefined ? {} : { unit }),
    samples: [{ labels: suite, value }],
  });
  const finished = report.nights.at(-1)?.finishedAt;
  const families: Family[] = [
    perSeries(
      'ksweep_nightly_value',
      'Median of the night over its valid repeats, in the unit of its label.',
      (s) => s.tail.at(-1)?.value,
    ),
    perSeries('ksweep_nightly_low', 'Least of the valid repeats.', (s) => s.tail.at(-1)?.spread.min),
    perSeries('ksweep_nightly_high', 'Greatest of the valid repeats.', (s) => s.tail.at(-1)?.spread.max),
    perSeries('ksweep_nightly_repeats', 'Valid repeats.', (s) => s.tail.at(-1)?.spread.n),
    perSeries(
      'ksweep_nightly_change_ratio',
      'New level over old level of the latest change that is news; 1 where there is none.',
      (s) => latestChange(s)?.ratio ?? 1,
    ),
    {
      name: 'ksweep_nightly_verdict',
      type: 'stateset',
      help: 'Verdict of each series.',
      samples: report.series.flatMap((series) =>
        VERDICTS.map((verdict) => ({
          labels: { ...labelsOf(series), ksweep_nightly_verdict: verdict },
          value: series.verdict === verdict ? 1 : 0,
        })),
      ),
    },
    {
      name: 'ksweep_nightly_threshold_passed',
      type: 'gauge',
      help: '1 where the threshold holds, 0 where it is breached or has no figure.',
      samples: report.thresholds.map(({ text, label, passed }) => ({
        labels: { ...suite, cell: label, threshold: text },
        value: passed === true ? 1 : 0,
      })),
    },
    single('ksweep_nightly_exit_status', 'Exit status of the night.', report.status),
    single(
      'ksweep_nightly_canary_moved',
      '1 where the environment changed and the gates are suspended.',
      report.canary.moved ? 1 : 0,
    ),
    single(
      'ksweep_nightly_set_aside',
      'Lines of the history that are kept and not used.',
      report.setAside.length,
    ),
  ];
  if (finished !== undefined) {
    families.push(
      single(
        'ksweep_nightly_finished_timestamp_seconds',
        'When the last night ended.',
        Date.parse(finished) / 1000,
        'seconds',
      ),
    );
  }
  return openMetricsText(families);
}
