import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KsweepError } from '../../../common/errors.ts';

/**
 * Appends whole lines in one write and syncs them. Where a kill tore off the last line of an earlier write, the new
 * ones start on a line of their own: the torn one stays, to be named by whoever reads the file. Throws disk-full or
 * run-folder-unwritable.
 */
export async function appendLines(file: string, lines: readonly string[]): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, 'a+');
    try {
      const { size } = await handle.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await handle.read(last, 0, 1, size - 1);
      const torn = size > 0 && last.toString() !== '\n';
      await handle.write(`${torn ? '\n' : ''}${lines.map((line) => `${line}\n`).join('')}`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    const what = full ? 'the disk is full' : (error as Error).message;
    throw new KsweepError(
      full ? 'disk-full' : 'run-folder-unwritable',
      `${file} cannot be written: ${what}`,
      {
        hint: 'the history is as it was; make room or mend the folder, then run the same command again',
        cause: error,
      },
    );
  }
}
