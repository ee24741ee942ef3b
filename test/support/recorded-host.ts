import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type HostFiles, hostFiles } from '../../bench/host/files.ts';

/** A folder that holds what a host's kernel told, path by path. */
export function recordedHost(files: Readonly<Record<string, string>>): HostFiles {
  const root = mkdtempSync(join(tmpdir(), 'ksweep-host-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return hostFiles(root);
}
