import { effectText, type Recommendation, verdictText } from './recommend.ts';
import type { CellFigures, CodecsReport } from './report.ts';
import type { Section } from './section.ts';

/** What is recommended, how sure that is, what it saves, and how it compares with each other finalist. */
export function recommendationSection(report: CodecsReport): Section {
  const { recommendation, recommended, finalists } = report;
  const title = 'Recommendation';
  if (recommendation === null || recommended === null) {
    const why = finalists.length === 0 ? 'the finalists were not measured' : 'no finalist has a valid repeat';
    return { id: 'recommendation', title, lines: [`None: ${why}.`], table: null };
  }
  return {
    id: 'recommendation',
    title,
    lines: [
      `${recommended.label}, where ${PRIORITY_TEXT[report.priority]} counts most:`,
      recommended.properties,
      certainty(recommendation, report),
      ...savings(report, recommended),
      ...(report.cluster.local ? [SMOKE_SCALE] : []),
    ],
    table: comparisonTable(recommendation, report),
  };
}

const SMOKE_SCALE =
  'Smoke-scale: the brokers ran on the load generator’s host and shared its cores. The order of configurations is worth more than their figures.';

const PRIORITY_TEXT = {
  latency: 'latency',
  bytes: 'the number of bytes',
  cpu: 'CPU of the clients',
  cost: 'the cost of a month',
} as const;

const labelOfId = (report: CodecsReport, id: string): string =>
  report.finalists.find((cell) => cell.cellId === id)?.label ?? id;

function certainty({ shown, tiedIds, steps, rows }: Recommendation, report: CodecsReport): string {
  const [first] = steps;
  const figure = first?.aim.metric.label ?? '';
  const others = report.finalists.length - 1;
  const names = (ids: readonly string[]): string => ids.map((id) => labelOfId(report, id)).join(' and ');
  if (others === 0) return 'It was the only finalist: nothing was compared.';
  const blocks = Math.min(...rows.map(({ comparison }) => comparison.baseRuns));
  if (shown) {
    return `Shown to be best in ${figure} among ${others + 1} finalists, over ${blocks} blocks with a fresh seed.`;
  }
  const decided = steps
    .slice(1)
    .filter(({ outIds }) => outIds.length > 0)
    .map(({ aim, outIds }) => `${names(outIds)} fell to ${aim.metric.label}`);
  const how =
    decided.length > 0
      ? `of them ${decided.join(', ')}`
      : 'it has the best median, and nothing here speaks against another one of them';
  return `No difference in ${figure} that matters is shown to ${names(tiedIds)}; ${how}.`;
}

/** The label of the same batch.size and linger.ms without compression. */
const referenceLabel = (label: string): string => label.replace(/^[^,]+/, 'none');

/** Against the same batch.size and linger.ms without compression, from the same fresh repeats. */
function savings({ finalists }: CodecsReport, recommended: CellFigures): string[] {
  const reference = finalists.find(({ label }) => label === referenceLabel(recommended.label));
  if (reference === undefined || reference === recommended) return [];
  const of = (cell: CellFigures, key: string): number | null => cell.figures[key]?.median ?? null;
  const parts: string[] = [];
  const add = (key: string, name: string): void => {
    const [own, other] = [of(recommended, key), of(reference, key)];
    if (own === null || other === null || other === 0) return;
    const change = (own / other - 1) * 100;
    parts.push(`${name} ${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(0)} %`);
  };
  add('wirePerRecord', 'bytes on the wire');
  add('diskPerRecord', 'bytes on disk');
  add('cpu.producerUsPerMB', 'producer CPU');
  add('cpu.consumerUsPerMB', 'consumer CPU');
  add('due-to-ack.p99', 'due→ack p99');
  return parts.length === 0 ? [] : [`Against ${reference.label}: ${parts.join(', ')} (medians).`];
}

function comparisonTable({ rows, cellId }: Recommendation, report: CodecsReport): Section['table'] {
  if (rows.length === 0) return null;
  const own = labelOfId(report, cellId);
  return {
    caption: `Each finalist against ${own}`,
    columns: [
      { head: `Against ${own}` },
      { head: 'Figure' },
      { head: 'Recommended', numeric: true },
      { head: 'This one', numeric: true },
      { head: 'Difference [95 % interval]', numeric: true },
      { head: 'Verdict on this one' },
    ],
    rows: rows.map(({ cellId: id, aim, median, recommendedMedian, comparison }) => ({
      fields: [
        labelOfId(report, id),
        aim.metric.label,
        aim.metric.format(recommendedMedian),
        aim.metric.format(median),
        effectText(comparison),
        verdictText(comparison, aim.delta),
      ],
    })),
  };
}
