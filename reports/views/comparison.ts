import type { Metric } from '../../bench/results/metrics.ts';
import type { ComparedCell, RunComparison } from '../compare/compare.ts';
import { columns, HEAD } from '../compare/text.ts';
import { groupBy } from '../run/group-by.ts';
import type { View } from './view.ts';

/** The effect on one metric in each pair of cells, with its interval. */
export interface ComparisonView extends View {
  readonly metric: Metric;
  readonly delta: number;
  /** Numbered as in the table. */
  readonly effects: readonly (ComparedCell & { readonly number: number })[];
}

const WORDS = ['regressed', 'improved', 'equivalent', 'inconclusive'] as const;

/** "2 regressed, 5 equivalent", the worst first. */
export function countVerdicts(rows: readonly ComparedCell[]): string {
  const counts = WORDS.map((word) => ({
    word,
    count: rows.filter(({ comparison }) => comparison.verdict === word).length,
  }));
  return (
    counts
      .filter(({ count }) => count > 0)
      .map(({ word, count }) => `${count} ${word}`)
      .join(', ') || 'nothing was compared'
  );
}

/** A view a metric, in the order of the table. */
export function comparisonViews({ rows }: RunComparison): ComparisonView[] {
  const numbered = rows.map((row, i) => ({ ...row, number: i + 1 }));
  return [...groupBy(numbered, ({ metric }) => metric.key).values()].flatMap((effects) => {
    const [first] = effects;
    if (first === undefined) return [];
    const { metric, delta } = first;
    const better = metric.direction === 'higher-is-better' ? 'more' : 'less';
    return [
      {
        title: metric.label,
        metric,
        delta,
        effects,
        reading: `${countVerdicts(effects)}. Candidate ÷ base with its 95 % interval; ${better} is better, and within ±${(delta * 100).toFixed(0)} % (shaded) nothing that matters.`,
        table: {
          caption: `Verdicts on ${metric.label}`,
          columns: HEAD.map((head) => ({ head })),
          rows: effects.map((row) => ({ fields: numberedColumns(row), className: row.comparison.verdict })),
        },
      },
    ];
  });
}

/** A row of the verdict table, its first column numbered as in the charts. */
export function numberedColumns(row: ComparisonView['effects'][number]): string[] {
  const [cell = '', ...rest] = columns(row);
  return [`${row.number}. ${cell}`, ...rest];
}
