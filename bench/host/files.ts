import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the kernel tells in files; null and [] where it does not. A recorded tree stands in for it in tests. */
export interface HostFiles {
  read(path: string): string | null;
  list(path: string): readonly string[];
}

/** The files below `root`; '/' is this host. Never throws: on macOS there are none, in a container some. */
export function hostFiles(root = '/'): HostFiles {
  return {
    read(path) {
      try {
        return readFileSync(join(root, path), 'utf8');
      } catch {
        return null;
      }
    },
    list(path) {
      try {
        return readdirSync(join(root, path));
      } catch {
        return [];
      }
    },
  };
}
