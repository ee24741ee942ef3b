import { realpath, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join, sep } from 'node:path';

/** What a run folder, a history and their pages consist of, and how a browser is to take it. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  ndjson: 'text/plain; charset=utf-8',
  hlog: 'text/plain; charset=utf-8',
};

export interface ServedFile {
  readonly path: string;
  readonly contentType: string;
}

/**
 * The file that a request path names, or null: for everything that is not a plain file of a known kind below the root,
 * by whatever name ("..", encoded, absolute, hidden, or a symbolic link that leads out of it).
 */
export async function fileOf(root: string, requestPath: string): Promise<ServedFile | null> {
  const inside = innerPath(requestPath);
  if (inside === null) return null;
  const contentType = TYPES[inside.split('.').at(-1)?.toLowerCase() ?? ''];
  if (contentType === undefined) return null;
  const path = await realInside(root, inside);
  if (path === null || !(await stat(path).catch(() => null))?.isFile()) return null;
  return { path, contentType };
}

/** The real path of what lies at `inside`, or null where that is not below the real root. */
export async function realInside(root: string, inside: string): Promise<string | null> {
  try {
    const [real, base] = [await realpath(join(root, inside)), await realpath(root)];
    return real === base || real.startsWith(base.endsWith(sep) ? base : `${base}${sep}`) ? real : null;
  } catch {
    return null;
  }
}

/** A request path as a relative one, decoded once; null where a part of it is empty, hidden, or no name. */
export function innerPath(requestPath: string): string | null {
  let text: string;
  try {
    text = decodeURIComponent(requestPath);
  } catch {
    return null;
  }
  const parts = text.replace(/^\//, '').split('/');
  // A percent sign that is left was encoded twice.
  const isName = (part: string) => part !== '' && !part.startsWith('.') && !/[\0\\%:]/.test(part);
  return parts.every(isName) ? parts.join('/') : null;
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * Whether a Host header names this server: an address, or "localhost", or the name that it was told to listen at. A
 * web page of another name that resolves to this machine is refused, so that it cannot read the folder (DNS rebinding).
 */
export function isOwnHost(header: string | undefined, listening: { host: string; port: number }): boolean {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(header ?? '');
  if (match === null) return false;
  const name = (match[1] ?? '').replace(/^\[|\]$/g, '').toLowerCase();
  if (Number(match[2] ?? 80) !== listening.port) return false;
  if (LOOPBACK_NAMES.has(name) || name === listening.host.toLowerCase()) return true;
  return !LOOPBACK_NAMES.has(listening.host) && isIP(name) !== 0;
}
