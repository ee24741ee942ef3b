import { htmlDocument } from '../html/document.ts';
import { escaped, tableHtml } from '../html/markup.ts';
import { LIVE_SCRIPT } from './live-script.ts';

const STYLE = `
progress { width: min(30rem, 100%); accent-color: var(--s1); }
.live svg { display: block; width: 100%; height: auto; } .live text { fill: var(--soft); font-size: 12px; }
@media (min-width: 1100px) { .live .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
.live figure { margin: 0 0 var(--space-4); } .live h3 { margin-top: 0; }
.live .cards { grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); } .live .cards dd { font-size: 1rem; }
.line { display: inline-block; width: 1.6rem; border-top: 3px solid; vertical-align: middle; margin: 0 0.25rem 0 0.75rem; }
.dashed { border-top-style: dashed; } .dotted { border-top-style: dotted; }
`;

const key = (colour: string, look: string, text: string): string =>
  `<i class="line ${look}" style="border-color:var(--${colour})" aria-hidden="true"></i>${text}`;

const CHARTS: readonly (readonly [id: string, title: string, legend: string])[] = [
  [
    'rates',
    'Throughput, records per second',
    `${key('s7', 'dashed', 'offered')}${key('s1', '', 'achieved')}${key('s2', 'dotted', 'received')}`,
  ],
  ['heat', 'Latency of each second', 'Dark: few records. Yellow: most.'],
  ['lag', 'Consumer lag, records', key('s4', '', 'all groups')],
  [
    'health',
    'Generator and host',
    `${key('s5', '', 'busiest generator, of one core')}${key('s3', 'dashed', 'CPU of this host in use')}`,
  ],
];

/** A run under way: its last five minutes by the second, how much of the plan is done, and its newest repeats. */
export function livePage(title: string, report: string, events: string): string {
  const charts = CHARTS.map(
    ([id, name, legend]) =>
      `<figure id="${id}"><h3>${name}</h3><p class="certainty">${legend}</p><svg role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${name}</title><desc id="${id}-desc">The newest figures stand in words under Now.</desc><g></g></svg></figure>`,
  ).join('\n');
  const newest = tableHtml({
    caption: 'Newest repeats',
    columns: ['Cell', 'Block', 'Outcome', 'Offered', 'Achieved', 'due→ack p99', 'Highest lag'].map(
      (head, i) => ({ head, numeric: i === 1 || i > 2 }),
    ),
    rows: [],
  });
  const plan = tableHtml({
    caption: 'Plan: a mark for each block',
    columns: ['Cell', 'Blocks', 'Valid', 'Invalid or failed', 'To do'].map((head, i) => ({
      head,
      numeric: i > 1,
    })),
    rows: [],
  });
  return htmlDocument(
    `${title}: live`,
    `<header><p class="kicker"><a href="/">All results</a></p><h1>${escaped(title)}</h1>
<p class="answer" id="state" role="status">Waiting for the first event. This page needs its script.</p>
<p id="report" hidden><a href="${escaped(report)}">Open the report</a></p></header>
<main data-events="${escaped(events)}"><p><progress aria-label="Repeats done" max="1" value="0"></progress> <span id="done"></span></p><p id="counts"></p>
<section class="live" id="live" hidden><h2>Now</h2><dl class="cards" id="now"></dl><div class="figures">${charts}</div></section>
<section id="plan"><h2>Plan</h2><p>✓ valid, ✗ invalid or failed, · to do</p>${plan}</section>
<section id="newest"><h2>Newest repeats</h2>${newest}</section></main>`,
    { script: LIVE_SCRIPT, style: STYLE, connects: true },
  );
}
