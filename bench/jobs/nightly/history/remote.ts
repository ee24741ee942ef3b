import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KsweepError } from '../../../common/errors.ts';
import { takeLock } from '../lock.ts';
import { appendLines } from './append.ts';

/** Command lines that copy new files from one place to another and remove none. */
const CLIENTS = {
  aws: ['s3', 'sync', '--only-show-errors'],
  rclone: ['copy'],
  mc: ['mirror', '--quiet'],
} as const;
export type RemoteClient = keyof typeof CLIENTS;
export const REMOTE_CLIENTS = Object.keys(CLIENTS) as RemoteClient[];

export interface Remote {
  /** What the client understands: s3://bucket/prefix, remote:path, alias/bucket/prefix. */
  readonly url: string;
  readonly client: RemoteClient;
  /** How long one copy may take, ms. */
  readonly limitMs: number;
}

async function copy({ client, limitMs }: Remote, from: string, to: string): Promise<void> {
  const args = [...CLIENTS[client], from, to];
  const failed = (why: string): KsweepError =>
    new KsweepError('history-remote-failed', `${client} ${args.join(' ')}: ${why}`, {
      hint: 'the local history is complete; the next night copies what is missing',
    });
  await new Promise<void>((resolve, reject) => {
    const child = spawn(client, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: limitMs });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-2_000);
    });
    child.on('error', (error) => reject(failed(error.message)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(failed(stderr.trim() || `exit status ${code ?? signal}`));
    });
  });
}

const journalOf = (dir: string): string => join(dir, 'journal');
/** What is copied: files that never change once they are there. */
const SHARED = ['journal', 'environments'] as const;
const placeOf = ({ url }: Remote, name: string): string => `${url.replace(/\/+$/, '')}/${name}`;

/**
 * Object storage knows no append, and two writers would overwrite each other's files. So what is copied is only the
 * journal: each append of each writer is a file of its own, never changed afterwards (and the environments, which
 * are named by their digest). A history is its journal's
 * lines, put where they belong; a folder that was lost is built anew from them.
 */
export async function pullHistory(dir: string, remote: Remote): Promise<number> {
  await mkdir(journalOf(dir), { recursive: true });
  const before = new Set(await readdir(journalOf(dir)));
  for (const name of SHARED) {
    await mkdir(join(dir, name), { recursive: true });
    await copy(remote, placeOf(remote, name), join(dir, name));
  }
  const fresh = (await readdir(journalOf(dir))).filter(
    (name) => !before.has(name) && name.endsWith('.ndjson'),
  );
  return applyJournal(dir, fresh.sort());
}

export async function pushHistory(dir: string, remote: Remote): Promise<void> {
  for (const name of SHARED) {
    await mkdir(join(dir, name), { recursive: true });
    await copy(remote, join(dir, name), placeOf(remote, name));
  }
}

interface JournalLine {
  readonly path: string;
  readonly line: string;
}

/** Below the history, with no way out of it: the journal came from elsewhere. */
const SAFE_PATH = /^(nights\.ndjson|series(\/[A-Za-z0-9_=,-][A-Za-z0-9._=,-]*){3}\.ndjson)$/;

function parseJournal(text: string): JournalLine[] {
  return text.split('\n').flatMap((content) => {
    try {
      const { path, line } = JSON.parse(content) as Partial<JournalLine>;
      return typeof path === 'string' &&
        typeof line === 'string' &&
        SAFE_PATH.test(path) &&
        !line.includes('\n')
        ? [{ path, line }]
        : [];
    } catch {
      return [];
    }
  });
}

/** Appends the lines of these journal files that the history lacks; returns how many those were. */
export async function applyJournal(dir: string, names: readonly string[]): Promise<number> {
  const release = await takeLock(join(dir, 'append.lock'), { waitMs: 30_000, what: `the history ${dir}` });
  try {
    const byPath = new Map<string, string[]>();
    for (const name of names) {
      for (const { path, line } of parseJournal(await readFile(join(journalOf(dir), name), 'utf8'))) {
        byPath.set(path, [...(byPath.get(path) ?? []), line]);
      }
    }
    let applied = 0;
    for (const [path, lines] of byPath) {
      const existing = new Set((await readFile(join(dir, path), 'utf8').catch(() => '')).split('\n'));
      const missing = lines.filter((line) => !existing.has(line));
      if (missing.length > 0) await appendLines(join(dir, path), missing);
      applied += missing.length;
    }
    return applied;
  } finally {
    await release();
  }
}
