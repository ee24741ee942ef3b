import { verdictSection } from '../compare/verdicts.ts';
import { describeRun, type Facts } from '../run/provenance.ts';
import { describeCounts, type RunSummary } from '../run/run-summary.ts';
import { htmlDocument } from './document.ts';
import { escaped } from './markup.ts';
import { type Section, viewSections } from './views.ts';

/** report.html: one file without scripts, fonts or anything else from a network. */
export async function reportHtml(summary: RunSummary): Promise<string> {
  const { manifest } = summary.run;
  return htmlPage({
    title: manifest.name,
    lead: `${describeCounts(summary)}.`,
    sections: [
      { id: 'verdicts', title: 'Verdicts', html: verdictSection(summary) },
      ...(await viewSections(summary)),
    ],
    facts: describeRun(summary),
  });
}

interface Page {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly Section[];
  readonly facts: readonly Facts[];
}

/** A page of ksweep's: a heading, sections with links to them, and facts at its foot. */
export function htmlPage({ title, lead, sections, facts }: Page): string {
  const body = `<header>
<h1>${escaped(title)}</h1>
<p>${escaped(lead)}</p>
<nav aria-label="Views"><ul>${sections
    .map((one) => `<li><a href="#${one.id}">${escaped(one.title)}</a></li>`)
    .join('')}</ul></nav>
</header>
<main>
${sections.map((one) => `<section id="${one.id}"><h2>${escaped(one.title)}</h2>\n${one.html}</section>`).join('\n')}
</main>
<footer>
${facts
  .map(
    ({ title: heading, lines }) =>
      `<section><h2>${escaped(heading)}</h2><ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul></section>`,
  )
  .join('\n')}
</footer>`;
  return htmlDocument(`${title} – ksweep report`, body);
}
