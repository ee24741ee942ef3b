import type { TableData } from '../views/view.ts';

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
export function tableHtml({ caption, columns, rows }: TableData): string {
  const head = columns
    .map(
      ({ head: text, numeric }) =>
        `<th scope="col"${numeric === true ? ' class="n"' : ''}>${escaped(text)}</th>`,
    )
    .join('');
  const body = rows.map(({ fields, className }) => {
    const cells = fields.map((text, i) => {
      if (i === 0) return `<th scope="row">${escaped(text)}</th>`;
      return `<td${columns[i]?.numeric === true ? ' class="n"' : ''}>${escaped(text)}</td>`;
    });
    return `<tr${className === undefined ? '' : ` class="${escaped(className)}"`}>${cells.join('')}</tr>`;
  });
  const name = escaped(caption);
  return `<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><caption class="hidden">${name}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}
