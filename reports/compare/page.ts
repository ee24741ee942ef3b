import { comparisonChart } from '../charts/comparison.ts';
import { figure } from '../html/figures.ts';
import { escaped, tableHtml } from '../html/markup.ts';
import { htmlPage } from '../html/page.ts';
import { comparisonViews, countVerdicts, numberedColumns } from '../views/comparison.ts';
import type { RunComparison } from './compare.ts';
import { HEAD, notes } from './text.ts';

/** The column whose intervals are drawn. */
const EFFECT = 'effect [95 % interval]';

/** A comparison as one file that loads nothing. `runs`: the folders compared. */
export function comparisonHtml(comparison: RunComparison, runs: readonly string[]): string {
  const views = comparisonViews(comparison);
  const rows = views
    .flatMap(({ effects }) => effects)
    .sort((a, b) => a.number - b.number)
    .map((row) => ({
      fields: numberedColumns(row),
      className: row.comparison.verdict,
      figures: HEAD.map((head) =>
        head === EFFECT ? { value: row.comparison.effect, bounds: row.comparison.interval } : undefined,
      ),
    }));
  const ends = comparison.rows.flatMap(({ comparison: { effect, interval } }) =>
    interval === null ? [effect] : [effect, interval.low, interval.high],
  );
  const span = { low: Math.min(...ends), high: Math.max(...ends) };
  const columns = HEAD.map((head) => ({
    head,
    ...(head === EFFECT ? { span } : {}),
    ...(head === 'verdict' ? { className: 'verdict' } : {}),
  }));
  return htmlPage({
    title: 'Comparison',
    head: `<h1>Comparison</h1><p class="answer">${escaped(countVerdicts(comparison.rows))}.</p>`,
    sections: [
      {
        id: 'verdicts',
        title: 'Verdicts',
        html: tableHtml({ caption: 'Verdicts', columns, rows, interactive: true }),
      },
      ...views.map((view, i) => ({
        id: `metric-${i}`,
        title: view.title,
        html: figure(`effect-${i}`, view, comparisonChart(view)),
      })),
    ],
    facts: [
      { id: 'how', title: 'How it was compared', lines: notes(comparison) },
      { id: 'runs', title: runs.length === 1 ? 'The run' : 'Base and candidate', lines: runs },
    ],
  });
}
