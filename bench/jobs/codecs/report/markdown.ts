import type { TableData } from '../../../../reports/views/view.ts';
import { factsOf } from './facts.ts';
import type { CodecsReport } from './report.ts';
import { sectionsOf } from './sections.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function tableMarkdown({ columns, rows }: TableData): string {
  const line = (fields: readonly string[]): string => `| ${fields.map(cell).join(' | ')} |`;
  return [
    line(columns.map(({ head }) => head)),
    line(columns.map(({ numeric }) => (numeric === true ? '---:' : '---'))),
    ...rows.map(({ fields }) => line(fields)),
  ].join('\n');
}

/** codecs.md. */
export function codecsMarkdown(report: CodecsReport): string {
  const parts = sectionsOf(report).map(({ title, lines, table }) =>
    [`## ${title}`, ...lines, ...(table === null ? [] : [tableMarkdown(table)])].join('\n\n'),
  );
  const facts = factsOf(report).map(({ title, lines }) => `- ${title}: ${lines.join('; ')}`);
  return `# Codecs for ${report.payload.name}\n\n${parts.join('\n\n')}\n\n## How it was measured\n\n${facts.join('\n')}\n`;
}
