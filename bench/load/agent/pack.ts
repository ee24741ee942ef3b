import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KsweepError } from '../../common/errors.ts';
import { packageRoot } from '../../common/package-root.ts';

/** This very package as npm packs it. */
export interface PackedKsweep {
  /** A .tgz. */
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Packs the package that is running, compiled as it is. Throws setup-failed. */
export async function packKsweep(): Promise<PackedKsweep> {
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-pack-'));
  try {
    // Nothing of it is elsewhere, and npm is not to look for a newer npm meanwhile.
    const quiet = ['--ignore-scripts', '--silent', '--offline', '--no-update-notifier'];
    const words = ['pack', packageRoot(), ...quiet, '--pack-destination', folder];
    await promisify(execFile)('npm', words, { cwd: folder });
    const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    if (file === undefined) throw new Error('it made no .tgz');
    const bytes = readFileSync(join(folder, file));
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    throw new KsweepError('setup-failed', `npm cannot pack ksweep: ${(error as Error).message}`, {
      hint: 'npm has to be on the PATH here, and the disk not full',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
