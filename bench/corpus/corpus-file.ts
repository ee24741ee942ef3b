import { readFileSync } from 'node:fs';
import { KsweepError } from '../common/errors.ts';
import { writeAtomically } from '../common/write-atomically.ts';

/**
 * Payloads and keys on disk, for producers that read a file once and then slice it. Little-endian:
 *
 * | bytes | corpus | key file |
 * | --- | --- | --- |
 * | 0–7 | "KSWEEPC1" | "KSWEEPK1" |
 * | 8–11 | u32 records | u32 keys |
 * | 12–15 | 0 | u32 length of the sequence |
 * | 16–23 | f64 bytes of all records | f64 bytes of all keys |
 * | 24–27 | 0 | 1 where the sequence goes by payload, else 0 |
 * | 28–31 | 0 | 0 |
 * | then | u32 offset of each record, u32 length of each | the same of each key |
 * | then | | u32 key indexes in the order they are sent |
 * | then | the records | the keys |
 *
 * Offsets count from the first byte of the records, so one view of the file serves as `bytes`. A length of 2³² − 1 is
 * null: a tombstone, or no key; as a 32-bit integer it is the −1 of the client's columns.
 */
export const NULL_LENGTH = 0xffff_ffff;

const CORPUS_MAGIC = 'KSWEEPC1';
const KEYS_MAGIC = 'KSWEEPK1';
const HEADER_BYTES = 32;

export interface Corpus {
  readonly count: number;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
  readonly bytes: Buffer;
}

export interface Keys extends Corpus {
  /** Which key the i-th record has; starts over at its end. */
  readonly sequence: Uint32Array;
  /** Whether i counts payloads and not records: each payload then has a key of its own, as in a sample. */
  readonly byPayload: boolean;
}

/** Bytes of a length, of which null has none. */
export const lengthBytes = (length: number): number => (length === NULL_LENGTH ? 0 : length);

function assertLittleEndian(): void {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) {
    throw new KsweepError('internal', 'payload files need a little-endian machine');
  }
}

function offsetsOf(lengths: Uint32Array): { offsets: Uint32Array; totalBytes: number } {
  const offsets = new Uint32Array(lengths.length);
  let totalBytes = 0;
  for (let i = 0; i < lengths.length; i++) {
    offsets[i] = totalBytes;
    totalBytes += lengthBytes(lengths[i] ?? 0);
  }
  return { offsets, totalBytes };
}

const view = (array: Uint32Array): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** @param parts the records one after the other, in as many buffers as is convenient */
export async function writeCorpus(
  file: string,
  parts: readonly Uint8Array[],
  lengths: Uint32Array,
): Promise<void> {
  assertLittleEndian();
  const { offsets, totalBytes } = offsetsOf(lengths);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(CORPUS_MAGIC, 'latin1');
  header.writeUInt32LE(lengths.length, 8);
  header.writeDoubleLE(totalBytes, 16);
  await writeAtomically(file, [header, view(offsets), view(lengths), ...parts]);
}

export async function writeKeys(
  file: string,
  bytes: Uint8Array,
  lengths: Uint32Array,
  sequence: Uint32Array,
  byPayload = false,
): Promise<void> {
  assertLittleEndian();
  const { offsets, totalBytes } = offsetsOf(lengths);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(KEYS_MAGIC, 'latin1');
  header.writeUInt32LE(lengths.length, 8);
  header.writeUInt32LE(sequence.length, 12);
  header.writeDoubleLE(totalBytes, 16);
  header.writeUInt32LE(byPayload ? 1 : 0, 24);
  await writeAtomically(file, [header, view(offsets), view(lengths), view(sequence), bytes]);
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new KsweepError('internal', `cannot read ${file}: ${error}`, { cause: error });
  }
}

function parse(given: Uint8Array, name: string, magic: string): Keys {
  assertLittleEndian();
  // Typed arrays need their start aligned, which a pooled buffer does not promise.
  const whole = given.byteOffset % 4 === 0 ? given : Uint8Array.from(given);
  const content = Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
  if (content.length < HEADER_BYTES || content.toString('latin1', 0, 8) !== magic) {
    throw new KsweepError('internal', `${name} is no ${magic} file`);
  }
  const count = content.readUInt32LE(8);
  const sequenceLength = content.readUInt32LE(12);
  const byteLength = content.readDoubleLE(16);
  const bytesAt = HEADER_BYTES + 4 * (2 * count + sequenceLength);
  if (content.length !== bytesAt + byteLength) {
    throw new KsweepError(
      'internal',
      `${name} holds ${content.length} bytes; its header announces ${bytesAt + byteLength}`,
    );
  }
  const words = (at: number, length: number): Uint32Array =>
    new Uint32Array(content.buffer, content.byteOffset + at, length);
  return {
    count,
    offsets: words(HEADER_BYTES, count),
    lengths: words(HEADER_BYTES + 4 * count, count),
    sequence: words(HEADER_BYTES + 8 * count, sequenceLength),
    byPayload: content.readUInt32LE(24) === 1,
    bytes: content.subarray(bytesAt),
  };
}

/**
 * Record i is `bytes.subarray(offsets[i], offsets[i] + lengths[i])`, views of the content that was given.
 * @param name of the file, for messages. Throws `internal` where the content is not whole.
 */
export function parseCorpus(content: Uint8Array, name: string): Corpus {
  const { count, offsets, lengths, bytes } = parse(content, name, CORPUS_MAGIC);
  return { count, offsets, lengths, bytes };
}

/** The key of record i is key number `sequence[i % sequence.length]`. */
export const parseKeys = (content: Uint8Array, name: string): Keys => parse(content, name, KEYS_MAGIC);

export const readCorpus = (file: string): Corpus => parseCorpus(contentOf(file), file);

export const readKeys = (file: string): Keys => parseKeys(contentOf(file), file);
