import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { delay } from '../common/deadline.ts';
import { KsweepError } from '../common/errors.ts';
import { kindOf, onPath } from './payload-file.ts';

/** As much as a corpus may hold, and far more than its last record takes. */
const LARGEST_BYTES = 1100 * 2 ** 20;
const CHUNK_BYTES = 2 ** 16;
const PAUSE_MS = 10;
/** `<(…)` and /dev/stdin: whoever writes has the other end already. */
const INHERITED = /^\/(dev\/(fd\/\d+|stdin)|proc\/[^/]+\/fd\/\d+)$/;

interface SpoolOptions {
  /** Folder for the copy. */
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly onWait: (line: string) => void;
}

/**
 * The file that holds a payload path's records: the path itself, or where it is a pipe, a copy of all that came out
 * of it, since cells and the comparison read it more than once. Never blocks: the user's stop ends it at any time.
 */
export async function spooled(path: string, { dir, signal, onWait }: SpoolOptions): Promise<string> {
  if ((await onPath(path, () => kindOf(path))) !== 'pipe') return path;
  const copy = join(dir, 'payload-from-pipe');
  return onPath(path, async () => {
    // Without O_NONBLOCK opening waits for a writer, in a call that nothing interrupts.
    const from = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const to = openSync(copy, 'w', 0o600);
    try {
      await copyAll(from, to, INHERITED.test(path), signal, () => onWait(`waiting for a writer of ${path}`));
    } finally {
      closeSync(from);
      closeSync(to);
    }
    return copy;
  });
}

async function copyAll(
  from: number,
  to: number,
  hasWriter: boolean,
  signal: AbortSignal,
  onWait: () => void,
): Promise<void> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let seen = hasWriter;
  let told = false;
  for (let total = 0; total < LARGEST_BYTES; ) {
    if (signal.aborted) throw new KsweepError('interrupted', 'stopped while payloads were read from a pipe');
    const got = readSome(from, chunk);
    if (got === 0 && seen) return;
    if (got === 0 && !told) {
      told = true;
      onWait();
    }
    // Nothing to be read, but somebody has it open for writing: its end is one from here on.
    if (got !== 0) seen = true;
    if (got === null || got === 0) {
      await delay(PAUSE_MS);
      continue;
    }
    writeSync(to, chunk, 0, got);
    total += got;
    // A writer that is always ahead must not keep the loop from everything else.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Bytes read; 0 where no writer is there, null where it has written nothing yet. */
function readSome(file: number, into: Buffer): number | null {
  try {
    return readSync(file, into, 0, into.length, null);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return null;
    throw error;
  }
}
