import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KsweepError } from '../../errors.ts';
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

/** One record a line; a carriage return before the line feed belongs to the line end; empty lines hold no record. */
function* lines(content: Buffer): Generator<Buffer> {
  for (let from = 0; from < content.length; ) {
    const found = content.indexOf(0x0a, from);
    const end = found === -1 ? content.length : found;
    const to = end > from && content[end - 1] === 0x0d ? end - 1 : end;
    if (to > from) yield content.subarray(from, to);
    from = end + 1;
  }
}

/** Each record after its length, u32 big-endian. */
function* lengthPrefixed(content: Buffer, path: string): Generator<Buffer> {
  for (let at = 0; at < content.length; ) {
    const from = at + 4;
    const to = from <= content.length ? from + content.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (to > content.length) {
      throw invalid(
        `${path}: the record at byte ${at} ends past the end of the file`,
        'expected a u32 big-endian length before each record',
      );
    }
    if (to > from) yield content.subarray(from, to);
    at = to;
  }
}

/** One record a file, in the order of their names; hidden files, empty files and folders are passed over. */
function* folder(path: string): Generator<Buffer> {
  for (const entry of readPath(path, () => readdirSync(path)).sort()) {
    const file = join(path, entry);
    if (entry.startsWith('.') || !statSync(file).isFile()) continue;
    const content = readFileSync(file);
    if (content.length > 0) yield content;
  }
}

function recordsOf(input: UserRecordsInput): Generator<Buffer> {
  const { path, format } = input;
  const isFolder = readPath(path, () => statSync(path)).isDirectory();
  if (isFolder !== (format === 'folder')) {
    throw invalid(
      `records.payload.path: ${path} is a ${isFolder ? 'folder' : 'file'}`,
      isFolder ? 'set `format: folder`' : 'set `format: lines` or `format: length-prefixed`',
    );
  }
  if (format === 'folder') return folder(path);
  const content = readPath(path, () => readFileSync(path));
  return format === 'lines' ? lines(content) : lengthPrefixed(content, path);
}

/**
 * Reads the user's records up to `limitBytes`, in their order and with their repetitions.
 * Throws `workload-invalid` where the path does not fit the format or holds no record.
 */
export function readUserRecords(input: UserRecordsInput): UserRecords {
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
