import type { TableData } from '../views/view.ts';

const MAX_ROWS = 40;
const MIN_FIRST = 16;

/** A view's figures with their spread under its plot: the columns that fit, the first one cut where it must be. */
export function tableText({ caption, columns, rows }: TableData, width: number): string {
  const shown = rows.slice(0, MAX_ROWS);
  const widthOf = (column: number): number =>
    Math.max(columns[column]?.head.length ?? 0, ...shown.map(({ fields }) => (fields[column] ?? '').length));
  const first = Math.min(widthOf(0), Math.max(MIN_FIRST, Math.floor(width / 2)));
  const chosen: { column: number; wide: number }[] = [];
  let used = first;
  for (let column = 1; column < columns.length; column++) {
    const wide = widthOf(column);
    if (used + 2 + wide > width) continue;
    used += 2 + wide;
    chosen.push({ column, wide });
  }
  const cut = (text: string): string => (text.length > first ? `${text.slice(0, first - 1)}…` : text);
  const line = (fields: readonly string[]): string =>
    [
      cut(fields[0] ?? '').padEnd(first),
      ...chosen.map(({ column, wide }) => (fields[column] ?? '').padStart(wide)),
    ]
      .join('  ')
      .trimEnd();
  const more = rows.length > shown.length ? [`${rows.length - shown.length} more are in report.html`] : [];
  const head = caption.length > width ? `${caption.slice(0, width - 1)}…` : caption;
  const lines = [head, line(columns.map((one) => one.head)), ...shown.map(({ fields }) => line(fields))];
  return `${[...lines, ...more].join('\n')}\n`;
}
