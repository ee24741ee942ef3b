import { type ChildProcess, spawn } from 'node:child_process';
import { cliFile } from '../../bench/common/package-root.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** What it has said so far on its standard error. */
  said(): string;
}

/** What a process says, and how it ends; its streams are piped. */
export function gathered(child: ChildProcess): { readonly ended: Promise<Ended>; said(): string } {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { ended, said: () => stderr };
}

/** Starts the compiled ksweep command in a process of its own. */
export function startKsweep(words: readonly string[], env: NodeJS.ProcessEnv = process.env): RunningCli {
  const child = spawn(process.execPath, [cliFile(), ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, pid: child.pid ?? 0, ...gathered(child) };
}

/** Runs it to its end. */
export const ksweep = (words: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> =>
  startKsweep(words, env).ended;
