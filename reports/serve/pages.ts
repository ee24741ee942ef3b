import { htmlDocument } from '../html/document.ts';
import { escaped, tableHtml } from '../html/markup.ts';
import type { Listed } from './listing.ts';

const href = (path: string): string => `/${path.split('/').map(encodeURIComponent).join('/')}`;
const day = (at: string): string => at.slice(0, 16).replace('T', ' ');

/** What lies below the root: runs that go on, runs, nights, and the other pages. */
export function indexPage(listed: readonly Listed[]): string {
  const running = listed.filter((one) => one.running);
  const parts: [string, string, readonly Listed[]][] = [
    ['running', 'Runs that have not ended', running],
    ['runs', 'Runs', listed.filter((one) => one.kind === 'run' && !one.running)],
    ['nights', 'Nights and trends', listed.filter((one) => one.kind === 'night')],
    ['pages', 'Comparisons and other pages', listed.filter((one) => one.kind === 'page')],
  ];
  const sections = parts
    .filter(([, , list]) => list.length > 0)
    .map(([id, title, list]) => `<section id="${id}"><h2>${title}</h2>${listTable(title, list)}</section>`);
  const none = '<p class="answer">Nothing has been measured here yet.</p>';
  return htmlDocument(
    'ksweep results',
    `<header><h1>Results</h1></header><main>${sections.length === 0 ? none : sections.join('\n')}</main>`,
  );
}

function listTable(title: string, list: readonly Listed[]): string {
  return tableHtml({
    caption: title,
    interactive: true,
    columns: [{ head: 'Name' }, { head: 'Time (UTC)' }, { head: 'Folder' }],
    rows: list.map((one) => ({
      fields: [one.title, day(one.at), one.path],
      links: [
        { text: one.title, href: one.page === null ? null : href(one.page) },
        ...(one.kind === 'run' ? [{ text: 'progress', href: `/-/live${href(one.path)}` }] : []),
      ],
    })),
  });
}

/** Shows the events of one run as they come. */
const LIVE_SCRIPT = `
'use strict';
(() => {
const main = document.querySelector('main');
const set = (id, text) => { document.getElementById(id).textContent = text; };
const source = new EventSource(main.dataset.events);
source.onmessage = ({ data }) => {
  const run = JSON.parse(data);
  set('state', run.finished ? 'The run has ended.' : 'Running.');
  set('done', run.done + ' of ' + run.planned + ' repeats done');
  const bar = document.querySelector('progress');
  bar.max = Math.max(1, run.planned);
  bar.value = run.done;
  set('counts', run.valid + ' valid, ' + run.invalid + ' invalid, ' + run.failed + ' failed');
  const rows = run.latest.map((one) => {
    const row = document.createElement('tr');
    row.className = one.outcome;
    [one.cell, String(one.block), one.outcome, one.offered, one.achieved, one.p99, one.lag].forEach((text, i) => {
      const cell = document.createElement(i === 0 ? 'th' : 'td');
      if (i > 2 || i === 1) cell.className = 'n';
      if (i === 2) cell.className = 'verdict';
      cell.textContent = text;
      row.append(cell);
    });
    return row;
  });
  document.querySelector('tbody').replaceChildren(...rows);
  if (run.finished) source.close();
};
source.onerror = () => set('state', 'No answer from the server; trying again.');
})();
`;

/** A run as it goes on: how much of the plan is done, and its newest repeats. */
export function livePage(title: string, path: string): string {
  const table = tableHtml({
    caption: 'Newest repeats',
    columns: ['Cell', 'Block', 'Outcome', 'Offered', 'Achieved', 'due→ack p99', 'Highest lag'].map(
      (head, i) => ({ head, numeric: i === 1 || i > 2 }),
    ),
    rows: [],
  });
  return htmlDocument(
    `${title}: progress`,
    `<header><p class="kicker"><a href="/">All results</a></p><h1>${escaped(title)}</h1><p class="answer" id="state" role="status">Waiting for the first event. This page needs its script.</p></header>
<main data-events="/-/events${escaped(href(path))}"><p><progress aria-label="Repeats done" max="1" value="0"></progress> <span id="done"></span></p><p id="counts"></p>
<h2>Newest repeats</h2>${table}</main>`,
    { script: LIVE_SCRIPT, connects: true },
  );
}
