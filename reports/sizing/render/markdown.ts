import { formatNumber } from '../../../bench/common/format-number.ts';
import type { Figure } from '../figure.ts';
import { formatFigure } from '../format.ts';
import type { SizingReport } from '../report.ts';
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

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function answerTable(list: readonly Figure[]): string {
  return table(
    ['Figure', 'Value', 'Bound by', 'Kind', 'Source'],
    list.map((one) => [one.name, formatFigure(one), one.binds ?? '–', one.kind, one.source]),
  );
}

function figures(list: readonly Figure[]): string {
  return table(FIGURE_HEAD, list.map(figureRow));
}

const list = (notes: readonly { text: string }[]) => notes.map((note) => `- ${note.text}`).join('\n');

export const TITLES: Record<SizingReport['mode'], string> = {
  partitions: 'Partition sizing',
  simple: 'Cluster sizing',
  granular: 'Cluster sizing by application',
  reverse: 'What the cluster carries',
};

/** The answer as Markdown, to paste into a design review. */
export function renderMarkdown(report: SizingReport): string {
  const parts: string[] = [`# ${TITLES[report.mode]}`];
  const section = (title: string, body: string) => parts.push(`## ${title}`, body);
  parts.push(
    report.feasible
      ? answerTable(report.answers)
      : `**Infeasible.**\n\n${report.infeasible.map((one) => `- ${one.constraint}: ${one.message}`).join('\n')}`,
    `Rests on: ${report.basis}.`,
  );
  if (report.waysOut.length > 0) {
    section(
      'Nearest changes that make it feasible',
      table(['Change', 'Answer', 'Cost'], report.waysOut.map(wayOutRow)),
    );
  }
  if (report.brokers !== null)
    parts.push(`Why ${report.brokers.needed ?? 'no'} brokers: ${report.brokers.why}.`);
  if (report.notJudged.length > 0) {
    section('Not judged', report.notJudged.map((one) => `- ${one.resource}: ${one.reason}`).join('\n'));
  }
  for (const one of report.tables) section(one.title, table(one.columns, one.rows));
  for (const step of report.steps) {
    section(
      `Step ${step.number}: ${step.title}`,
      `${step.text}\n\n${figures([step.result, ...step.figures])}`,
    );
  }
  if (report.groups.length > 0) section('Consumers', table(GROUP_HEAD, report.groups.map(groupRow)));
  if (report.brokers !== null) {
    section(brokersTitle(report.brokers), table(BROKER_HEAD, report.brokers.needs.map(brokerRow)));
  }
  const { cost } = report;
  if (cost !== null) {
    const rows = cost.lines.map((line) => [
      line.item,
      `${formatNumber(line.quantity)} ${line.unit}`,
      money(line.perMonth, cost.currency),
      money(line.perYear, cost.currency),
      line.source,
    ]);
    rows.push(['**Total**', '', money(cost.perMonth, cost.currency), money(cost.perYear, cost.currency), '']);
    rows.push([
      'Total with follower fetching',
      '',
      money(cost.perMonthWithFollowerFetching, cost.currency),
      money(cost.perYearWithFollowerFetching, cost.currency),
      'KIP-392',
    ]);
    section(
      `Cost (${cost.region}, prices as of ${cost.asOf})`,
      `${table(['Item', 'Quantity', 'A month', 'A year', 'Source'], rows)}\n\nNot included: ${cost.notIncluded.join('; ')}.`,
    );
  }
  if (report.sensitivities.length > 0) {
    section(
      'What would change the answer',
      table(
        ['Input', 'Change', 'Effect'],
        report.sensitivities.map((one) => [
          one.input,
          one.change,
          one.flips ? `**${one.effect}**` : one.effect,
        ]),
      ),
    );
  }
  if (report.growth !== null) section('When to grow', report.growth.text);
  if (report.advice.length > 0) section('Advice', list(report.advice));
  if (report.warnings.length > 0) section('Warnings', list(report.warnings));
  section('Limits', figures(report.limits));
  section('Assumptions', figures(report.assumptions));
  return `${parts.join('\n\n')}\n`;
}
