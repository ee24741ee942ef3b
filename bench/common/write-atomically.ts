import { rename, rm, writeFile } from 'node:fs/promises';
import { KsweepError } from './errors.ts';

/** Complete or absent: written under another name and renamed. Throws `disk-full` or `run-folder-unwritable`. */
export async function writeAtomically(file: string, parts: readonly (Uint8Array | string)[]): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, parts);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    throw new KsweepError(full ? 'disk-full' : 'run-folder-unwritable', `cannot write ${file}: ${error}`, {
      cause: error,
    });
  }
}
