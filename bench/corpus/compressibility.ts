import zlib from 'node:zlib';
import { poolTask } from '../common/pool.ts';
import { STAMP_BYTES, StampWriter } from '../results/stamp.ts';
import type { RecordsSpec } from '../workload/schema.ts';

/** Uncompressed ÷ compressed bytes of the records alone, without Kafka's framing. */
export interface Ratios {
  readonly gzip1: number;
  readonly gzip6: number;
  /** null where this Node.js has no zstd. */
  readonly zstd3: number | null;
}

export interface Compressibility {
  readonly batchSizeBytes: number;
  readonly sampledBytes: number;
  readonly plain: Ratios;
  /** With the measuring stamp over the first bytes of each record, or null where it does not go there. */
  readonly stamped: Ratios | null;
}

export interface CompressibilityInput {
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
  readonly batchSizeBytes: number;
  readonly stamp: RecordsSpec['stamp'];
}

/** Enough for two digits of a ratio, and few enough that three codecs take well under a second. */
const SAMPLE_BYTES = 2 * 2 ** 20;
/** Due times in the sample advance as at 20,000 records a second. */
/** Any tag will do: it is the same in each record of a repeat. */
const RUN_TAG = 0x6b73_7765;
const GAP_US = 50;

/** The records at the start of a corpus that suffice for the measurement, so that no more crosses to a thread. */
export function sampleOf(
  parts: readonly Uint8Array[],
  lengths: Uint32Array,
): Pick<CompressibilityInput, 'bytes' | 'lengths'> {
  const first = parts[0] ?? new Uint8Array();
  let bytes = 0;
  let records = 0;
  for (const length of lengths) {
    if (bytes >= SAMPLE_BYTES || bytes + length > first.length) break;
    bytes += length;
    records++;
  }
  return { bytes: first.slice(0, bytes), lengths: lengths.slice(0, records) };
}

type Codec = (batch: Uint8Array) => Uint8Array;

/** zstd came to node:zlib with 22.15; the types of Node 20 don't know it. */
function zstd(): Codec | undefined {
  const compress: unknown = Reflect.get(zlib, 'zstdCompressSync');
  return typeof compress === 'function' ? (batch) => compress(batch) as Uint8Array : undefined;
}

/** Splits consecutive records into batches of at most `batchSizeBytes`, one record at least, as a producer does. */
function batchesOf(input: CompressibilityInput): Buffer[] {
  const batches: Buffer[] = [];
  let from = 0;
  let to = 0;
  for (const length of input.lengths) {
    if (to > from && to + length - from > input.batchSizeBytes) {
      batches.push(Buffer.from(input.bytes.subarray(from, to)));
      from = to;
    }
    to += length;
  }
  if (to > from) batches.push(Buffer.from(input.bytes.subarray(from, to)));
  return batches;
}

function ratio(batches: readonly Buffer[], compress: Codec): number {
  let plain = 0;
  let compressed = 0;
  for (const batch of batches) {
    plain += batch.length;
    compressed += compress(batch).length;
  }
  return compressed === 0 ? 1 : plain / compressed;
}

function ratios(batches: readonly Buffer[]): Ratios {
  const zstdCodec = zstd();
  return {
    gzip1: ratio(batches, (batch) => zlib.gzipSync(batch, { level: 1 })),
    gzip6: ratio(batches, (batch) => zlib.gzipSync(batch, { level: 6 })),
    zstd3: zstdCodec === undefined ? null : ratio(batches, zstdCodec),
  };
}

/** Writes stamps over the records of all batches, as one producer would. */
function stampAll(batches: readonly Buffer[], lengths: Uint32Array): void {
  const stamp = new StampWriter(RUN_TAG, 0, 1);
  let sequence = 0;
  for (const batch of batches) {
    for (let at = 0; at < batch.length; sequence++) {
      const length = lengths[sequence] ?? batch.length;
      if (length >= STAMP_BYTES) {
        stamp.write(0, sequence, sequence * GAP_US + 1e9);
        batch.set(stamp.column, at);
      }
      at += length;
    }
  }
}

/** Measures how well the records compress in batches of the producer's size, with and without the stamp. */
function measureCompressibility(input: CompressibilityInput): Compressibility {
  const batches = batchesOf(input);
  const plain = ratios(batches);
  let stamped: Ratios | null = null;
  if (input.stamp === 'payload') {
    stampAll(batches, input.lengths);
    stamped = ratios(batches);
  }
  const sampledBytes = batches.reduce((sum, batch) => sum + batch.length, 0);
  return { batchSizeBytes: input.batchSizeBytes, sampledBytes, plain, stamped };
}

export const compressibilityTask = poolTask(import.meta.url, 'compressibilityTask', measureCompressibility);
