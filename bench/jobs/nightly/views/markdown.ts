import type { NightReport } from '../report.ts';
import { sectionsOf } from './sections.ts';
import { headline } from './words.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
/** Rows beyond these are in the page: a chat has a limit. */
const MOST_ROWS = 40;

/** The night for a chat or an issue. */
export function nightMarkdown(report: NightReport): string {
  const lines = [`## ${report.suite}: ${headline(report)}`, ''];
  const label = report.label === null ? '' : `, label \`${report.label}\``;
  if (report.night !== null) lines.push(`Night ${report.night}${label}`, '');
  for (const section of sectionsOf(report)) {
    lines.push(`### ${section.title}`, '');
    if (section.rows.length > 0) {
      lines.push(`| ${section.columns.join(' | ')} |`, `|${section.columns.map(() => '---').join('|')}|`);
      for (const row of section.rows.slice(0, MOST_ROWS)) lines.push(`| ${row.map(cell).join(' | ')} |`);
      const more = section.rows.length - MOST_ROWS;
      if (more > 0) lines.push('', `${more} more rows are in report.html.`);
    }
    for (const line of section.lines) lines.push(`- ${line}`);
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
