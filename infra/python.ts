import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './local/folders.ts';

const run = promisify(execFile);
const INSTALL_LIMIT_MS = 300_000;

/**
 * The bin folder of a virtual environment with what a requirements file pins, made once for each content of it.
 * A virtual environment cannot be moved, so each maker has a folder of its own and the first link wins.
 */
export async function pythonTools(requirementsFile: string): Promise<string> {
  const hash = createHash('sha256').update(await requirementsText(requirementsFile));
  const link = join(cacheFolder(), `python-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(join(link, 'bin'))) return join(link, 'bin');

  await mkdir(dirname(link), { recursive: true });
  const own = `${link}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await run('python3', ['-m', 'venv', own], { timeout: INSTALL_LIMIT_MS });
    await run(join(own, 'bin', 'pip'), ['install', '--quiet', '-r', requirementsFile], {
      timeout: INSTALL_LIMIT_MS,
    });
    // A link whose folder is gone is in the way of every later one.
    if (!existsSync(link)) await unlink(link).catch(() => undefined);
    await symlink(own, link);
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return join(link, 'bin');
}

/** The file and those that it includes with -r. */
async function requirementsText(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  const included = [...text.matchAll(/^-r\s+(\S+)/gm)].map((match) =>
    requirementsText(resolve(dirname(file), match[1] ?? '')),
  );
  return [text, ...(await Promise.all(included))].join('\n');
}
