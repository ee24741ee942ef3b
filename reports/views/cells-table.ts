import { text as told } from '../../bench/messages/texts.ts';
import type { Metric } from '../../bench/results/metrics.ts';
import type { Spread } from '../../bench/stats/describe.ts';
import type { Goals } from '../answer/goal.ts';
import { measuredMetrics } from '../run/cell-summary.ts';
import { boundsOf, formatSpread } from '../run/format-spread.ts';
import type { CellReport, RunSummary } from '../run/run-summary.ts';
import type { FieldFigure, TableColumn, TableData } from './view.ts';

/** Columns of figures that fit beside verdict and reason on a laptop. */
const MIN_MAIN = 3;
/** Past so many cells only the headline is in the page: all figures are in summary.csv. */
const MAX_CELLS_WITH_ALL = 100;

/**
 * Every cell with its verdict and figures, the best by the question's metric first and those without a figure last.
 * What answers the question and differs between cells comes first; the rest is there for who asks for all columns.
 */
export function cellsTable(summary: RunSummary, goals: Goals | null): TableData {
  const rows = inOrder(summary, goals?.main ?? null);
  const explained = rows.some(({ report }) => report.explanations.length > 0);
  const { main, more } = metricsOf(summary, goals);
  const figureColumns = [...main, ...more].map((metric) =>
    columnOf(metric, rows, more.includes(metric), goals),
  );
  return {
    caption: 'Verdict and figures of each cell',
    interactive: true,
    columns: [
      { head: told('head.cell') },
      ...figureColumns.slice(0, main.length).map(({ column }) => column),
      { head: told('head.verdict'), className: 'verdict' },
      ...(explained ? [{ head: told('head.why'), className: 'why' }] : []),
      { head: told('head.valid-repeats'), numeric: true },
      ...figureColumns.slice(main.length).map(({ column }) => column),
    ],
    rows: rows.map(({ report, number }, at) => {
      const { cell, verdict, explanations } = report;
      const figures = figureColumns.map(({ fields }) => fields[at] ?? NO_FIELD);
      const ofMain = figures.slice(0, main.length);
      const ofMore = figures.slice(main.length);
      return {
        className: verdict.replace(' ', '-'),
        fields: [
          `${number}. ${cell.name}`,
          ...ofMain.map(({ text }) => text),
          told(`verdict.${verdict}`),
          ...(explained ? [explanations.join('; ')] : []),
          `${cell.counts.valid}/${cell.counts.planned}`,
          ...ofMore.map(({ text }) => text),
        ],
        figures: [
          undefined,
          ...ofMain.map(({ figure }) => figure),
          undefined,
          ...(explained ? [undefined] : []),
          { value: cell.counts.valid },
          ...ofMore.map(({ figure }) => figure),
        ],
      };
    }),
  };
}

interface Row {
  readonly report: CellReport;
  /** Its place in the plan, by which charts and the order of blocks name it. */
  readonly number: number;
}

function inOrder({ cells }: RunSummary, metric: Metric | null): Row[] {
  const rows = cells.map((report, i) => ({ report, number: i + 1 }));
  if (metric === null) return rows;
  const sign = metric.direction === 'higher-is-better' ? -1 : 1;
  const key = ({ report }: Row) => {
    const median = report.cell.of(metric)?.median;
    return median === undefined ? Number.POSITIVE_INFINITY : sign * median;
  };
  return rows.toSorted((a, b) => (key(a) === key(b) ? a.number - b.number : key(a) - key(b)));
}

/** A figure that is the same in every cell says nothing about them. */
function varies(summary: RunSummary, metric: Metric): boolean {
  const medians = summary.cells.flatMap(({ cell }) => cell.of(metric)?.median ?? []);
  return medians.length < 2 || Math.max(...medians) > Math.min(...medians) * 1.02;
}

function metricsOf(summary: RunSummary, goals: Goals | null): { main: Metric[]; more: Metric[] } {
  const asked = goals === null ? [] : [goals.main, ...goals.others];
  const headline = summary.headline.filter((metric) => !asked.includes(metric));
  const others = headline.filter((metric) => varies(summary, metric));
  const main = [...asked, ...others.slice(0, Math.max(0, MIN_MAIN - asked.length))];
  const all =
    summary.cells.length > MAX_CELLS_WITH_ALL
      ? headline
      : [...headline, ...measuredMetrics(summary.cells.map(({ cell }) => cell))];
  return { main, more: [...new Set(all)].filter((metric) => !main.includes(metric)) };
}

interface Field {
  readonly text: string;
  readonly figure: FieldFigure;
}
const NO_FIELD: Field = { text: '–', figure: { value: null } };

function columnOf(
  metric: Metric,
  rows: readonly Row[],
  extra: boolean,
  goals: Goals | null,
): { readonly column: TableColumn; readonly fields: readonly Field[] } {
  const spreads = rows.map(({ report }) => report.cell.of(metric));
  const known = spreads.filter((one): one is Spread => one !== null);
  const ends = known.flatMap((one) => {
    const bounds = boundsOf(one);
    return bounds === null ? [one.median] : [bounds.low, bounds.high, one.median];
  });
  const medians = known.map((one) => one.median);
  const best =
    metric.direction === null || known.length < 2 || Math.min(...medians) === Math.max(...medians)
      ? null
      : metric.direction === 'higher-is-better'
        ? Math.max(...medians)
        : Math.min(...medians);
  return {
    column: {
      head: metric.label,
      numeric: true,
      ...(extra ? { extra } : {}),
      ...(ends.length === 0 || extra ? {} : { span: { low: Math.min(...ends), high: Math.max(...ends) } }),
      ...(metric === goals?.main
        ? {
            sorted:
              metric.direction === 'higher-is-better' ? ('descending' as const) : ('ascending' as const),
          }
        : {}),
    },
    fields: spreads.map((one) =>
      one === null
        ? NO_FIELD
        : {
            text: formatSpread(metric, one),
            figure: {
              value: Number(one.median.toPrecision(6)),
              bounds: extra ? null : boundsOf(one),
              ...(one.median === best ? { best: true } : {}),
            },
          },
    ),
  };
}
