import Table from 'cli-table3';
import type { TableData } from '../views/view.ts';
import type { CodecsReport } from './report.ts';
import { sectionsOf } from './sections.ts';

function drawn({ columns, rows }: TableData, width: number): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ numeric }) => (numeric === true ? 'right' : 'left')),
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: widths({ columns, rows }, width),
  });
  for (const { fields } of rows) table.push([...fields]);
  return table.toString();
}

const NARROWEST = 10;

/** The width that each column's longest text needs; where that is too much in all, the widest give way. */
function widths({ columns, rows }: Pick<TableData, 'columns' | 'rows'>, width: number): number[] {
  const longest = columns.map(({ head }, i) => {
    const word = Math.max(...head.split(' ').map(({ length }) => length));
    return 2 + Math.max(word, NARROWEST - 2, ...rows.map(({ fields }) => fields[i]?.length ?? 0));
  });
  const room = width - columns.length - 1;
  for (;;) {
    const widest = Math.max(...longest);
    if (longest.reduce((sum, one) => sum + one, 0) <= room || widest <= NARROWEST) return longest;
    longest[longest.indexOf(widest)] = widest - 1;
  }
}

/** The report for the terminal, ending in a new line. */
export function codecsText(report: CodecsReport, width: number): string {
  const parts = sectionsOf(report).map(({ title, lines, table }) =>
    [title.toUpperCase(), ...lines, ...(table === null ? [] : [drawn(table, width)])].join('\n'),
  );
  return `${parts.join('\n\n')}\n`;
}
