import { htmlDocument } from '../html/document.ts';
import { tableHtml } from '../html/markup.ts';
import type { Listed } from './listing.ts';

export const href = (path: string): string => `/${path.split('/').map(encodeURIComponent).join('/')}`;
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
        ...(one.kind === 'run'
          ? [{ text: one.running ? 'live' : 'progress', href: `/-/live${href(one.path)}` }]
          : []),
      ],
    })),
  });
}
