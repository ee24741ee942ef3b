import type { TableData } from '../../../../reports/views/view.ts';

/** A part of the report: text and perhaps a table, which terminal, Markdown and HTML each draw their way. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly table: TableData | null;
}

/** A column of figures. */
export const numeric = (head: string) => ({ head, numeric: true });
