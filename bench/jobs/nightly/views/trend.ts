import { htmlDocument } from '../../../../reports/html/document.ts';
import { escaped } from '../../../../reports/html/markup.ts';
import { plural } from '../../../../reports/sizing/format.ts';
import { type NightLine, timeOfNight } from '../history/record.ts';
import type { NightReport } from '../report.ts';
import { dayOf } from '../sentences.ts';
import type { SeriesReport } from '../series-report.ts';
import { nightsToDraw, TREND_WIDTH, trendChart } from './chart.ts';
import { sectionsOf } from './sections.ts';
import { describeChange, formatValueOf, headline, statusWord } from './words.ts';

const OWN_STYLE = `
td:last-child { min-width: 12rem; }
figcaption { color: var(--soft); font-size: .9rem; }
h3 { font-size: 1rem; margin: 0; }
.regressed { color: var(--bad); } .warning, .environment, .missing { color: var(--warn); } .improved { color: var(--good); }
`;

/** Points for each of so many series that the page stays well below 5 MB. */
export function pointsFor(seriesCount: number): number {
  const DRAWN_BYTES_A_POINT = 60;
  const PAGE_BYTES = 3_000_000;
  return Math.max(80, Math.min(600, Math.floor(PAGE_BYTES / DRAWN_BYTES_A_POINT / Math.max(1, seriesCount))));
}

/** A page around sections, which loads nothing. */
export function page(title: string, intro: readonly string[], body: string): string {
  const header = `<header><h1>${escaped(title)}</h1>${intro.map((line) => `<p class="answer">${escaped(line)}</p>`).join('')}</header>`;
  return htmlDocument(title, `${header}\n<main>\n${body}\n</main>`, { style: OWN_STYLE });
}

export function sectionsHtml(report: NightReport): string {
  return sectionsOf(report)
    .map(({ title, columns, rows, lines }) => {
      const head = columns.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
      const body = rows.map(([verdict = '', ...rest]) => {
        const cells = rest.map((text) => `<td>${escaped(text)}</td>`).join('');
        return `<tr><th scope="row" class="${escaped(verdict)}">${escaped(verdict)}</th>${cells}</tr>`;
      });
      const table =
        rows.length === 0
          ? ''
          : `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(title)}"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
      const list =
        lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
      return `<section><h2>${escaped(title)}</h2>${table}${list}</section>`;
    })
    .join('\n');
}

/** What a reader of the chart has to know, a sentence each. */
function factsOf(series: SeriesReport, last: NightLine, drawn: number): string[] {
  const total = series.nights.names.length;
  const facts = [
    `${formatValueOf(series, last.value)} on ${last.at.slice(0, 10)}; ${plural(total, 'night')}`,
  ];
  if (drawn < total) {
    facts.push(`${drawn} drawn: the newest, every change, and the least and greatest of each stretch before`);
  }
  if (series.changes.length > 0) {
    const newest = series.changes.slice(-3).map(describeChange);
    facts.push(`${plural(series.changes.length, 'change')} of level, last: ${newest.join('; ')}`);
  }
  for (const { night, by, why } of series.accepted.slice(-3)) {
    facts.push(`Accepted: ${dayOf(timeOfNight(night))} by ${by}: ${why}`);
  }
  const environment = series.environmentChanges.length;
  if (environment > 0) facts.push(`${plural(environment, 'change')} of the environment (triangles)`);
  if (series.comparableFrom > 0) {
    facts.push('Nights before the dotted line measured another definition of the cell');
  }
  return facts;
}

function figure(series: SeriesReport, mostPoints: number, id: string): string {
  const last = series.tail.at(-1);
  if (last === undefined) return '';
  const drawn = nightsToDraw(series, mostPoints);
  const svg = trendChart(series, drawn, {
    id,
    title: `${series.metric} of ${series.cell}`,
    description: `${series.verdict}; the figures are in the text below`,
  });
  const caption = `${factsOf(series, last, drawn.length).join('. ')}.`;
  return `<figure><h3><span class="${series.verdict}">${series.verdict}</span> ${escaped(series.cell)} · ${escaped(series.metric)}</h3><div class="chart" style="--width: ${TREND_WIDTH}px" tabindex="0" role="group" aria-label="${escaped(`${series.metric} of ${series.cell}`)}">${svg}</div><figcaption>${escaped(caption)}</figcaption></figure>`;
}

/** Every night with a link to its report, the newest first. */
function nightsTable(report: NightReport): string {
  const rows = report.nights.toReversed().map((night) => {
    const what = [...night.regressed, ...night.breaches, ...night.suspended].join('; ');
    const short = what.length > 160 ? `${what.slice(0, 160)}…` : what;
    return `<tr><th scope="row"><a href="${escaped(night.report)}">${escaped(night.night)}</a></th><td>${escaped(statusWord(night.status))}</td><td>${escaped(night.label ?? night.commit?.slice(0, 10) ?? '')}</td><td>${escaped(short)}</td></tr>`;
  });
  if (rows.length === 0) return '';
  return `<section><h2>Nights</h2><div class="scroll" tabindex="0" role="group" aria-label="Nights"><table><thead><tr><th scope="col">Night</th><th scope="col">Result</th><th scope="col">Label</th><th scope="col">Why</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div></section>`;
}

/** trend.html: every series over all its nights, and a link to each night's report. */
export function trendHtml(report: NightReport): string {
  const most = pointsFor(report.series.length);
  const figures = (canary: boolean): string =>
    report.series
      .filter((series) => series.canary === canary)
      .map((series, i) => figure(series, most, `${canary ? 'c' : 's'}${i}`))
      .join('\n');
  const legend =
    'Line: median of the night. Band: range of its repeats. Vertical lines: changes of level (red worse, green better, amber accepted or the environment’s; thick where it is news). Triangles: the environment was another than the night before.';
  const body = `${sectionsHtml(report)}
<section><h2>Trends</h2><p>${legend}</p>
<div class="figures">${figures(false)}</div>
</section>
<section><h2>Canary trends</h2>
<div class="figures">${figures(true)}</div>
</section>
${nightsTable(report)}`;
  return page(`${report.suite}: nightly trend`, [headline(report)], body);
}
