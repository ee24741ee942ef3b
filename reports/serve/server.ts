import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { describeError } from '../../bench/common/errors.ts';
import { closeServer, type ListenAddress, listenAt } from '../../bench/common/listen.ts';
import { fileOf, innerPath, isOwnHost, realInside } from './guard.ts';
import { listPages } from './listing.ts';
import { LiveReader } from './live.ts';
import { livePage } from './live-page.ts';
import { href, indexPage } from './pages.ts';
import { progressOf, stampOf } from './progress.ts';

export const SERVE_FLAG = '--serve';

export interface ResultsServer {
  /** "http://127.0.0.1:8080/". */
  readonly url: string;
  close(): Promise<void>;
}

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;
const TEXT = 'text/plain; charset=utf-8';
const HTML = 'text/html; charset=utf-8';
/** How often a run that goes on is looked at. */
const LOOK_EVERY_MS = 1_000;

/**
 * Serves what lies below `root`, and changes nothing: a list at /, the files of run folders, and a run's progress at
 * /-/live/<folder> with its events at /-/events/<folder>. Throws listen-failed where the address cannot be had.
 */
export async function serveResults(root: string, address: ListenAddress): Promise<ResultsServer> {
  let port = address.port;
  const server = createServer((request, response) => {
    answer(root, { host: address.host, port }, request, response).catch((error: unknown) => {
      if (!response.headersSent) say(response, 500, describeError(error));
      else response.destroy();
    });
  });
  const listening = await listenAt(server, address, SERVE_FLAG);
  port = listening.port;
  return { url: `${listening.origin}/`, close: () => closeServer(server) };
}

async function answer(
  root: string,
  listening: ListenAddress,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return say(response, 405, 'ksweep: this server only shows');
  }
  if (!isOwnHost(request.headers.host, listening)) {
    return say(response, 403, 'ksweep: this name is not one of this server');
  }
  const path = (request.url ?? '/').split(/[?#]/)[0] ?? '/';
  if (path === '/') return say(response, 200, indexPage(await listPages(root)), HTML);
  const live = /^\/-\/(live|events)\/?(.*)$/.exec(path);
  if (live !== null) return answerLive(root, live[1] === 'events', live[2] ?? '', response);
  const file = await fileOf(root, path);
  if (file === null) return say(response, 404, 'ksweep: there is no such page');
  response.writeHead(200, { ...HEADERS, 'content-type': file.contentType });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file.path)
      .on('error', () => response.destroy())
      .pipe(response);
}

async function answerLive(
  root: string,
  events: boolean,
  path: string,
  response: ServerResponse,
): Promise<void> {
  const inside = path === '' ? '' : innerPath(path);
  const dir = inside === null ? null : await realInside(root, inside);
  const first = dir === null ? null : await progressOf(dir).catch(() => null);
  if (dir === null || inside === null || first === null)
    return say(response, 404, 'ksweep: there is no such run');
  if (!events)
    return say(response, 200, pageOf(first.name === '' ? basename(dir) : first.name, inside), HTML);
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  const live = new LiveReader(dir);
  let stamp = '';
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const now = await stampOf(dir);
      if (now !== stamp) {
        const progress = await progressOf(dir);
        stamp = now;
        response.write(`data: ${JSON.stringify(progress)}\n\n`);
      }
      const seconds = await live.next(Date.now());
      if (seconds !== null) response.write(`event: second\ndata: ${JSON.stringify(seconds)}\n\n`);
    } catch {
      response.end();
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  response.on('close', () => clearInterval(timer));
  await look();
}

const pageOf = (title: string, run: string): string =>
  livePage(title, `${run === '' ? '' : href(run)}/report.html`, `/-/events${run === '' ? '' : href(run)}`);

function say(response: ServerResponse, status: number, text: string, contentType = TEXT): void {
  response.writeHead(status, { ...HEADERS, 'content-type': contentType });
  response.end(contentType === TEXT ? `${text}\n` : text);
}
