import Table from 'cli-table3';
import type { NightReport } from '../report.ts';
import { sectionsOf } from './sections.ts';
import { headline } from './words.ts';

/** Borderless, for a terminal, a log and a pipe alike. */
export function plainTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const none = Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
    ].map((part) => [part, '']),
  );
  const table = new Table({
    head: [...columns],
    chars: { ...none, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The night for a terminal. */
export function nightTable(report: NightReport): string {
  const parts = [`${report.suite}: ${headline(report)}`];
  for (const { title, columns, rows, lines } of sectionsOf(report)) {
    parts.push('', title);
    if (rows.length > 0) parts.push(plainTable(columns, rows));
    for (const line of lines) parts.push(`- ${line}`);
  }
  return `${parts.join('\n')}\n`;
}
