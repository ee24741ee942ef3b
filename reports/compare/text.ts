import Table from 'cli-table3';
import type { ComparedCell, RunComparison } from './compare.ts';

const percent = (ratio: number): string => `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(1)} %`;

/** One verdict in words, a text a column of {@link HEAD}. */
export function columns({
  candidate,
  metric,
  delta,
  baseMedian,
  candidateMedian,
  comparison,
}: ComparedCell): string[] {
  const { verdict, effect, interval, adjustedP, repeatsNeeded, baseRuns, candidateRuns } = comparison;
  const range =
    interval === null ? 'too few repeats' : `${percent(interval.low)} to ${percent(interval.high)}`;
  const more = repeatsNeeded === null ? '' : `, about ${repeatsNeeded} repeats would decide`;
  return [
    candidate,
    metric.label,
    metric.format(baseMedian),
    metric.format(candidateMedian),
    `${percent(effect)} [${range}]`,
    `${verdict}${more}`,
    `p ${adjustedP < 0.001 ? '< .001' : adjustedP.toFixed(3)}, ±${(delta * 100).toFixed(0)} %, n ${baseRuns}:${candidateRuns}`,
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
  const paired = rows.some((row) => row.paired);
  return [
    `${paired ? 'Paired by block (Wilcoxon signed-rank)' : 'Unpaired (Mann–Whitney)'}, one repeat is one sample; p adjusted over all rows (Benjamini–Hochberg, q = 0.05).`,
    ...differences.map((text) => `differs: ${text}`),
    ...leftOut.map((text) => `left out: ${text}`),
  ];
}
