import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KsweepError } from '../common/errors.ts';
import { runTask } from '../common/pool.ts';
import { STAMP_BYTES } from '../results/stamp.ts';
import type { RecordsSpec } from '../workload/schema.ts';
import { compressibilityTask, sampleOf } from './compressibility.ts';
import { type CacheFiles, cacheFiles, readCached, writeCached } from './corpus-cache.ts';
import { writeCorpus, writeKeys } from './corpus-file.ts';
import type { CorpusInput, CorpusResult } from './corpus-input.ts';
import { keysTask } from './keys.ts';
import { sliceTask } from './slice.ts';
import { userRecordsTask } from './user-records.ts';

const MIB = 2 ** 20;
const SLICE_BYTES = 4 * MIB;
const MIN_TARGET_BYTES = 32 * MIB;
const MAX_TARGET_BYTES = 256 * MIB;
const DEFAULT_RECORD_BYTES = 1024;
/** Offsets in the file are 32 bits wide, and every producer holds the whole corpus in memory. */
const LARGEST_BYTES = 1024 * MIB;

/**
 * No batch may meet a payload again while a codec remembers it: 64 batches, and 32 MiB because zstd's window
 * reaches 8 MiB at high levels. More than 256 MiB would only cost memory in every producer.
 */
export function defaultCorpusBytes(batchSizeBytes: number): number {
  return Math.min(MAX_TARGET_BYTES, Math.max(MIN_TARGET_BYTES, 64 * batchSizeBytes));
}

interface Payloads {
  readonly parts: readonly Uint8Array[];
  readonly lengths: Uint32Array;
  readonly distinctRecords: number;
  readonly distinctBytes: number;
  readonly summary: string | null;
  readonly warnings: readonly string[];
}

function concatenate(arrays: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}

const minBytesOf = (records: RecordsSpec): number => (records.stamp === 'payload' ? STAMP_BYTES : 0);

async function generate(input: CorpusInput, targetBytes: number): Promise<Payloads> {
  const { payload, size = DEFAULT_RECORD_BYTES } = input.records;
  const source =
    payload.source === 'random'
      ? ({ kind: 'random', randomShare: payload.randomShare } as const)
      : ({ kind: 'json' } as const);
  const count = Math.max(1, Math.ceil(targetBytes / SLICE_BYTES));
  const slices = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      runTask(sliceTask, {
        source,
        size,
        minBytes: minBytesOf(input.records),
        seed: input.seed,
        index,
        sliceBytes: Math.ceil(targetBytes / count),
      }),
    ),
  );
  const lengths = concatenate(slices.map((slice) => slice.lengths));
  const distinctRecords = slices.reduce((sum, slice) => sum + slice.distinctRecords, 0);
  const distinctBytes = slices.reduce((sum, slice) => sum + slice.distinctBytes, 0);
  const warnings =
    distinctRecords < lengths.length / 2
      ? [
          `only ${distinctRecords} of ${lengths.length} payloads differ from all others: codecs profit from that`,
        ]
      : [];
  const parts = slices.map((slice) => slice.bytes);
  return { parts, lengths, distinctRecords, distinctBytes, summary: null, warnings };
}

