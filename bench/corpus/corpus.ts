import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KsweepError } from '../common/errors.ts';
import { runTask } from '../common/pool.ts';
import { STAMP_BYTES } from '../results/stamp.ts';
import { isAtHand, isOfSchema } from '../workload/payload-schema.ts';
import type { RecordsSpec } from '../workload/schema.ts';
import { compressibilityTask, sampleOf } from './compressibility.ts';
import { type CacheFiles, cacheFiles, readCached, writeCached } from './corpus-cache.ts';
import { lengthBytes, writeCorpus, writeKeys } from './corpus-file.ts';
import type { CorpusInput, CorpusResult } from './corpus-input.ts';
import { keysTask } from './keys.ts';
import { type SampleRecords, sampleRecordsTask } from './sample/sample-records.ts';
import { serializedSliceTask } from './serialized/serialized-slice.ts';
import { type Slice, sliceTask } from './slice.ts';
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
  /** What goes with each payload, where they are a sample's. */
  readonly beside?: Pick<SampleRecords, 'keys' | 'headers'>;
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
  const { seed } = input;
  const source =
    payload.source === 'random'
      ? ({ kind: 'random', randomShare: payload.randomShare } as const)
      : ({ kind: 'json' } as const);
  const minBytes = minBytesOf(input.records);
  return inSlices(targetBytes, (slice) => runTask(sliceTask, { source, size, minBytes, seed, ...slice }));
}

/** Payloads of a schema; what they are is known only when they have been built. */
async function serialize(input: CorpusInput, targetBytes: number): Promise<Payloads> {
  const { payload } = input.records;
  if (!isAtHand(payload)) throw new KsweepError('internal', 'no schema at hand');
  refuseSize(input);
  const { seed } = input;
  const file = resolve(input.baseDir, payload.schema);
  const payloads = await inSlices(targetBytes, (slice) =>
    runTask(serializedSliceTask, { payload, file, seed, ...slice }),
  );
  const shortest = payloads.lengths.reduce((least, length) => Math.min(least, length));
  const longest = payloads.lengths.reduce((most, length) => Math.max(most, length));
  const what = `${payload.source} with schema id ${payload.schemaId}`;
  return {
    ...payloads,
    summary: `${payload.schema}: ${payloads.lengths.length} records of ${shortest} to ${longest} bytes, ${what}`,
  };
}

/** Builds a corpus in slices of the same number whatever the machine. */
async function inSlices(
  targetBytes: number,
  build: (slice: { readonly index: number; readonly sliceBytes: number }) => Promise<Slice>,
): Promise<Payloads> {
  const count = Math.max(1, Math.ceil(targetBytes / SLICE_BYTES));
  const sliceBytes = Math.ceil(targetBytes / count);
  const slices = await Promise.all(Array.from({ length: count }, (_, index) => build({ index, sliceBytes })));
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

/** Records that are the user's have lengths already. */
function refuseSize({ records: { size, payload } }: CorpusInput): void {
  if (size === undefined) return;
  const what = isOfSchema(payload) ? 'schema' : payload.source === 'sample' ? 'sample' : 'payload file';
  throw new KsweepError('workload-invalid', `records.size: the records of a ${what} keep their own lengths`, {
    hint: 'remove records.size, or use `source: json` or `source: random`',
  });
}

/** Few records are sent again and again. */
function repetition(path: string, distinct: Payloads, targetBytes: number, batchSizeBytes: number): string[] {
  if (distinct.distinctBytes >= 0.9 * Math.min(targetBytes, defaultCorpusBytes(batchSizeBytes))) return [];
  return [
    `${path} holds only ${distinct.distinctRecords} distinct records (${mib(distinct.distinctBytes)}): they are ` +
      'sent again and again, and a codec whose window spans a repetition compresses better than it would in production',
  ];
}

async function readTaken(input: CorpusInput, targetBytes: number): Promise<Payloads> {
  const { payload, stamp } = input.records;
  if (payload.source !== 'sample') throw new KsweepError('internal', 'not a sample');
  refuseSize(input);
  const path = resolve(input.baseDir, payload.path);
  // A sample is used as a whole: its end is as much of the traffic as its start.
  const limitBytes = input.records.corpus === undefined ? LARGEST_BYTES : targetBytes;
  const sample = await runTask(sampleRecordsTask, { path, limitBytes, stamp });
  const payloads: Payloads = {
    ...sample,
    parts: [sample.bytes],
    summary: `${payload.path}: ${sample.summary}`,
    beside: sample,
  };
  const repeats = repetition(payload.path, payloads, targetBytes, input.batchSizeBytes);
  return { ...payloads, warnings: [...sample.warnings, ...repeats] };
}

async function readUser(input: CorpusInput, targetBytes: number): Promise<Payloads> {
  const { payload, stamp } = input.records;
  if (payload.source !== 'file') throw new KsweepError('internal', 'not a payload file');
  refuseSize(input);
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
  const payloads = { ...user, parts: [user.bytes], summary: `${payload.path}: ${user.summary}`, warnings };
  warnings.push(...repetition(payload.path, payloads, targetBytes, input.batchSizeBytes));
  return payloads;
}

const mib = (bytes: number): string =>
  bytes < MIB ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`;

async function buildKeys(
  input: CorpusInput,
  file: string,
  beside: Payloads['beside'],
): Promise<{ file: string; meanBytes: number; hottestShare: number } | null> {
  if (beside !== undefined) {
    if (beside.keys === null) return null;
    const { bytes, lengths, sequence, hottestShare } = beside.keys;
    await writeKeys(file, bytes, lengths, sequence, true);
    const sentBytes = sequence.reduce((sum, key) => sum + lengthBytes(lengths[key] ?? 0), 0);
    return { file, meanBytes: sentBytes / sequence.length, hottestShare };
  }
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

function payloadsOf(input: CorpusInput, targetBytes: number): Promise<Payloads> {
  const { payload } = input.records;
  const { source } = payload;
  if (isOfSchema(payload)) return serialize(input, targetBytes);
  if (source === 'sample') return readTaken(input, targetBytes);
  return source === 'file' ? readUser(input, targetBytes) : generate(input, targetBytes);
}

async function make(input: CorpusInput, targetBytes: number, files: CacheFiles): Promise<CorpusResult> {
  const payloads = await payloadsOf(input, targetBytes);
  const { parts, beside } = payloads;
  await writeCorpus(files.corpus, parts, payloads.lengths);
  const keys = await buildKeys(input, files.keys, beside);
  const headers = beside?.headers ?? null;
  if (headers !== null)
    await writeKeys(files.headers, headers.bytes, headers.lengths, headers.sequence, true);
  const lengths = payloads.lengths.map(lengthBytes);
  const totalBytes = lengths.reduce((sum, length) => sum + length, 0);
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return {
    corpusFile: files.corpus,
    keysFile: keys?.file ?? null,
    headersFile: headers === null ? null : files.headers,
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
