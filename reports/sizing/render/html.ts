import { formatNumber } from '../../../bench/common/format-number.ts';
import { htmlDocument } from '../../html/document.ts';
import { escaped, tableHtml } from '../../html/markup.ts';
import { coverageText } from '../coverage.ts';
import type { Figure } from '../figure.ts';
import { formatBytesPerSec, formatFigure } from '../format.ts';
import type { CurveView, SizingReport } from '../report.ts';
import { curveSvg, type Shape } from './curve-chart.ts';
import { TITLES } from './markdown.ts';
import { money } from './plain-columns.ts';
import {
  BROKER_HEAD,
  brokerRow,
  brokersTitle,
  FIGURE_HEAD,
  figureRow,
  GROUP_HEAD,
  groupRow,
} from './rows.ts';
import { wayOutRow } from './summary.ts';

/** The curve is drawn in plain colours, once for each theme and width. */
const OWN_STYLE = `
body { max-width: 68rem; }
.dark { display: none; } @media screen and (prefers-color-scheme: dark) { .dark { display: block; } .light { display: none; } }
.narrow { display: none; } @media (max-width: 640px) { .wide { display: none !important; } .light.narrow { display: block; } }
@media screen and (max-width: 640px) and (prefers-color-scheme: dark) { .light.narrow { display: none; } .dark.narrow { display: block; } }
@media (min-width: 641px) { .narrow { display: none !important; } }
figure { overflow-x: auto; } figure svg { max-width: 100%; height: auto; }
tr.flips td:last-child { font-weight: 600; }
`;

/** On a narrow screen a picture of its own: a wide one shrunk has labels that nobody can read. */
const SHAPES: readonly Shape[] = ['wide', 'narrow'];

interface Cell {
  readonly text: string;
  readonly number?: boolean;
}
const text = (value: string): Cell => ({ text: value });
const number = (value: string): Cell => ({ text: value, number: true });
/** A row of which the columns named hold numbers. */
const cells = (row: readonly string[], numbers: readonly number[]): Cell[] =>
  row.map((value, i) => (numbers.includes(i) ? number(value) : text(value)));

function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  flips: readonly boolean[] = [],
): string {
  // By column, what it sorts by; null where not all of it is plain numbers.
  const sortable = head.map((_, column) => {
    const values = rows.map((row) => plainNumber(row[column]?.text ?? ''));
    return values.includes(null) ? null : values;
  });
  return tableHtml({
    caption,
    interactive: true,
    columns: head.map((name, column) => ({
      head: name,
      numeric: rows.length > 0 && rows.every((row) => row[column]?.number === true),
    })),
    rows: rows.map((row, i) => ({
      fields: row.map((cell) => cell.text),
      figures: sortable.map((values) => (values === null ? undefined : { value: values[i] ?? null })),
      ...(flips[i] === true ? { className: 'flips' } : {}),
    })),
  });
}

/** What a column sorts by where all of it is plain numbers; with units that differ, it sorts by its text. */
const plainNumber = (text: string): number | null =>
  /^-?[\d\s,\u202f]+(\.\d+)?$/.test(text) ? Number(text.replaceAll(/[\s,\u202f]/g, '')) : null;

function figureTable(caption: string, list: readonly Figure[]): string {
  return table(
    caption,
    FIGURE_HEAD,
    list.map((one) => cells(figureRow(one), [1])),
  );
}

/** What the picture shows, in words, for those who can't see it. */
function describeCurve(curve: CurveView): string {
  const points = curve.points.map(
    (point) => `${point.partitions} partitions ${formatBytesPerSec(point.point)}`,
  );
  const shape =
    points.length > 0
      ? `Measured throughput: ${points.join(', ')}.`
      : `Assumed throughput: ${formatBytesPerSec(curve.assumedPerPartition ?? 0)} a partition, not measured.`;
  const answer =
    curve.recommended === null
      ? 'No number of partitions is recommended.'
      : `Recommended: ${curve.recommended} partitions.`;
  return `${shape} Demand with headroom: ${formatBytesPerSec(curve.requiredBytesPerSec)}. ${answer}`;
}

function curveFigure(curve: CurveView): string {
  const label = describeCurve(curve);
  const drawing = (theme: 'light' | 'dark') =>
    SHAPES.map(
      (shape) =>
        `<div class="${theme} ${shape}" role="img" aria-label="${escaped(label)}">${curveSvg(curve, theme, shape)}</div>`,
    ).join('');
  const rows = curve.points.map((point) => [
    number(String(point.partitions)),
    number(formatBytesPerSec(point.point)),
    number(`${formatBytesPerSec(point.low)} to ${formatBytesPerSec(point.high)}`),
    text(coverageText(point.repeats.length)),
    text(point.atLeast ? 'at least: the load was the limit' : ''),
  ]);
  const caps = curve.caps.map((cap) => `at most ${formatNumber(cap.partitions)} partitions: ${cap.reason}`);
  const caption = [label, ...caps.map((cap) => `${cap[0]?.toUpperCase()}${cap.slice(1)}.`)].join(' ');
  const data =
    rows.length === 0
      ? ''
      : table('Measured throughput', ['Partitions', 'Median', 'Interval', 'From', 'Remark'], rows);
  return `<figure>${drawing('light')}${drawing('dark')}<figcaption>${escaped(caption)}</figcaption></figure>${data}`;
}

