import Table from 'cli-table3';
import type { TableData } from '../../../../reports/views/view.ts';
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

/** Borders' padding, and room for a short word. */
const NARROWEST = 8;

const longestOf = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));

/**
 * The width that each column's longest text needs; where that is too much in all, the widest are broken: between
 * words, and within them only where even that does not do.
 */
function widths({ columns, rows }: Pick<TableData, 'columns' | 'rows'>, width: number): number[] {
  const fieldsOf = (i: number): string[] => rows.map(({ fields }) => fields[i] ?? '');
  const words = columns.map(({ head }, i) => {
    return 2 + longestOf([head, ...fieldsOf(i)].flatMap((text) => text.split(' ')));
  });
  const chosen = words.map((word, i) => Math.max(word, 2 + longestOf(fieldsOf(i))));
  const room = width - columns.length - 1;
  for (const floors of [words, words.map(() => NARROWEST)]) {
    for (;;) {
      if (chosen.reduce((sum, one) => sum + one, 0) <= room) return chosen;
      const spare = chosen.map((one, i) => (one > (floors[i] ?? NARROWEST) ? one : 0));
      const widest = Math.max(...spare);
      if (widest === 0) break;
      chosen[spare.indexOf(widest)] = widest - 1;
    }
  }
  return chosen;
}

/** The report for the terminal, ending in a new line. */
export function codecsText(report: CodecsReport, width: number): string {
  const parts = sectionsOf(report).map(({ title, lines, table }) =>
    [title.toUpperCase(), ...lines, ...(table === null ? [] : [drawn(table, width)])].join('\n'),
  );
  return `${parts.join('\n\n')}\n`;
}
