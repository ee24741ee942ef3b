import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { poolTask } from '../common/pool.ts';
import { DistinctCounter } from './distinct.ts';
import { binaryKind, compressionOf, textProblem, withoutMark } from './file-kind.ts';
import { jsonRecords } from './json-records.ts';
import { type FileStart, invalid, kindOf, onPath, readStart } from './payload-file.ts';
import { describeSizes, fragmentWarnings } from './record-look.ts';

export interface UserRecords {
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
  readonly distinctRecords: number;
  readonly distinctBytes: number;
  /** True where the source holds more than was read. */
  readonly cut: boolean;
  /** How many records of which sizes were read. */
  readonly summary: string;
  /** Where they look like parts of records, with the option that mends it. */
  readonly warnings: readonly string[];
}

export interface UserRecordsInput {
  readonly path: string;
  readonly format: 'lines' | 'json' | 'length-prefixed' | 'folder';
  /** Records after these many bytes are left out. */
  readonly limitBytes: number;
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
async function folder(path: string, limitBytes: number): Promise<Buffer[]> {
  const records: Buffer[] = [];
  let totalBytes = 0;
  for (const entry of (await onPath(path, () => readdirSync(path))).sort()) {
    const file = join(path, entry);
    if (entry.startsWith('.') || !(await onPath(file, () => statSync(file))).isFile()) continue;
    const content = await onPath(file, () => readFileSync(file));
    if (content.length > 0) records.push(content);
    totalBytes += content.length;
    // One more than fits tells that there are more.
    if (totalBytes > limitBytes) break;
  }
  return records;
}

/** Throws workload-invalid for what holds no records of the format, with what it seems to be. */
function checkKind({ bytes, compression }: FileStart, { path, format }: UserRecordsInput): void {
  // What was unpacked may be packed once more.
  const again = compressionOf(bytes);
  const problem = format === 'length-prefixed' ? binaryKind(bytes) : textProblem(bytes);
  if (problem === null && again === null) return;
  const inside = compression === null ? '' : `, unpacked from ${compression},`;
  throw invalid(
    `records.payload.path: ${path}${inside} is ${again === null ? problem?.what : `compressed again by ${again}`}, and holds no ${format === 'lines' ? 'lines' : 'records'} to be sent`,
    again === null ? problem?.next : 'unpack it first',
  );
}

interface Source {
  readonly records: Iterable<Buffer>;
  readonly compression: FileStart['compression'];
}

async function sourceOf(input: UserRecordsInput): Promise<Source> {
  const { path, format, limitBytes } = input;
  const kind = await onPath(path, () => kindOf(path));
  if (kind === 'pipe') throw invalid(`records.payload.path: ${path} is a pipe, and has to be copied first`);
  if ((kind === 'folder') !== (format === 'folder')) {
    throw invalid(
      `records.payload.path: ${path} is a ${kind}`,
      kind === 'folder'
        ? 'set `format: folder`'
        : 'set `format: lines`, `format: json` or `format: length-prefixed`',
    );
  }
  if (format === 'folder') return { records: await folder(path, limitBytes), compression: null };
  const start = await readStart(path, limitBytes);
  checkKind(start, input);
  const bytes = withoutMark(start.bytes);
  const text = { ...start, bytes };
  const records =
    format === 'lines'
      ? lines(text)
      : format === 'json'
        ? jsonRecords(bytes, start.whole, path)
        : lengthPrefixed(start, path);
  return { records, compression: start.compression };
}

/**
 * Reads the user's records up to `limitBytes`, in their order and with their repetitions.
 * Throws `workload-invalid` where the path does not fit the format or holds no record.
 */
export async function readUserRecords(input: UserRecordsInput): Promise<UserRecords> {
  const parts: Buffer[] = [];
  const lengths: number[] = [];
  const distinct = new DistinctCounter();
  let totalBytes = 0;
  let cut = false;
  const { records, compression } = await sourceOf(input);
  for (const record of records) {
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
  const sizes = Uint32Array.from(lengths);
  return {
    // A copy of its own, so that it can move between threads.
    bytes: joined(parts, totalBytes),
    lengths: sizes,
    distinctRecords: distinct.records,
    distinctBytes: distinct.bytes,
    cut,
    summary: `${describeSizes(sizes)}${compression === null ? '' : `, unpacked from ${compression}`}`,
    warnings: input.format === 'lines' ? fragmentWarnings(parts, sizes) : [],
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
