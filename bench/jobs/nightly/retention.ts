import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nightDir, readStates, STEPS } from './state.ts';

export interface RetentionRule {
  /** The newest nights that keep everything. */
  readonly keepRawNights: number;
  /** Bytes that the nights' folders may take together. */
  readonly limitBytes: number;
}

export interface RetentionOutcome {
  /** A sentence for each night that lost something. */
  readonly removed: readonly string[];
  readonly bytes: number;
  /** False where even the last night alone is larger than the limit. */
  readonly withinLimit: boolean;
}

/** What the figures were made from; results, manifests and reports are none of it. */
const RAW = /\.hlog$|^series\.csv$/;

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  readonly raw: boolean;
}

async function filesOf(dir: string): Promise<FoundFile[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ name, parentPath }) => {
      const path = join(parentPath, name);
      const info = await stat(path).catch(() => null);
      return { path, bytes: info?.size ?? 0, raw: RAW.test(name) };
    }),
  );
}

const sizeOf = (files: readonly FoundFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Keeps the nights' folders within their limit: raw histograms and series beyond the newest nights go, then, oldest
 * first, those of any night but the last, then whole run folders of the oldest nights. Reports stay; the history
 * itself is never touched, nor is a night that is not finished.
 */
export async function applyRetention(history: string, rule: RetentionRule): Promise<RetentionOutcome> {
  const nights: { night: string; files: FoundFile[] }[] = [];
  let otherBytes = 0;
  for (const { night, state } of await readStates(history)) {
    const files = await filesOf(nightDir(history, night));
    if (state?.finished === true) nights.push({ night, files });
    else otherBytes += sizeOf(files);
  }
  const removed: string[] = [];
  let bytes = otherBytes + nights.reduce((sum, { files }) => sum + sizeOf(files), 0);
  const dropRaw = async (one: { night: string; files: FoundFile[] }, why: string): Promise<void> => {
    const raw = one.files.filter((file) => file.raw);
    if (raw.length === 0) return;
    for (const { path } of raw) await rm(path, { force: true });
    one.files = one.files.filter((file) => !file.raw);
    bytes -= sizeOf(raw);
    removed.push(`raw histograms of night ${one.night} (${why})`);
  };
  const old = nights.slice(0, Math.max(0, nights.length - Math.max(1, rule.keepRawNights)));
  for (const one of old) await dropRaw(one, `older than ${rule.keepRawNights} nights`);
  const butLast = nights.slice(0, -1);
  for (const one of butLast) if (bytes > rule.limitBytes) await dropRaw(one, 'disk limit');
  for (const { night, files } of butLast) {
    if (bytes <= rule.limitBytes) break;
    const dir = nightDir(history, night);
    const runs = files.filter(({ path }) => dirname(path) !== dir);
    if (runs.length === 0) continue;
    for (const step of STEPS) await rm(join(dir, step), { recursive: true, force: true });
    bytes -= sizeOf(runs);
    removed.push(`run folders of night ${night} (disk limit)`);
  }
  return { removed, bytes, withinLimit: bytes <= rule.limitBytes };
}
