import type { Answer } from '../answer/answer.ts';
import { leadChartOf } from '../answer/lead-chart.ts';
import { describeBounds } from '../run/format-spread.ts';
import { describeRun, type Facts } from '../run/provenance.ts';
import type { RunSummary } from '../run/run-summary.ts';
import { cellsTable } from '../views/cells-table.ts';
import { besideHtml } from './beside.ts';
import { htmlDocument } from './document.ts';
import { figure, type RunFigures, type Section } from './figures.ts';
import { factsHtml, headHtml } from './lead.ts';
import { escaped, tableHtml } from './markup.ts';
import { REPORT_SCRIPT } from './report-script.ts';

/** report.html: one file that loads nothing. The first screen answers; everything that shows why is below. */
export function reportHtml(summary: RunSummary, answer: Answer, figures: RunFigures): string {
  const cells = summary.cells.map(({ cell }) => cell);
  const lead = leadOf(summary, answer, figures);
  const chart = lead === null ? '' : figure('lead', lead.view, lead.chart);
  const bounds = describeBounds(cells.map(({ counts }) => counts.valid));
  const table = tableHtml(cellsTable(summary, answer.goals));
  return htmlPage({
    title: summary.run.manifest.name,
    head: headHtml(summary, answer),
    hero: `<div class="lead-view"><h2 class="hidden">The picture and the facts</h2>${chart}${factsHtml(summary, answer)}</div>`,
    sections: [
      { id: 'cells', title: 'Cells', html: `${table}<p class="reading">${escaped(bounds)}</p>` },
      { id: 'beside', title: 'Beside another run', html: besideHtml(summary, answer) },
      ...figures.sections,
    ],
    script: REPORT_SCRIPT,
    facts: describeRun(summary),
  });
}

/** The one picture that shows the answer; null where there is no figure. */
export function leadOf(
  { cells }: RunSummary,
  { goals }: Answer,
  figures: RunFigures,
): ReturnType<RunFigures['lead']> {
  const has = { hockey: figures.hockey !== null, effects: figures.canShowEffects };
  return figures.lead(
    leadChartOf(
      cells.map(({ cell }) => cell),
      has,
    ),
    goals?.main ?? null,
  );
}

interface Page {
  readonly title: string;
  /** What stands over everything, as HTML with the page's one h1. */
  readonly head: string;
  /** The first picture, before the list of sections. */
  readonly hero?: string;
  readonly sections: readonly Section[];
  readonly facts: readonly Facts[];
  /** A script of its own, after the one of every page. */
  readonly script?: string;
}

/** A page of ksweep's: a head, a first picture, sections with links to them, and facts at its foot. */
export function htmlPage({ title, head, hero = '', sections, facts, script }: Page): string {
  const body = `<header>
${head}
</header>
<main>
${hero}
<nav aria-label="Views"><ul>${sections
    .map((one) => `<li><a href="#${one.id}">${escaped(one.title)}</a></li>`)
    .join('')}</ul></nav>
${sections.map((one) => `<section id="${one.id}"><h2>${escaped(one.title)}</h2>\n${one.html}</section>`).join('\n')}
</main>
<footer>
${facts
  .map(
    ({ id, title: heading, lines }) =>
      `<section id="${id}"><h2>${escaped(heading)}</h2><ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul></section>`,
  )
  .join('\n')}
</footer>`;
  return htmlDocument(`${title} – ksweep report`, body, script === undefined ? {} : { script });
}
