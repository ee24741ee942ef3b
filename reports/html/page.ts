import { PALETTE_CSS } from '../charts/palette.ts';
import { describeRun } from '../provenance.ts';
import { describeCounts, type RunSummary } from '../run-summary.ts';
import { escaped } from './markup.ts';
import { STYLE } from './style.ts';
import { verdictSection } from './verdicts.ts';
import { viewSections } from './views.ts';

/** report.html: one file without scripts, fonts or anything else from a network. */
export async function reportHtml(summary: RunSummary): Promise<string> {
  const { manifest } = summary.run;
  const sections = await viewSections(summary);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(manifest.name)} – ksweep report</title>
<style>
${PALETTE_CSS}${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(manifest.name)}</h1>
<p>${escaped(describeCounts(summary))}.</p>
<nav aria-label="Views"><ul>${[{ id: 'verdicts', title: 'Verdicts' }, ...sections]
    .map(({ id, title }) => `<li><a href="#${id}">${escaped(title)}</a></li>`)
    .join('')}</ul></nav>
</header>
<main>
<section id="verdicts">
<h2>Verdicts</h2>
${verdictSection(summary)}
</section>
${sections.map(({ id, title, html }) => `<section id="${id}"><h2>${escaped(title)}</h2>\n${html}</section>`).join('\n')}
</main>
<footer>
${describeRun(summary)
  .map(
    ({ title, lines }) =>
      `<section><h2>${escaped(title)}</h2><ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul></section>`,
  )
  .join('\n')}
</footer>
</body>
</html>
`;
}
