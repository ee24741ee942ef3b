import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KsweepError } from '../common/errors.ts';
import { createRandom } from '../common/random.ts';

/** Payloads as columns want them: bytes of a pool, an offset and a length a record. */
export interface Payloads {
  readonly pool: Uint8Array;
  /** Largest payload, bytes. */
  readonly largestBytes: number;
  /** Puts the payload of `sequence` into a row of the batch. */
  place(sequence: number, row: number, offsets: Uint32Array, lengths: Int32Array): void;
}

/** Fresh random bytes for this many, then they come again: no batch meets one twice. */
const POOL_BYTES = 32 * 2 ** 20;
/** The digits of the largest safe integer. */
const DIGITS = 16;

/** Random letters A to Z, as kafka-producer-perf-test makes them; of so many records each its own, as far as the pool goes. */
export function randomPayloads(sizeBytes: number, numRecords: number): Payloads {
  const count = Math.min(numRecords, Math.max(1, Math.floor(POOL_BYTES / sizeBytes)));
  const pool = new Uint8Array(count * sizeBytes);
  const random = createRandom(0);
  for (let i = 0; i < pool.length; i++) pool[i] = 65 + random.int(26);
  return {
    pool,
    largestBytes: sizeBytes,
    place(sequence, row, offsets, lengths) {
      offsets[row] = (sequence % count) * sizeBytes;
      lengths[row] = sizeBytes;
    },
  };
}

/** The record's number in digits. */
export function monotonicPayloads(rows: number): Payloads {
  const pool = new Uint8Array(rows * DIGITS);
  const encoder = new TextEncoder();
  return {
    pool,
    largestBytes: DIGITS,
    place(sequence, row, offsets, lengths) {
      const { written } = encoder.encodeInto(String(sequence), pool.subarray(row * DIGITS));
      offsets[row] = row * DIGITS;
      lengths[row] = written;
    },
  };
}

/** Payloads drawn at random from those of a file. */
export function filePayloads(texts: readonly string[]): Payloads {
  const parts = texts.map((text) => Buffer.from(text, 'utf8'));
  const starts: number[] = [];
  let at = 0;
  for (const part of parts) {
    starts.push(at);
    at += part.length;
  }
  const random = createRandom(0);
  return {
    pool: Buffer.concat(parts),
    largestBytes: parts.reduce((most, { length }) => Math.max(most, length), 0),
    place(_sequence, row, offsets, lengths) {
      const index = random.int(parts.length);
      offsets[row] = starts[index] as number;
      lengths[row] = (parts[index] as Buffer).length;
    },
  };
}

/**
 * Text split as Java's String.split does: by a regular expression, empty texts at the end left out, and none at the
 * start that an empty match would make.
 */
export function splitPayloads(text: string, delimiter: string): string[] {
  let pattern: RegExp;
  try {
    pattern = new RegExp(delimiter, 'g');
  } catch (error) {
    throw new KsweepError('usage', `--payload-delimiter ${delimiter}: ${(error as Error).message}`);
  }
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === '' && match.index === 0) continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  if (from === 0 && parts.length === 0) return [text];
  parts.push(text.slice(from));
  while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
}

/** Reads a payload file, saying so in the tool's own lines. Throws usage where there is nothing in it. */
export function readPayloadFile(file: string, delimiter: string, print: (line: string) => void): Payloads {
  const path = resolve(file);
  print(`Reading payloads from: ${path}`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new KsweepError('usage', `--payload-file ${file}: it cannot be read: ${(error as Error).message}`);
  }
  const texts = text === '' ? [] : splitPayloads(text, delimiter);
  if (texts.length === 0) throw new KsweepError('usage', `--payload-file ${file}: there is no payload in it`);
  print(`Number of records read: ${texts.length}`);
  return filePayloads(texts);
}
