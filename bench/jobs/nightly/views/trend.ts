import { htmlDocument } from '../../../../reports/html/document.ts';
import { escaped, tableHtml } from '../../../../reports/html/markup.ts';
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
h3 .regressed, tr.regressed > th { color: var(--bad); } .improved > th, h3 .improved { color: var(--good); }
.warning > th, .environment > th, .missing > th, h3 .warning, h3 .environment, h3 .missing { color: var(--warn); }
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
    .map(({ title, columns, rows, medians, lines }) => {
      const table =
        rows.length === 0
          ? ''
          : tableHtml({
              caption: title,
              interactive: true,
              columns: columns.map((head) => ({ head, numeric: head === 'Median' })),
              rows: rows.map((fields, i) => ({
                fields,
                className: (fields[0] ?? '').replaceAll(' ', '-'),
                figures: columns.map((head) =>
                  head === 'Median' && medians !== undefined ? { value: medians[i] ?? null } : undefined,
                ),
              })),
            });
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
    const label = night.label ?? night.commit?.slice(0, 10) ?? '';
    return {
      fields: [night.night, statusWord(night.status), label, short],
      links: [{ text: night.night, href: night.report }],
    };
  });
  if (rows.length === 0) return '';
  const columns = ['Night', 'Result', 'Label', 'Why'].map((head) => ({ head }));
  return `<section><h2>Nights</h2>${tableHtml({ caption: 'Nights', interactive: true, columns, rows })}</section>`;
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
