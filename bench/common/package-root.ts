import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json: assets that are not compiled (YAML, JSON, CSS) are read relative to it. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no package.json above this file');
    folder = parent;
  }
  return folder;
}

/** The compiled `ksweep`, for whoever starts it as a process. */
export const cliFile = (): string => join(packageRoot(), 'dist', 'bench', 'cli', 'main.js');
