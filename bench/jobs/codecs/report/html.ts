import { paretoChart } from '../../../../reports/charts/pareto.ts';
import { figure } from '../../../../reports/html/figures.ts';
import { badgesHtml } from '../../../../reports/html/lead.ts';
import { escaped, tableHtml } from '../../../../reports/html/markup.ts';
import { htmlPage } from '../../../../reports/html/page.ts';
import type { ParetoView } from '../../../../reports/views/pareto.ts';
import { factsOf } from './facts.ts';
import type { CodecsReport } from './report.ts';
import type { Section } from './section.ts';
import { sectionsOf } from './sections.ts';

/** The finalists have two sections, bytes with CPU and latency. */
const AFTER_FINALISTS = 2;

/** codecs.html: one file that loads nothing. The recommendation first, and what shows it below. */
export function codecsHtml(report: CodecsReport, pareto: readonly ParetoView[]): string {
  const [recommendation, ...others] = sectionsOf(report);
  const sections = others.map(({ id, title, lines, table }) => ({
    id,
    title,
    html: `${lines.map((line) => `<p class="reading">${escaped(line)}</p>`).join('\n')}\n${table === null ? '' : tableHtml(table)}`,
  }));
  const [lead, ...pictures] = pareto.map((view, i) => figure(`pareto-${i}`, view, paretoChart(view)));
  const compared = recommendation?.table ?? null;
  return htmlPage({
    title: `Codecs for ${report.payload.name}`,
    head: headHtml(
      report,
      recommendation,
      others.map(({ id }) => id),
    ),
    hero: `<div class="lead-view"><h2 class="hidden">The picture and the facts</h2>${lead ?? ''}${asideHtml(report, recommendation)}</div>`,
    sections: [
      // What the finalists measured comes before how each differs: that table is long and mostly says "not shown".
      ...sections.slice(0, AFTER_FINALISTS),
      ...(compared === null
        ? []
        : [{ id: 'recommendation', title: 'Against each other finalist', html: tableHtml(compared) }]),
      ...(pictures.length === 0
        ? []
        : [
            {
              id: 'pareto',
              title: 'What one aim costs another',
              html: `<div class="figures">${pictures.join('\n')}</div>`,
            },
          ]),
      ...sections.slice(AFTER_FINALISTS),
    ],
    facts: factsOf(report),
  });
}

/** The first line of a recommendation names it, the second is its properties, the third says how sure it is. */
function headHtml(report: CodecsReport, recommendation: Section | undefined, ids: readonly string[]): string {
  const [what = '', properties, certainty = ''] = recommendation?.lines ?? [];
  const state =
    report.recommended === null ? 'none' : report.recommendation?.shown === true ? 'shown' : 'open';
  const sure = properties === undefined ? '' : `<p class="certainty">${escaped(certainty)}</p>`;
  const badges = [
    ...(report.cluster.local ? [{ text: 'smoke-scale', target: 'recommended', kind: 'warn' as const }] : []),
    ...(report.interrupted && ids.includes('notes')
      ? [{ text: 'cut off', target: 'notes', kind: 'bad' as const }]
      : []),
    ...(ids.includes('notes') ? [{ text: 'notes', target: 'notes', kind: 'plain' as const }] : []),
  ];
  return `<p class="kicker">${escaped(`Priority: ${report.priority}; offered at ${report.rate}.`)}</p>
<h1>${escaped(`Which codec and batching for ${report.payload.name}?`)}</h1>
<div class="${state}"><p class="answer">${escaped(what.replace(/:$/, '.'))}</p>${sure}</div>
${badgesHtml(badges)}`;
}

/** The settings to roll out, what they save, and what weakens the figures. */
function asideHtml(report: CodecsReport, recommendation: Section | undefined): string {
  const { recommended } = report;
  if (recommended === null || recommendation === undefined) return '';
  const rest = recommendation.lines.slice(3).map((line) => `<p>${escaped(line)}</p>`);
  return `<aside class="facts" id="recommended" aria-label="Recommended settings"><h3>To roll out</h3><p><code>${escaped(recommended.properties)}</code></p>
<h3>What it does</h3>${rest.join('')}</aside>`;
}
