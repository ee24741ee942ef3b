import Table from 'cli-table3';
import type { Comparison } from '../../bench/stats/verdict.ts';
import type { ComparedCell, RunComparison } from './compare.ts';

function percent(ratio: number): string {
  const text = ((ratio - 1) * 100).toFixed(1);
  if (text === '-0.0') return '0.0 %';
  return `${ratio >= 1 ? '+' : ''}${text} %`;
}

const PROCEDURES = {
  exact: '',
  'few-repeats': 'by t on logarithms, ',
  'run-offset': 'by t with each run’s offset, ',
} as const;

/** What more would decide an open verdict. */
function remedy({ repeatsNeeded, withoutOffset, procedure, baseRuns, candidateRuns }: Comparison): string {
  if (repeatsNeeded !== null) return `, about ${repeatsNeeded} repeats would decide`;
  if (withoutOffset !== null) return '';
  if (Math.min(baseRuns, candidateRuns) < 2) return ', one repeat tells nothing of its spread';
  return procedure === 'run-offset' ? ', runs lie too far apart for any number of repeats' : '';
}

/** The verdict and what keeps it open, where something does. */
function verdictWords(comparison: Comparison): string {
  const { verdict, withoutOffset } = comparison;
  const open = verdict === 'inconclusive' ? remedy(comparison) : '';
  if (withoutOffset === null) return `${verdict}${open}`;
  if (withoutOffset === 'inconclusive') return `${verdict}${open}; and how far runs lie apart is not known`;
  return `inconclusive: ${withoutOffset} if runs do not differ by themselves, and how far they do is not known`;
}

/** One verdict in words, a text a column of {@link HEAD}. */
export function columns(row: ComparedCell): string[] {
  const { candidate, metric, delta, baseMedian, candidateMedian, comparison, offset } = row;
  const { effect, interval, adjustedP, baseRuns, candidateRuns, procedure } = comparison;
  const range =
    interval === null ? 'no spread of one repeat' : `${percent(interval.low)} to ${percent(interval.high)}`;
  const apart = offset === null ? '' : `, runs lie ±${(100 * Math.expm1(offset.sigma)).toFixed(1)} % apart`;
  return [
    candidate,
    metric.label,
    metric.format(baseMedian),
    metric.format(candidateMedian),
    `${percent(effect)} [${range}]`,
    verdictWords(comparison),
    `${PROCEDURES[procedure]}p ${adjustedP < 0.001 ? '< .001' : adjustedP.toFixed(3)}, ±${(delta * 100).toFixed(0)} %, n ${baseRuns}:${candidateRuns}${apart}`,
  ];
}

export const HEAD = ['cell', 'metric', 'base', 'candidate', 'effect [95 % interval]', 'verdict', 'test'];

/** The verdicts as a table for the terminal. */
export function comparisonTable(comparison: RunComparison): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [] }, wordWrap: true });
  for (const row of comparison.rows) table.push(columns(row));
  return [table.toString(), ...notes(comparison)].join('\n');
}

/** The same as Markdown. */
export function comparisonMarkdown(comparison: RunComparison): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  const body = comparison.rows.map((row) => line(columns(row)));
  return `${[line(HEAD), line(HEAD.map(() => '---')), ...body, '', ...notes(comparison)].join('\n')}\n`;
}

/** The same for machines: metrics by their keys. */
export function comparisonJson(comparison: RunComparison): Record<string, unknown> {
  const rows = comparison.rows.map(({ metric, ...row }) => ({
    metric: metric.key,
    unit: metric.unit,
    ...row,
  }));
  return { schemaVersion: 1, ...comparison, rows };
}

/** How it was tested, what differs and what is left out, a line each. */
export function notes({ rows, differences, leftOut }: RunComparison): string[] {
  const comparisons = rows.map(({ comparison }) => comparison);
  const paired = rows.some((row) => row.paired);
  const withOffset = comparisons.some(({ procedure }) => procedure === 'run-offset');
  const test = paired
    ? 'Paired by block (Wilcoxon signed-rank)'
    : `Unpaired (${withOffset ? 't with each run’s offset as a random effect; Mann–Whitney where there is none' : 'Mann–Whitney'})`;
  const few = comparisons.some(({ procedure }) => procedure === 'few-repeats')
    ? [
        'Too few repeats for a rank test to show anything: t on logarithms instead, where the sides lie apart and the interval at 5 % over all rows lies beyond what matters.',
      ]
    : [];
  const unknown = comparisons.some(({ withoutOffset }) => withoutOffset !== null)
    ? [
        'Two runs measured apart differ by more than their repeats do, and two runs cannot tell by how much: give --history DIR, measure both in the same blocks (ksweep run --against), or say --assume-no-offset (up to 7 false alarms in 10: docs/compare.md).',
      ]
    : [];
  return [
    `${test}, one repeat is one sample; p adjusted over all rows (Benjamini–Hochberg, q = 0.05).`,
    ...few,
    ...unknown,
    ...(!paired && !withOffset && unknown.length === 0 && rows.length > 0
      ? ['Assumed: runs measured apart do not differ by themselves.']
      : []),
    ...differences.map((text) => `differs: ${text}`),
    ...leftOut.map((text) => `left out: ${text}`),
  ];
}
