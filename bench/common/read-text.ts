import { closeSync, openSync, readSync } from 'node:fs';

/** More than any file of settings; a device such as /dev/zero has no end at all. */
const LARGEST_BYTES = 8 * 2 ** 20;

/** The text of a file that a person writes. Throws as readFileSync does, and where it is longer than one could be. */
export function readText(path: string): string {
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    for (let total = 0; ; ) {
      const part = Buffer.alloc(65_536);
      const got = readSync(file, part, 0, part.length, null);
      if (got === 0) return Buffer.concat(parts).toString('utf8');
      parts.push(part.subarray(0, got));
      total += got;
      if (total > LARGEST_BYTES) throw new Error(`it is longer than ${LARGEST_BYTES} bytes`);
    }
  } finally {
    closeSync(file);
  }
}
