import { describeBounds, formatSpread } from '../run/format-spread.ts';
import { formatThreshold } from '../run/format-threshold.ts';
import { describeRun } from '../run/provenance.ts';
import { describeCounts, type RunSummary } from '../run/run-summary.ts';
import { tableViews } from '../views/tables.ts';

/** report.md: the verdict table, thresholds, exclusions and the environment, for pull requests and chats. */
export function reportMarkdown(summary: RunSummary): string {
  const { run, cells, headline } = summary;
  const lines = [`# ${run.manifest.name}`, '', `${describeCounts(summary)}.`, ''];
  lines.push(
    row(['Cell', 'Verdict', 'Repeats', ...headline.map((metric) => metric.label), 'Why']),
    row(['---', '---', '---:', ...headline.map(() => '---:'), '---']),
    ...cells.map(({ cell, verdict, explanations }) =>
      row([
        cell.name,
        verdict === 'pass' || verdict === 'valid' ? verdict : `**${verdict}**`,
        `${cell.counts.valid}/${cell.counts.planned}`,
        ...headline.map((metric) => {
          const spread = cell.of(metric);
          return spread === null ? '' : formatSpread(metric, spread);
        }),
        explanations.join('; '),
      ]),
    ),
    '',
    describeBounds(cells.map(({ cell }) => cell.counts.valid)),
    '',
  );
  const ofRun = summary.thresholds.filter((one) => one.cellId === null);
  const breached = summary.thresholds.filter((one) => one.cellId !== null && one.passed !== true);
  section(lines, 'Thresholds', [
    ...ofRun.map((one) => `whole run: ${formatThreshold(one)}`),
    ...breached.map((one) => `${one.label}: ${formatThreshold(one)}`),
    ...(ofRun.length === 0 && breached.length === 0
      ? run.manifest.thresholds.map((text) => `${text}: passed`)
      : []),
  ]);
  section(
    lines,
    'Findings',
    tableViews(cells.map(({ cell }) => cell)).map(({ title, reading }) => `${title}: ${reading}`),
  );
  for (const { title, lines: facts } of describeRun(summary)) section(lines, title, facts);
  return `${lines.join('\n').trimEnd()}\n`;
}

function section(lines: string[], title: string, items: readonly string[]): void {
  if (items.length > 0) lines.push(`## ${title}`, '', ...items.map((item) => `- ${escaped(item)}`), '');
}

const row = (fields: readonly string[]): string => `| ${fields.map(escaped).join(' | ')} |`;

/** What Markdown would read as a column, a tag or a new line. */
const escaped = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s*\n\s*/g, ' ');
