import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { KsweepError } from '../../bench/common/errors.ts';
import { packageRoot } from '../../bench/common/package-root.ts';
import { pythonTools } from '../python.ts';

export const PLAYBOOKS = (): string => join(packageRoot(), 'infra', 'ansible');

/** ansible-playbook of the PATH, else of a virtual environment with the pinned version, made once. */
async function ansiblePlaybook(onLine: (line: string) => void): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, 'ansible-playbook');
    if (folder !== '' && existsSync(file)) return file;
  }
  onLine('installing the pinned ansible-core into ksweep’s cache');
  try {
    return join(await pythonTools(join(PLAYBOOKS(), 'requirements.txt')), 'ansible-playbook');
  } catch (error) {
    throw new KsweepError('ansible-failed', `ansible-core cannot be installed: ${(error as Error).message}`, {
      hint: 'install Python 3 with venv, or ansible-core yourself',
    });
  }
}

const KEPT_LINES = 40;

/** Runs a program, passes its lines on, and throws ansible-failed with the last of them where it fails. */
export function runTool(
  command: string,
  words: readonly string[],
  options: {
    readonly cwd?: string;
    readonly what: string;
    readonly onLine: (line: string) => void;
    readonly input?: Buffer;
  },
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd: options.cwd,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ANSIBLE_NOCOLOR: '1' },
    });
    const lines: string[] = [];
    let rest = '';
    const take = (text: string): void => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        options.onLine(line);
      }
    };
    child.stdout?.setEncoding('utf8').on('data', take);
    child.stderr?.setEncoding('utf8').on('data', take);
    child.stdin?.end(options.input);
    child.once('error', (error) =>
      reject(
        new KsweepError('ansible-failed', `${options.what}: ${command} cannot be started: ${error.message}`),
      ),
    );
    child.once('close', (status) => {
      if (rest !== '') lines.push(rest);
      if (status === 0) resolve(lines);
      else {
        reject(
          new KsweepError('ansible-failed', `${options.what} ended with status ${status}`, {
            details: lines.filter((line) => line.trim() !== '').slice(-KEPT_LINES),
            hint: 'give the command again once that is mended: playbooks go on from where they stopped',
          }),
        );
      }
    });
  });
}

/** Runs playbooks, one after the other, from the operator’s machine. Throws ansible-failed. */
export async function play(
  inventoryFile: string,
  playbooks: readonly string[],
  onLine: (line: string) => void,
  extra: readonly string[] = [],
): Promise<void> {
  const program = await ansiblePlaybook(onLine);
  for (const playbook of playbooks) {
    onLine(`playbook ${playbook}.yml`);
    await runTool(program, ['-i', inventoryFile, `${playbook}.yml`, ...extra], {
      cwd: PLAYBOOKS(),
      what: `${playbook}.yml`,
      onLine: (line) => {
        if (/^(TASK|PLAY|fatal|failed)/.test(line)) onLine(`  ${line.replace(/\*+$/, '').trim()}`);
      },
    });
  }
}
