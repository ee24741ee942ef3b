import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeAtomically } from '../common/write-atomically.ts';
import { isAtHand } from '../workload/payload-schema.ts';
import type { CorpusInput, CorpusResult } from './corpus-input.ts';
import { withImports } from './serialized/protobuf-imports.ts';

/** The files of one corpus; their names hold a digest of everything that decides their content. */
export interface CacheFiles {
  readonly corpus: string;
  readonly keys: string;
  readonly headers: string;
  readonly result: string;
}

/** Part of the digest: raise it when the same input gives other bytes. */
const GENERATOR_VERSION = 3;

async function identity(path: string): Promise<unknown> {
  const found = await stat(path).catch(() => undefined);
  return [path, found?.size, found?.mtimeMs];
}

/** A schema with its imports; alone where it cannot be read, which building it will say. */
function pathsOf(file: string): string[] {
  try {
    return withImports(file).flatMap(({ path }) => path ?? []);
  } catch {
    return [file];
  }
}

/** A user's file counts by path, size and time of change; a folder by those of all its files. */
async function sourceIdentity(input: CorpusInput): Promise<unknown> {
  const { payload } = input.records;
  if (isAtHand(payload)) {
    const file = resolve(input.baseDir, payload.schema);
    return payload.source === 'protobuf' ? Promise.all(pathsOf(file).map(identity)) : identity(file);
  }
  if (payload.source !== 'file' && payload.source !== 'sample') return null;
  const path = input.payloadFile ?? resolve(input.baseDir, payload.path);
  if (payload.source === 'sample' || payload.format !== 'folder') return identity(path);
  const entries = await readdir(path).catch(() => []);
  return Promise.all(entries.sort().map((entry) => identity(join(path, entry))));
}

export async function cacheFiles(input: CorpusInput, targetBytes: number): Promise<CacheFiles> {
  const { size, payload, keys, stamp } = input.records;
  const { seed, batchSizeBytes } = input;
  const source = await sourceIdentity(input);
  const spec = { GENERATOR_VERSION, size, payload, keys, stamp, seed, batchSizeBytes, targetBytes, source };
  const digest = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
  return {
    corpus: join(input.outDir, `corpus-${digest}.bin`),
    keys: join(input.outDir, `keys-${digest}.bin`),
    headers: join(input.outDir, `headers-${digest}.bin`),
    result: join(input.outDir, `corpus-${digest}.json`),
  };
}

/** What an earlier call built, or undefined where any of its files is missing. The result file is written last. */
export async function readCached(files: CacheFiles): Promise<CorpusResult | undefined> {
  try {
    const cached = JSON.parse(await readFile(files.result, 'utf8')) as CorpusResult;
    await stat(files.corpus);
    if (cached.keysFile !== null) await stat(files.keys);
    if (cached.headersFile !== null) await stat(files.headers);
    // The folder may have moved since.
    return {
      ...cached,
      corpusFile: files.corpus,
      keysFile: cached.keysFile === null ? null : files.keys,
      headersFile: cached.headersFile === null ? null : files.headers,
    };
  } catch {
    return undefined;
  }
}

export async function writeCached(files: CacheFiles, result: CorpusResult): Promise<void> {
  await writeAtomically(files.result, [JSON.stringify(result)]);
}
