import { comparisonChart } from '../charts/comparison.ts';
import { figure } from '../html/figures.ts';
import { tableHtml } from '../html/markup.ts';
import { htmlPage, plainHead } from '../html/page.ts';
import { comparisonViews, countVerdicts, numberedColumns } from '../views/comparison.ts';
import type { RunComparison } from './compare.ts';
import { HEAD, notes } from './text.ts';

/** A comparison as one file without scripts, fonts or anything else from a network. `runs`: the folders compared. */
export function comparisonHtml(comparison: RunComparison, runs: readonly string[]): string {
  const views = comparisonViews(comparison);
  const rows = views
    .flatMap(({ effects }) => effects)
    .sort((a, b) => a.number - b.number)
    .map((row) => ({ fields: numberedColumns(row), className: row.comparison.verdict }));
  const columns = HEAD.map((head) => ({ head }));
  return htmlPage({
    title: 'Comparison',
    head: plainHead('Comparison', `${countVerdicts(comparison.rows)}.`),
    sections: [
      { id: 'verdicts', title: 'Verdicts', html: tableHtml({ caption: 'Verdicts', columns, rows }) },
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
