import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestSchema } from '../../bench/results/manifest.ts';
import { realInside } from './guard.ts';

/** A page or run folder below the root. */
export interface Listed {
  readonly kind: 'run' | 'night' | 'page';
  /** Relative to the root, with "/" between names. */
  readonly path: string;
  readonly title: string;
  /** Page to open; null for a run without a report yet. */
  readonly page: string | null;
  /** When it was begun or written, ISO. */
  readonly at: string;
  /** A run that has not ended. */
  readonly running: boolean;
}

/** Nights lie two folders below a history, the runs of a night two more. */
const MAX_DEPTH = 5;
const MAX_FOLDERS = 5_000;
/** Folders of single repeats hold no pages. */
const SKIPPED = new Set(['cells', 'node_modules']);

/** Run folders, nights and other pages below the root, the newest first. Links that lead out of it are left out. */
export async function listPages(root: string): Promise<Listed[]> {
  const found: Listed[] = [];
  let folders = 0;
  const visit = async (inside: string, depth: number): Promise<void> => {
    if (folders++ > MAX_FOLDERS) return;
    const dir = await realInside(root, inside);
    if (dir === null) return;
    const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
    const names = entries.map(({ name }) => name).filter((name) => !name.startsWith('.'));
    if (names.includes('manifest.json')) {
      const run = await runOf(dir, inside, names.includes('report.html'));
      if (run !== null) found.push(run);
    }
    for (const name of names.filter((one) => one.endsWith('.html'))) {
      const path = inside === '' ? name : `${inside}/${name}`;
      if (names.includes('manifest.json') && name === 'report.html') continue;
      const page = await pageOf(root, path);
      if (page !== null) found.push(page);
    }
    if (depth >= MAX_DEPTH) return;
    for (const entry of entries) {
      const { name } = entry;
      if (!entry.isDirectory() || name.startsWith('.') || SKIPPED.has(name)) continue;
      await visit(inside === '' ? name : `${inside}/${name}`, depth + 1);
    }
  };
  await visit('', 0);
  return found.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.path.localeCompare(b.path)));
}

async function runOf(dir: string, path: string, hasReport: boolean): Promise<Listed | null> {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')));
    if (!parsed.success) return null;
    const { name, createdAt, finishedAt } = parsed.data;
    const base = path === '' ? '' : `${path}/`;
    return {
      kind: 'run',
      path,
      title: name,
      page: hasReport ? `${base}report.html` : null,
      at: createdAt,
      running: finishedAt === null,
    };
  } catch {
    return null;
  }
}

async function pageOf(root: string, path: string): Promise<Listed | null> {
  const real = await realInside(root, path);
  const facts = real === null ? null : await stat(real).catch(() => null);
  if (facts === null || !facts.isFile()) return null;
  const night = /(?:^|\/)(?:trend|report)\.html$/.test(path);
  return {
    kind: night ? 'night' : 'page',
    path,
    title: path,
    page: path,
    at: facts.mtime.toISOString(),
    running: false,
  };
}
