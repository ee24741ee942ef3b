import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KsweepError } from '../common/errors.ts';
import { type BrokerSecondRow, parseBrokerSeconds } from './broker-seconds.ts';
import type { LatencyName } from './latency.ts';
import { MANIFEST_SCHEMA_VERSION, type Manifest, manifestSchema } from './manifest.ts';
import { planLineSchema } from './plan-line.ts';
import type { PlannedRepeat } from './planned.ts';
import { parseSeries } from './read-series.ts';
import { RESULT_SCHEMA_VERSION, type RepeatResult, repeatResultSchema } from './result.ts';
import { isRetryDue } from './retry.ts';
import type { SeriesRow } from './series-columns.ts';

/** A run folder as everything downstream of it reads it. */
export interface LoadedRun {
  readonly dir: string;
  readonly manifest: Manifest;
  /** The last attempt of each repeat, in the order they ran. */
  readonly repeats: readonly RepeatResult[];
  /** Earlier attempts that were invalid and run again; never part of a figure. */
  readonly replaced: readonly RepeatResult[];
  readonly planned: readonly PlannedRepeat[];
  /** Planned repeats without their last attempt: the run was cut off, or goes on. */
  readonly unfinished: readonly PlannedRepeat[];
  /** What is torn, missing or unreadable in the folder, a sentence each. */
  readonly problems: readonly string[];
  /** The probes of a repeat whose rate was searched, in the order they ran; none for another repeat. */
  probes(result: RepeatResult): Promise<RepeatResult[]>;
  /** The histogram log of a repeat, or null where it holds none. */
  hlogPath(result: RepeatResult, latency: LatencyName): string | null;
  /** The seconds of a repeat; none where its series.csv is missing or unreadable. */
  series(result: RepeatResult): Promise<SeriesRow[]>;
  /** What the brokers said of each second; none where their metrics were not read. */
  brokerSeconds(result: RepeatResult): Promise<BrokerSecondRow[]>;
}

/** Files read at a time: enough to keep a disk busy, far below the limit of open files. */
const READ_AT_ONCE = 32;
const ATTEMPT_FOLDER = /^(\d+)(?:\.attempt-(\d+))?$/;

interface Found {
  readonly folder: string;
  readonly replaced: boolean;
  readonly result: RepeatResult;
}

/**
 * Reads a run folder, also one that is not finished or that a kill cut off: what is missing is named in `problems`.
 * Throws KsweepError('run-folder-invalid') where there is none, or where a newer version wrote it.
 */
export async function loadRun(dir: string): Promise<LoadedRun> {
  const manifest = await readManifest(dir);
  const problems: string[] = [];
  const planned = await readPlanned(dir, problems);
  const position = new Map(planned.map((one) => [`${one.cellId}/${one.block}`, one.position]));
  const place = ({ cellId, block }: RepeatResult) =>
    position.get(`${cellId}/${block}`) ?? Number.POSITIVE_INFINITY;

  const known = new Set(manifest.cells.map((cell) => cell.id));
  const found = (await readResults(dir, problems)).filter(({ result, folder }) => {
    if (known.has(result.cellId)) return true;
    problems.push(`${folder} belongs to no cell of the manifest and is left out`);
    return false;
  });
  found.sort((a, b) => place(a.result) - place(b.result) || a.result.block - b.result.block);
  const folders = new Map(found.map((one) => [one.result, one.folder]));
  const repeats = found.filter((one) => !one.replaced).map((one) => one.result);
  const finished = new Set(
    repeats.filter((one) => !isRetryDue(one)).map((one) => `${one.cellId}/${one.block}`),
  );
  const folderOf = (result: RepeatResult) =>
    join(dir, folders.get(result) ?? join('cells', result.cellId, String(result.block)));

  return {
    dir,
    manifest,
    repeats,
    replaced: found.filter((one) => one.replaced).map((one) => one.result),
    planned,
    unfinished: planned.filter((one) => !finished.has(`${one.cellId}/${one.block}`)),
    problems,
    async probes(result) {
      const folder = `${join('cells', result.cellId, String(result.block))}.probes`;
      const own = (await names(join(dir, folder))).filter((name) => /^\d+$/.test(name));
      const read = await Promise.all(
        own.sort((a, b) => Number(a) - Number(b)).map((name) => readRecord(dir, join(folder, name))),
      );
      return read.filter((one) => typeof one !== 'string');
    },
    hlogPath(result, latency) {
      const path = join(folderOf(result), `${latency}.hlog`);
      return existsSync(path) ? path : null;
    },
    async series(result) {
      try {
        return parseSeries(await readFile(join(folderOf(result), 'series.csv'), 'utf8'));
      } catch {
        return [];
      }
    },
    async brokerSeconds(result) {
      const text = await readFile(join(folderOf(result), 'brokers.csv'), 'utf8').catch(() => '');
      return parseBrokerSeconds(text);
    },
  };
}

