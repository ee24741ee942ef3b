import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliFile } from '../../../bench/common/package-root.ts';
import { CHANNEL } from './frames.ts';
import type { Streams } from './streams.ts';

/** Where the image has its scratch folder; a pod of this machine has one of its own. */
const SCRATCH = '/tmp';
const KILLED = 137;

const killGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  try {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
  } catch {
    // It has just gone.
  }
};

/** A container as processes of this machine: its first one, and those that are started in it and go with it. */
export class PodProcess {
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pod-'));
  readonly #first: ChildProcess;
  readonly #beside = new Set<ChildProcess>();

  /** @param onExit with the first process's status, when all others are gone, too */
  constructor(
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
    onExit: (status: number) => void,
  ) {
    const own = Object.entries(environment).map(([name, value]) => [
      name,
      value === SCRATCH || value.startsWith(`${SCRATCH}/`)
        ? this.#folder + value.slice(SCRATCH.length)
        : value,
    ]);
    this.#env = { PATH: process.env['PATH'], ...Object.fromEntries(own) };
    this.#first = this.#spawn(command, ['ignore', 'ignore', 'inherit']);
    this.#first.once('exit', (status) => {
      for (const child of this.#beside) killGroup(child, 'SIGKILL');
      rmSync(this.#folder, { recursive: true, force: true });
      onExit(status ?? KILLED);
    });
  }

  /** As a node ends a pod: it is asked, and then made. */
  end(graceMs: number): void {
    killGroup(this.#first, 'SIGTERM');
    setTimeout(() => killGroup(this.#first, 'SIGKILL'), graceMs).unref();
  }

  /** A power failure. */
  kill(): void {
    killGroup(this.#first, 'SIGKILL');
  }

  /** Runs a command beside the first process, with a client's streams. One that goes closes its input, no more. */
  exec(command: readonly string[], streams: Streams): void {
    const child = this.#spawn(command, ['pipe', 'pipe', 'pipe']);
    this.#beside.add(child);
    child.stdin?.on('error', () => {});
    child.stdout?.on('data', (bytes: Buffer) => streams.tell(CHANNEL.stdout, bytes));
    child.stderr?.on('data', (bytes: Buffer) => streams.tell(CHANNEL.stderr, bytes));
    streams.onInput = (bytes) => {
      if (bytes.length === 0) child.stdin?.end();
      else child.stdin?.write(bytes);
    };
    streams.onGone = () => child.stdin?.destroy();
    child.once('close', (status) => {
      this.#beside.delete(child);
      streams.end(status ?? KILLED);
    });
  }

  /** The image's own command is this checkout's. */
  #spawn([program = '', ...args]: readonly string[], stdio: ('pipe' | 'ignore' | 'inherit')[]): ChildProcess {
    const main = cliFile();
    const words = program === 'ksweep' ? [process.execPath, main, ...args] : [program, ...args];
    return spawn(words[0] as string, words.slice(1), { stdio, env: this.#env, detached: true });
  }
}
