import type { Ratios } from '../../corpus/compressibility.ts';
import type { Sizes } from './describe.ts';
import { historyRate } from './history.ts';
import type { SampleReport } from './sample.ts';

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;

const sizesText = ({ mean, min, median, p95, p99, max }: Sizes): string =>
  `${count(mean)} B on average, median ${count(median)}, p95 ${count(p95)}, p99 ${count(p99)}, ${count(min)} to ${count(max)}`;

const CODECS = [
  ['gzip:1', 'gzip1'],
  ['gzip:6', 'gzip6'],
  ['zstd:3', 'zstd3'],
] as const satisfies readonly (readonly [string, keyof Ratios])[];

function ratiosText(ratios: Ratios, before: Ratios | null): string {
  return CODECS.flatMap(([codec, key]) => {
    const ratio = ratios[key];
    const was = before?.[key] ?? null;
    if (ratio === null) return [];
    const change = was === null ? '' : ` (was ${was.toFixed(2)}, ${((ratio / was - 1) * 100).toFixed(1)} %)`;
    return [`${codec} ${ratio.toFixed(2)}${change}`];
  }).join(', ');
}

const NAMES_SHOWN = 8;

function headersText({ figures: { headers, records } }: SampleReport): string {
  const names = Object.entries(headers.names).sort(([, a], [, b]) => b - a);
  if (names.length === 0) return 'none';
  const shown = names
    .slice(0, NAMES_SHOWN)
    .map(([name, held]) => `${JSON.stringify(name)} in ${percent(held / records)}`);
  const more = names.length > NAMES_SHOWN ? `, and ${names.length - NAMES_SHOWN} more names` : '';
  return `${count(headers.meanBytes)} B a record; ${shown.join(', ')}${more}`;
}

function keysText({ figures: { keys, records } }: SampleReport): string {
  if (keys.hottest === null) return 'none';
  const { share, low, high } = keys.hottest;
  const keyed = keys.keyed === records ? '' : `in ${percent(keys.keyed / records)} of the records; `;
  return `${keyed}${count(keys.distinct)} distinct in the sample, ${count(keys.meanBytes ?? 0)} B; the hottest has ${percent(share)} (95 %: ${percent(low)} to ${percent(high)})`;
}

function rateText({ figures: { rate }, origin }: SampleReport): string {
  if (rate === null) {
    return origin.taken === 'evenly'
      ? 'not told by runs spread over the retention; see the topic'
      : 'not told: all records have one timestamp, or none';
  }
  return `${count(rate.meanPerSec)} records/s over ${rate.spanSec.toFixed(1)} s; fullest second ${count(rate.peakPerSec)} (${rate.peakOverMean.toFixed(1)} × the mean)`;
}

function topicText({ origin: { topicRecords, partitions, history } }: SampleReport): string {
  const all = `${count(topicRecords)} records in ${partitions} partitions`;
  const rate = historyRate(history);
  if (rate === null) return all;
  return `${all}; ${count(rate.meanPerSec)} records/s over ${(rate.spanSec / 3600).toFixed(2)} h, up to ${count(rate.peakPerSec)} in its fullest ${count(rate.intervalSec)} s`;
}

/** What a sample shows, for people. */
export function sampleText(report: SampleReport): string {
  const { figures, origin, path, asked, cut, compressibility, keptBytes } = report;
  const few = figures.records < asked ? ` of ${count(asked)} asked for: there are no more there` : '';
  const { counts, largestOverEven } = figures.partitions;
  const rows: [string, string][] = [
    ['sample', `${count(figures.records)} records${cut ? ', cut at the limit in bytes' : few}, in ${path}`],
    ['topic', topicText(report)],
    ['values', figures.valueBytes === null ? 'none' : sizesText(figures.valueBytes)],
    ['tombstones', `${count(figures.tombstones)} (${percent(figures.tombstones / figures.records)})`],
    ['keys', keysText(report)],
    ['headers', headersText(report)],
    ['rate', rateText(report)],
    [
      'partitions',
      `${counts.filter((held) => held > 0).length} of ${counts.length} hold records; the fullest ${largestOverEven.toFixed(2)} × an even share`,
    ],
    [
      'out of order',
      `${count(figures.outOfOrder.records)} (${percent(figures.outOfOrder.records / figures.records)}), by up to ${count(figures.outOfOrder.mostMs)} ms`,
    ],
    ...compressibility.map(({ batchSizeBytes, ratios, before }): [string, string] => [
      'ratio',
      `${ratiosText(ratios, before)} in batches of ${batchSizeBytes / 1024} KiB`,
    ]),
    ...(keptBytes === null
      ? []
      : [['anonymized', `${count(keptBytes)} bytes stayed as they were at their place`] as [string, string]]),
  ];
  if (origin.taken === 'evenly')
    rows.push(['note', 'runs spread over the retention: no arrival pattern to replay']);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}