async function readManifest(dir: string): Promise<Manifest> {
  const file = join(dir, 'manifest.json');
  const hint = 'give the folder that a run has written, such as results/<time>-<name>';
  if (!(await stat(dir).catch(() => null))?.isDirectory()) {
    throw new KsweepError('run-folder-invalid', `there is not a run folder ${dir}`, { hint });
  }
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null)
    throw new KsweepError('run-folder-invalid', `${dir} has no manifest.json: no run folder`, { hint });
  const content = parseJson(text);
  refuseNewer(content, MANIFEST_SCHEMA_VERSION, file);
  const parsed = manifestSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new KsweepError('run-folder-invalid', `${file} is not a manifest of a run`, {
    details: issuesOf(parsed.error),
    hint,
  });
}

async function readPlanned(dir: string, problems: string[]): Promise<PlannedRepeat[]> {
  const text = await readFile(join(dir, 'plan.ndjson'), 'utf8').catch(() => null);
  if (text === null) {
    problems.push('plan.ndjson is missing: unfinished repeats are not known');
    return [];
  }
  const planned: PlannedRepeat[] = [];
  const rounds: { block: number; dropped: readonly string[] }[] = [];
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const parsed = planLineSchema.safeParse(parseJson(line));
    if (!parsed.success) unreadable++;
    else if (parsed.data.type === 'planned') {
      const { position, block, cellId, seed } = parsed.data;
      planned.push({ position, block, cellId, seed });
    } else if (parsed.data.type === 'round') rounds.push(parsed.data);
  }
  if (unreadable > 0) problems.push(`plan.ndjson holds ${unreadable} torn or unknown line(s)`);
  // What a halving dropped is not missing.
  const dropped = (one: PlannedRepeat): boolean =>
    rounds.some(({ block, dropped: cells }) => one.block >= block && cells.includes(one.cellId));
  return planned.filter((one) => !dropped(one)).sort((a, b) => a.position - b.position);
}

async function readResults(dir: string, problems: string[]): Promise<Found[]> {
  const folders: { folder: string; replaced: boolean }[] = [];
  for (const cell of await names(join(dir, 'cells'))) {
    for (const name of await names(join(dir, 'cells', cell))) {
      const folder = join('cells', cell, name);
      const match = ATTEMPT_FOLDER.exec(name);
      if (match !== null) folders.push({ folder, replaced: match[2] !== undefined });
      else if (name.startsWith('.')) problems.push(`${folder} was torn off in mid-write and is left out`);
      else if (!name.endsWith('.probes')) problems.push(`${folder} is not a repeat and is left out`);
    }
  }
  const found: Found[] = [];
  for (let from = 0; from < folders.length; from += READ_AT_ONCE) {
    const batch = await Promise.all(
      folders.slice(from, from + READ_AT_ONCE).map(async ({ folder, replaced }) => {
        const result = await readResult(dir, folder, problems);
        return result === null ? [] : [{ folder, replaced, result }];
      }),
    );
    found.push(...batch.flat());
  }
  return found;
}

/** The result of a repeat's folder, or null where it is none: `problems` then says why. */
async function readResult(dir: string, folder: string, problems: string[]): Promise<RepeatResult | null> {
  const result = await readRecord(dir, folder);
  if (typeof result === 'string') {
    problems.push(`${result} and is left out`);
    return null;
  }
  const cell = basename(join(dir, folder, '..'));
  const [block] = basename(folder).split('.');
  if (result.cellId === cell && String(result.block) === block) return result;
  problems.push(`${folder} holds the result of ${result.cellId}/${result.block} and is left out`);
  return null;
}

/** A folder's result.json, or what is wrong with it. Throws where a newer version wrote it. */
async function readRecord(dir: string, folder: string): Promise<RepeatResult | string> {
  const file = join(folder, 'result.json');
  const text = await readFile(join(dir, file), 'utf8').catch(() => null);
  if (text === null) return `${folder} has no result.json`;
  const content = parseJson(text);
  refuseNewer(content, RESULT_SCHEMA_VERSION, join(dir, file));
  const parsed = repeatResultSchema.safeParse(content);
  return parsed.success ? parsed.data : `${file} is unreadable (${issuesOf(parsed.error)[0] ?? 'no JSON'})`;
}

/** Sorted, so that a report does not depend on the file system's order; none where the folder is missing. */
async function names(dir: string): Promise<string[]> {
  return (await readdir(dir).catch(() => [])).sort();
}

function refuseNewer(content: unknown, known: number, file: string): void {
  const version = (content as { schemaVersion?: unknown } | undefined)?.schemaVersion;
  if (typeof version !== 'number' || version <= known) return;
  throw new KsweepError(
    'run-folder-invalid',
    `${file} has schema version ${version}; this ksweep reads up to ${known}`,
    { hint: 'use the version of ksweep that wrote it, or a later one' },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function issuesOf(error: { readonly issues: readonly { path: PropertyKey[]; message: string }[] }): string[] {
  return error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'content'}: ${message}`);
}
