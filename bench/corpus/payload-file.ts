import { createReadStream, type ReadStream, type Stats, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { KsweepError } from '../common/errors.ts';
import { compressionOf } from './file-kind.ts';

/** More than any record that a broker takes by default (1 MiB). */
const ROOM_FOR_LAST_BYTES = 4 * 2 ** 20;

export function invalid(message: string, hint?: string): KsweepError {
  return new KsweepError('workload-invalid', message, hint === undefined ? {} : { hint });
}

/** What the system said of a path, in words that fit the cause. */
function unreadable(path: string, error: unknown): KsweepError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') {
    return invalid(`records.payload.path: ${path} does not exist`, 'paths are relative to the workload file');
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return invalid(
      `records.payload.path: no permission to read ${path}`,
      `let this user read it (chmod, chown), or run as one who may`,
    );
  }
  if (code === 'ELOOP') return invalid(`records.payload.path: ${path} is a link that leads back to itself`);
  return invalid(
    `records.payload.path: ${path} cannot be read: ${error instanceof Error ? error.message : error}`,
  );
}

/** Runs something that reads a path, and says what is wrong with it in words. */
export async function onPath<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof KsweepError) throw error;
    throw unreadable(path, error);
  }
}

/** What a path is: a file and a folder hold records, a pipe has to be read once, the rest is refused. */
export function kindOf(path: string, stats: Stats = statSync(path)): 'file' | 'folder' | 'pipe' {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'pipe';
  const what = stats.isSocket()
    ? 'a socket'
    : stats.isBlockDevice()
      ? 'a disk'
      : stats.isCharacterDevice()
        ? 'a terminal or another device'
        : 'no file';
  throw invalid(`records.payload.path: ${path} is ${what}`, 'give a file, a folder or a pipe that ends');
}

/** The start of a file, unpacked; `whole` where that is all of it. Records of a cut file end before `bytes` does. */
export interface FileStart {
  readonly bytes: Buffer;
  readonly whole: boolean;
  readonly compression: 'gzip' | 'zstd' | null;
}

async function* unzstd(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const decompress = new Decompress((chunk) => {
    ready.push(chunk);
  });
  for await (const chunk of source) {
    decompress.push(chunk);
    yield* ready.splice(0);
  }
  decompress.push(new Uint8Array(), true);
  yield* ready.splice(0);
}

function unpacked(stream: ReadStream, compression: FileStart['compression']): AsyncIterable<Uint8Array> {
  if (compression === null) return stream;
  if (compression === 'zstd') return unzstd(stream);
  // A failure of the file ends the reading of what is unpacked, with its error.
  return pipeline(stream, createGunzip(), () => {});
}

/** A file may be larger than memory: no more is read than can be used, and room for a last record. */
export async function readStart(path: string, limitBytes: number): Promise<FileStart> {
  return onPath(path, async () => {
    const file = await open(path, 'r');
    const head = Buffer.alloc(8);
    const { bytesRead } = await file.read(head, 0, head.length, 0).finally(() => file.close());
    const compression = compressionOf(head.subarray(0, bytesRead));
    const room = limitBytes + ROOM_FOR_LAST_BYTES;
    const parts: Uint8Array[] = [];
    let length = 0;
    let whole = true;
    try {
      for await (const part of unpacked(createReadStream(path), compression)) {
        parts.push(part);
        length += part.length;
        if (length <= room) continue;
        whole = false;
        break;
      }
    } catch (error) {
      if (compression === null) throw error;
      throw invalid(
        `records.payload.path: ${path} is compressed by ${compression} and cannot be unpacked: ${(error as Error).message}`,
        'it may be cut off; check it with its own tool',
      );
    }
    return { bytes: Buffer.concat(parts, Math.min(length, room)), whole, compression };
  });
}
