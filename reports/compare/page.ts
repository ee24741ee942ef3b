import type { Comparison } from '../../bench/stats/verdict.ts';
import { comparisonChart } from '../charts/comparison.ts';
import { figure } from '../html/figures.ts';
import { escaped, tableHtml } from '../html/markup.ts';
import { htmlPage } from '../html/page.ts';
import { comparisonViews, countVerdicts, numberedColumns } from '../views/comparison.ts';
import type { FieldFigure } from '../views/view.ts';
import type { RunComparison } from './compare.ts';
import { HEAD, notes } from './text.ts';

/** The column whose intervals are drawn. */
const EFFECT = 'effect [95 % interval]';

/** In logarithms, from half to twice: what lies beyond ends at the edge of its bar. */
const effectFigure = ({ effect, interval }: Comparison): FieldFigure => ({
  value: Math.log(effect),
  bounds: interval === null ? null : { low: Math.log(interval.low), high: Math.log(interval.high) },
});

/** A comparison as one file that loads nothing. `runs`: the folders compared. */
export function comparisonHtml(comparison: RunComparison, runs: readonly string[]): string {
  const views = comparisonViews(comparison);
  const rows = views
    .flatMap(({ effects }) => effects)
    .sort((a, b) => a.number - b.number)
    .map((row) => ({
      fields: numberedColumns(row),
      className: row.comparison.verdict,
      figures: HEAD.map((head) => (head === EFFECT ? effectFigure(row.comparison) : undefined)),
    }));
  const columns = HEAD.map((head) => ({
    head,
    ...(head === EFFECT ? { span: { low: -Math.LN2, high: Math.LN2 } } : {}),
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
