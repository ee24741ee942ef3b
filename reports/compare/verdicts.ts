import { escaped, tableHtml } from '../html/markup.ts';
import { describeBounds, formatSpread } from '../run/format-spread.ts';
import { formatThreshold } from '../run/format-threshold.ts';
import type { RunSummary } from '../run/run-summary.ts';

/** View 1: a row a cell with its verdict, its figures and why. */
export function verdictSection(summary: RunSummary): string {
  const { cells, headline } = summary;
  const explained = cells.some(({ explanations }) => explanations.length > 0);
  const rows = cells.map(({ cell, verdict, explanations }, index) => ({
    className: verdict.replace(' ', '-'),
    fields: [
      `${index + 1}. ${cell.label}`,
      verdict,
      ...(explained ? [explanations.join('; ')] : []),
      `${cell.counts.valid}/${cell.counts.planned}`,
      ...headline.map((metric) => {
        const spread = cell.of(metric);
        return spread === null ? '–' : formatSpread(metric, spread);
      }),
    ],
  }));
  const columns = [
    { head: 'Cell' },
    { head: 'Verdict' },
    ...(explained ? [{ head: 'Why' }] : []),
    { head: 'Valid repeats', numeric: true },
    ...headline.map((metric) => ({ head: metric.label, numeric: true })),
  ];
  const ofRun = summary.thresholds
    .filter((one) => one.cellId === null)
    .map((one) => `<li>${escaped(formatThreshold(one))}</li>`);
  return [
    tableHtml({ caption: 'Verdict and figures of each cell', columns, rows }),
    `<p class="reading">${escaped(describeBounds(cells.map(({ cell }) => cell.counts.valid)))}</p>`,
    ofRun.length === 0 ? '' : `<ul>${ofRun.join('')}</ul>`,
  ].join('\n');
}
