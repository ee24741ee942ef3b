import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { KsweepError } from '../../../common/errors.ts';

const run = promisify(execFile);

async function git(dir: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', dir, ...args], {
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    });
    return stdout.trim();
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new KsweepError('history-input', `git ${args[0]} failed in ${dir}: ${stderr.trim() || message}`, {
      hint: 'the history is written; commit it by hand, or leave out --history-commit',
    });
  }
}

/** Throws history-input where the folder is in no git work tree: before a night begins, not after it. */
export async function requireWorkTree(dir: string): Promise<void> {
  await git(dir, ['rev-parse', '--is-inside-work-tree']);
}

/** Commits what the history folder holds and git doesn't ignore; nothing where nothing changed. Never pushes. */
export async function commitHistory(dir: string, message: string): Promise<boolean> {
  await git(dir, ['add', '--', '.']);
  if ((await git(dir, ['diff', '--cached', '--name-only', '--', '.'])) === '') return false;
  await git(dir, ['commit', '--quiet', '--message', message, '--', '.']);
  return true;
}

/** The commit that is checked out where the command runs: what is under test, unless the user names something else. */
export async function currentCommit(dir: string): Promise<string | null> {
  return git(dir, ['rev-parse', 'HEAD']).catch(() => null);
}