async function readUser(input: CorpusInput, targetBytes: number): Promise<Payloads> {
  const { payload, size, stamp } = input.records;
  if (payload.source !== 'file') throw new KsweepError('internal', 'not a payload file');
  if (size !== undefined) {
    throw new KsweepError(
      'workload-invalid',
      'records.size: the records of a payload file keep their own lengths',
      { hint: 'remove records.size, or use `source: json` or `source: random`' },
    );
  }
  const path = input.payloadFile ?? resolve(input.baseDir, payload.path);
  const user = await runTask(userRecordsTask, { path, format: payload.format, limitBytes: targetBytes });
  const shortest = user.lengths.reduce((least, length) => Math.min(least, length), Number.POSITIVE_INFINITY);
  if (stamp === 'payload' && shortest < STAMP_BYTES) {
    throw new KsweepError(
      'workload-invalid',
      `${path}: a record of ${shortest} bytes has no room for the ${STAMP_BYTES}-byte stamp`,
      { details: user.warnings, hint: 'set `records.stamp: header`' },
    );
  }
  const warnings = user.warnings.map((warning) => `${payload.path}: ${warning}`);
  if (user.cut) warnings.push(`${payload.path}: only its first ${mib(targetBytes)} are used`);
  if (user.distinctBytes < 0.9 * Math.min(targetBytes, defaultCorpusBytes(input.batchSizeBytes))) {
    warnings.push(
      `${payload.path} holds only ${user.distinctRecords} distinct records (${mib(user.distinctBytes)}): they are ` +
        'sent again and again, and a codec whose window spans a repetition compresses better than it would in production',
    );
  }
  return { ...user, parts: [user.bytes], summary: `${payload.path}: ${user.summary}`, warnings };
}

const mib = (bytes: number): string =>
  bytes < MIB ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`;

async function buildKeys(
  input: CorpusInput,
  file: string,
): Promise<{ file: string; meanBytes: number; hottestShare: number } | null> {
  const { keys } = input.records;
  if (keys === 'none') return null;
  const generated = await runTask(keysTask, { spec: keys, seed: input.seed });
  await writeKeys(file, generated.bytes, generated.lengths, generated.sequence);
  return {
    file,
    meanBytes: generated.bytes.length / generated.lengths.length,
    hottestShare: generated.hottestShare,
  };
}

async function make(input: CorpusInput, targetBytes: number, files: CacheFiles): Promise<CorpusResult> {
  const payloads =
    input.records.payload.source === 'file'
      ? await readUser(input, targetBytes)
      : await generate(input, targetBytes);
  const { parts, lengths } = payloads;
  await writeCorpus(files.corpus, parts, lengths);
  const keys = await buildKeys(input, files.keys);
  const totalBytes = lengths.reduce((sum, length) => sum + length, 0);
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return {
    corpusFile: files.corpus,
    keysFile: keys?.file ?? null,
    sha256: hash.digest('hex'),
    records: lengths.length,
    distinctRecords: payloads.distinctRecords,
    distinctBytes: payloads.distinctBytes,
    meanBytes: totalBytes / lengths.length,
    minBytes: lengths.reduce((least, length) => Math.min(least, length), Number.POSITIVE_INFINITY),
    maxBytes: lengths.reduce((most, length) => Math.max(most, length), 0),
    keyBytes: keys?.meanBytes ?? null,
    hottestKeyShare: keys?.hottestShare ?? null,
    compressibility: await runTask(compressibilityTask, {
      ...sampleOf(parts, lengths),
      batchSizeBytes: input.batchSizeBytes,
      stamp: input.records.stamp,
    }),
    summary: payloads.summary,
    warnings: payloads.warnings,
  };
}

/**
 * Builds the payload corpus and, where there are keys, the key file in `outDir`, in pool threads; the same input
 * finds what an earlier call left there. The bytes depend on the input only, not on the machine's cores.
 * Throws `workload-invalid` for a size distribution or payload file that cannot be used.
 */
export async function buildCorpus(input: CorpusInput): Promise<CorpusResult> {
  const targetBytes =
    input.sizeBytesTarget ?? input.records.corpus ?? defaultCorpusBytes(input.batchSizeBytes);
  if (!(targetBytes >= 1 && targetBytes <= LARGEST_BYTES)) {
    throw new KsweepError('workload-invalid', `records.corpus: ${targetBytes} bytes of payloads`, {
      hint: 'expected a size up to 1GiB: every producer holds the corpus in memory',
    });
  }
  await mkdir(input.outDir, { recursive: true });
  const files = await cacheFiles(input, targetBytes);
  const cached = await readCached(files);
  if (cached !== undefined) return cached;
  const result = await make(input, targetBytes, files);
  await writeCached(files, result);
  return result;
}