function answers(report: SizingReport): string {
  const cards = report.answers.map(
    (one) =>
      `<div><dt>${escaped(one.name)}</dt><dd>${escaped(formatFigure(one))}<span class="kind">${one.binds === undefined ? '' : `bound by ${escaped(one.binds)} · `}${escaped(one.kind)}</span></dd></div>`,
  );
  return `<dl class="cards">${cards.join('')}</dl>`;
}

function sections(report: SizingReport): string[] {
  const parts: string[] = [];
  const section = (title: string, body: string) => parts.push(`<h2>${escaped(title)}</h2>${body}`);
  const notes = (list: readonly { text: string }[]) =>
    `<ul>${list.map((note) => `<li>${escaped(note.text)}</li>`).join('')}</ul>`;

  if (report.waysOut.length > 0) {
    const rows = report.waysOut.map((way) => wayOutRow(way).map(text));
    const title = 'Nearest changes that make it feasible';
    section(title, table(title, ['Change', 'Answer', 'Cost'], rows));
  }
  if (report.notJudged.length > 0) {
    section('Not judged', notes(report.notJudged.map((one) => ({ text: `${one.resource}: ${one.reason}` }))));
  }
  for (const one of report.tables)
    section(
      one.title,
      table(
        one.title,
        one.columns,
        one.rows.map((row) => row.map(text)),
      ),
    );
  if (report.warnings.length > 0) section('Warnings', notes(report.warnings));
  if (report.sensitivities.length > 0) {
    const rows = report.sensitivities.map((one) => [text(one.input), text(one.change), text(one.effect)]);
    const flips = report.sensitivities.map((one) => one.flips);
    section(
      'What would change the answer',
      table('Sensitivities', ['Input', 'Change', 'Effect'], rows, flips),
    );
  }
  if (report.growth !== null) section('When to grow', `<p>${escaped(report.growth.text)}</p>`);
  if (report.advice.length > 0) section('Advice', notes(report.advice));
  for (const step of report.steps) {
    section(
      `Step ${step.number}: ${step.title}`,
      `<p>${escaped(step.text)}</p>${figureTable(step.title, [step.result, ...step.figures])}`,
    );
  }
  if (report.groups.length > 0) {
    const rows = report.groups.map((group) => cells(groupRow(group), [1, 2, 3, 4]));
    section('Consumers', table('Consumers', GROUP_HEAD, rows));
  }
  if (report.brokers !== null) {
    const rows = report.brokers.needs.map((need) => cells(brokerRow(need), [1, 2, 3, 4]));
    section(brokersTitle(report.brokers), table('Brokers', BROKER_HEAD, rows));
  }
  const { cost } = report;
  if (cost !== null) {
    const amounts = (month: number | null, year: number | null) => [
      number(money(month, cost.currency)),
      number(money(year, cost.currency)),
    ];
    const rows = cost.lines.map((line) => [
      text(line.item),
      number(`${formatNumber(line.quantity)} ${line.unit}`),
      ...amounts(line.perMonth, line.perYear),
      text(line.source),
    ]);
    rows.push([text('Total'), text(''), ...amounts(cost.perMonth, cost.perYear), text('')]);
    rows.push([
      text('Total with follower fetching'),
      text(''),
      ...amounts(cost.perMonthWithFollowerFetching, cost.perYearWithFollowerFetching),
      text('KIP-392'),
    ]);
    section(
      `Cost (${cost.region}, prices as of ${cost.asOf})`,
      `${table('Cost', ['Item', 'Quantity', 'A month', 'A year', 'Source'], rows)}<p>${escaped(`Not included: ${cost.notIncluded.join('; ')}.`)}</p>`,
    );
  }
  section('Limits', figureTable('Limits', report.limits));
  section('Assumptions', figureTable('Assumptions', report.assumptions));
  return parts;
}

/** One page with everything in it, which loads nothing; light and dark. */
export function renderHtml(report: SizingReport): string {
  const title = TITLES[report.mode];
  const reasons = report.infeasible
    .map((one) => `<li>${escaped(one.constraint)}: ${escaped(one.message)}</li>`)
    .join('');
  const verdict = report.feasible
    ? answers(report)
    : `<div class="alert" role="alert"><strong>Infeasible.</strong><ul>${reasons}</ul></div>`;
  const why =
    report.brokers === null
      ? ''
      : `<p>${escaped(`Why ${report.brokers.needed ?? 'no'} brokers: ${report.brokers.why}.`)}</p>`;
  const curve = report.curve === null ? '' : curveFigure(report.curve);
  return htmlDocument(
    title,
    `<header><h1>${escaped(title)}</h1><p class="lead">Rests on: ${escaped(report.basis)}</p></header>
<main>${verdict}${why}
${curve}
${sections(report).join('\n')}
</main>`,
    { style: OWN_STYLE },
  );
}
