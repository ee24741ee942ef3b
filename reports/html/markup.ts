import type { FieldFigure, TableColumn, TableData } from '../views/view.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, in elements and in quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A table with a caption for screen readers, in a frame that scrolls where it is wider than the page. */
export function tableHtml(table: TableData): string {
  const { caption, columns, rows } = table;
  const head = columns
    .map((column) => {
      const sorted = column.sorted === undefined ? '' : ` aria-sort="${column.sorted}"`;
      return `<th scope="col"${classOf(column)}${sorted}>${escaped(column.head)}</th>`;
    })
    .join('');
  const body = rows.map(({ fields, links, className, figures }) => {
    const cells = fields.map((text, i) => {
      if (i === 0) return `<th scope="row">${links === undefined ? escaped(text) : linksHtml(links)}</th>`;
      return fieldHtml(text, columns[i] ?? { head: '' }, figures?.[i]);
    });
    return `<tr${className === undefined ? '' : ` class="${escaped(className)}"`}>${cells.join('')}</tr>`;
  });
  const name = escaped(caption);
  const frame = `<div class="scroll" tabindex="0" role="group" aria-label="${name}"><table><caption class="hidden">${name}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
  return table.interactive === true ? `<div class="data">${toolsHtml(table)}${frame}</div>` : frame;
}

const linksHtml = (links: NonNullable<TableData['rows'][number]['links']>): string =>
  links
    .map(({ text, href }) =>
      href === null ? escaped(text) : `<a href="${escaped(href)}">${escaped(text)}</a>`,
    )
    .join(' · ');

function classOf({ numeric, extra, className }: TableColumn, best = false): string {
  const names = [
    numeric === true ? 'n' : '',
    extra === true ? 'extra' : '',
    className ?? '',
    best ? 'best' : '',
  ].filter((one) => one !== '');
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}

function fieldHtml(text: string, column: TableColumn, figure: FieldFigure | undefined): string {
  const key = figure === undefined ? '' : ` data-v="${figure.value ?? ''}"`;
  return `<td${classOf(column, figure?.best)}${key}>${escaped(text)}${barHtml(column, figure)}</td>`;
}

/** Where the interval lies within the span of the column, in percent; a picture of what the text says. */
function barHtml({ span }: TableColumn, figure: FieldFigure | undefined): string {
  const bounds = figure?.bounds;
  if (span === undefined || bounds == null || figure?.value == null || span.high <= span.low) return '';
  const at = (value: number) =>
    Math.round(100 * Math.min(1, Math.max(0, (value - span.low) / (span.high - span.low))));
  const [low, high] = [at(bounds.low), at(bounds.high)];
  return `<i class="bar" aria-hidden="true" style="--l:${low};--w:${high - low};--m:${at(figure.value)}"></i>`;
}

/** The filter shows itself where there is a script to answer it; all columns come without one. */
function toolsHtml({ columns, caption, rows }: TableData): string {
  const filter =
    rows.length < 6
      ? ''
      : `<label hidden>Filter <input type="search" aria-label="Filter: ${escaped(caption)}"> <span class="count" role="status"></span></label>`;
  const extra = columns.some((column) => column.extra === true)
    ? '<label><input type="checkbox" class="all"> all columns</label>'
    : '';
  return filter === '' && extra === '' ? '' : `<div class="tools">${filter}${extra}</div>`;
}
