import { formatNumber } from '../../../bench/common/format-number.ts';
import type { Figure } from '../figure.ts';
import { formatFigure } from '../format.ts';
import type { Cost, SizingReport } from '../report.ts';
import { columns, money } from './plain-columns.ts';
import { BROKER_HEAD, brokerRow, brokersTitle, figureRow, GROUP_HEAD, groupRow } from './rows.ts';
import { wayOutRow } from './summary.ts';

/** In the text the heads are small. */
const small = (head: readonly string[]) => head.map((name) => name.toLowerCase());

const figureRows = (figures: readonly Figure[]) => figures.map(figureRow);

function costText(cost: Cost): string {
  const rows = cost.lines.map((line) => [
    line.item,
    `${formatNumber(line.quantity)} ${line.unit}`,
    line.unitPrice === null ? '–' : `${Number(line.unitPrice.toPrecision(4))} ${cost.currency}`,
    money(line.perMonth, cost.currency),
  ]);
  rows.push(['Total per month', '', '', money(cost.perMonth, cost.currency)]);
  rows.push(['Total a year', '', '', money(cost.perYear, cost.currency)]);
  rows.push([
    cost.followerFetching
      ? 'Total per month (follower fetching is on)'
      : 'Total per month with follower fetching',
    '',
    '',
    money(cost.perMonthWithFollowerFetching, cost.currency),
  ]);
  const notIncluded = cost.notIncluded.map((one) => `  not included: ${one}`);
  return [columns(rows, ['item', 'quantity', 'unit price', 'per month']), ...notIncluded].join('\n');
}

/** The answer for a terminal: what to do first, then why, then what it rests on. */
export function renderText(report: SizingReport): string {
  const parts: string[] = [];
  const section = (title: string, body: string) => parts.push(`${title}\n${body}`);
  if (report.feasible) section('Recommendation', columns(figureRows(report.answers)));
  else {
    const reasons = report.infeasible.map((one) => `  ${one.constraint}: ${one.message}`);
    section('Infeasible', reasons.join('\n'));
    const ways = report.waysOut.map(wayOutRow);
    if (ways.length > 0) section('Nearest changes that make it feasible', columns(ways));
  }
  if (report.brokers !== null)
    parts.push(`Why ${report.brokers.needed ?? 'no'} brokers: ${report.brokers.why}`);
  parts.push(`Rests on: ${report.basis}`);
  for (const table of report.tables) section(table.title, columns(table.rows, table.columns));
  if (report.steps.length > 0) {
    const rows = report.steps.flatMap((step) => [
      [`${step.number} ${step.title}`, formatFigure(step.result), step.result.kind, step.text],
      ...step.figures.map((one) => [`    ${one.name}`, formatFigure(one), one.kind, one.source]),
    ]);
    section('Steps', columns(rows));
  }
  if (report.groups.length > 0) {
    section('Consumers', columns(report.groups.map(groupRow), small(GROUP_HEAD)));
  }
  if (report.brokers !== null) {
    // Sources are long enough to speak for themselves.
    const head = [...small(BROKER_HEAD.slice(0, -1)), ''];
    section(brokersTitle(report.brokers), columns(report.brokers.needs.map(brokerRow), head));
  }
  if (report.notJudged.length > 0) {
    section('Not judged', report.notJudged.map((one) => `  ${one.resource}: ${one.reason}`).join('\n'));
  }
  if (report.cost !== null) {
    section(
      `Cost (on demand, ${report.cost.region}, prices as of ${report.cost.asOf})`,
      costText(report.cost),
    );
  }
  if (report.sensitivities.length > 0) {
    const rows = report.sensitivities.map((one) => [one.flips ? '*' : '', one.input, one.change, one.effect]);
    section('What would change the answer', columns(rows));
  }
  if (report.growth !== null) section('When to grow', `  ${report.growth.text}`);
  if (report.advice.length > 0) section('Advice', report.advice.map((one) => `  - ${one.text}`).join('\n'));
  if (report.warnings.length > 0)
    section('Warnings', report.warnings.map((one) => `  ! ${one.text}`).join('\n'));
  section('Limits', columns(figureRows(report.limits)));
  section('Assumptions', columns(figureRows(report.assumptions)));
  return `${parts.join('\n\n')}\n`;
}
