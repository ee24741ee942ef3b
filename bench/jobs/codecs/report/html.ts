import { paretoChart } from '../../../../reports/charts/pareto.ts';
import { figure } from '../../../../reports/html/figures.ts';
import { escaped, tableHtml } from '../../../../reports/html/markup.ts';
import { htmlPage, plainHead } from '../../../../reports/html/page.ts';
import type { ParetoView } from '../../../../reports/views/pareto.ts';
import { factsOf } from './facts.ts';
import type { CodecsReport } from './report.ts';
import { sectionsOf } from './sections.ts';

/** codecs.html: one file without scripts, fonts or anything else from a network. */
export function codecsHtml(report: CodecsReport, pareto: readonly ParetoView[]): string {
  const sections = sectionsOf(report).map(({ id, title, lines, table }) => {
    const text = lines.map((line) => {
      const inner = line === report.recommended?.properties ? `<code>${escaped(line)}</code>` : escaped(line);
      return `<p class="reading">${inner}</p>`;
    });
    return { id, title, html: `${text.join('\n')}\n${table === null ? '' : tableHtml(table)}` };
  });
  const pictures = pareto.map((view, i) => figure(`pareto-${i}`, view, paretoChart(view)));
  const at = sections.findIndex(({ id }) => id === 'price');
  const picture = { id: 'pareto', title: 'What one aim costs another', html: pictures.join('\n') };
  if (pictures.length > 0) sections.splice(at < 0 ? sections.length : at, 0, picture);
  return htmlPage({
    title: `Codecs for ${report.payload.name}`,
    head: plainHead(
      `Codecs for ${report.payload.name}`,
      `Priority: ${report.priority}; offered at ${report.rate}.`,
    ),
    sections,
    facts: factsOf(report),
  });
}
