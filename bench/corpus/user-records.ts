import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KsweepError } from '../common/errors.ts';
import { poolTask } from '../common/pool.ts';
import { DistinctCounter } from './distinct.ts';

export interface UserRecords {
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
  readonly distinctRecords: number;
  readonly distinctBytes: number;
  /** True where the source holds more than was read. */
  readonly cut: boolean;
}

export interface UserRecordsInput {
  readonly path: string;
  readonly format: 'lines' | 'length-prefixed' | 'folder';
  /** Records after these many bytes are left out. */
  readonly limitBytes: number;
}

/** More than any record that a broker takes by default (1 MiB). */
const ROOM_FOR_LAST_BYTES = 4 * 2 ** 20;

function invalid(message: string, hint?: string): KsweepError {
  return new KsweepError('workload-invalid', message, hint === undefined ? {} : { hint });
}

function readPath<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw invalid(
      missing ? `records.payload.path: ${path} does not exist` : `records.payload.path: ${error}`,
      'paths are relative to the workload file',
    );
  }
}

/** The start of a file; `whole` where that is all of it. Records of a cut file end before `bytes` does. */
interface FileStart {
  readonly bytes: Buffer;
  readonly whole: boolean;
}

/** A file may be larger than memory: no more is read than can be used, and room for a last record. */
function readStart(path: string, limitBytes: number): FileStart {
  return readPath(path, () => {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.allocUnsafe(Math.min(size, limitBytes + ROOM_FOR_LAST_BYTES));
      let read = 0;
      while (read < bytes.length) {
        const got = readSync(file, bytes, read, bytes.length - read, read);
        if (got === 0) break;
        read += got;
      }
      return { bytes: bytes.subarray(0, read), whole: bytes.length === size };
    } finally {
      closeSync(file);
    }
  });
}

/** One record a line; a carriage return before the line feed belongs to the line end; empty lines hold no record. */
function* lines({ bytes, whole }: FileStart): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(0x0a, from);
    if (found === -1 && !whole) return;
    const end = found === -1 ? bytes.length : found;
    const to = end > from && bytes[end - 1] === 0x0d ? end - 1 : end;
    if (to > from) yield bytes.subarray(from, to);
    from = end + 1;
  }
}

/** Each record after its length, u32 big-endian. */
function* lengthPrefixed({ bytes, whole }: FileStart, path: string): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const from = at + 4;
    const to = from <= bytes.length ? from + bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (to > bytes.length) {
      if (!whole) return;
      throw invalid(
        `${path}: the record at byte ${at} ends past the end of the file`,
        'expected a u32 big-endian length before each record',
      );
    }
    if (to > from) yield bytes.subarray(from, to);
    at = to;
  }
}

/** One record a file, in the order of their names; hidden files, empty files and folders are passed over. */
function* folder(path: string): Generator<Buffer> {
  for (const entry of readPath(path, () => readdirSync(path)).sort()) {
    const file = join(path, entry);
    if (entry.startsWith('.') || !readPath(file, () => statSync(file)).isFile()) continue;
    const content = readPath(file, () => readFileSync(file));
    if (content.length > 0) yield content;
  }
}

function recordsOf({ path, format, limitBytes }: UserRecordsInput): Generator<Buffer> {
  const isFolder = readPath(path, () => statSync(path)).isDirectory();
  if (isFolder !== (format === 'folder')) {
    throw invalid(
      `records.payload.path: ${path} is a ${isFolder ? 'folder' : 'file'}`,
      isFolder ? 'set `format: folder`' : 'set `format: lines` or `format: length-prefixed`',
    );
  }
  if (format === 'folder') return folder(path);
  const start = readStart(path, limitBytes);
  return format === 'lines' ? lines(start) : lengthPrefixed(start, path);
}

/**
 * Reads the user's records up to `limitBytes`, in their order and with their repetitions.
 * Throws `workload-invalid` where the path does not fit the format or holds no record.
 */
function readUserRecords(input: UserRecordsInput): UserRecords {
  const parts: Buffer[] = [];
  const lengths: number[] = [];
  const distinct = new DistinctCounter();
  let totalBytes = 0;
  let cut = false;
  for (const record of recordsOf(input)) {
    if (totalBytes + record.length > input.limitBytes && totalBytes > 0) {
      cut = true;
      break;
    }
    parts.push(record);
    lengths.push(record.length);
    totalBytes += record.length;
    distinct.add(record);
  }
  if (parts.length === 0) throw invalid(`records.payload.path: ${input.path} holds no record`);
  return {
    // A copy of its own, so that it can move between threads.
    bytes: joined(parts, totalBytes),
    lengths: Uint32Array.from(lengths),
    distinctRecords: distinct.records,
    distinctBytes: distinct.bytes,
    cut,
  };
}

function joined(parts: readonly Buffer[], totalBytes: number): Uint8Array {
  const bytes = new Uint8Array(totalBytes);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const userRecordsTask = poolTask(import.meta.url, 'userRecordsTask', readUserRecords);
