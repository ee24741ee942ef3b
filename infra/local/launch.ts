import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { KsweepError } from '../../bench/common/errors.ts';
import { javaCommand } from './java.ts';
import { lastLines } from './log-text.ts';
import { type ProcessId, processId } from './processes.ts';

function launchFailed(command: string, cause: unknown): KsweepError {
  return new KsweepError('setup-failed', `${command} could not be started`, {
    hint: 'run `node infra/setup.mjs`: it installs Java or says how to',
    cause,
  });
}

/**
 * Starts a node in a process group of its own, so that Ctrl-C reaches ksweep only, which then stops it in order.
 * Its output is appended to the log file.
 */
export function launch(command: readonly string[], logFile: string): ProcessId {
  const [program = '', ...args] = command;
  const log = openSync(logFile, 'a');
  let child: ChildProcess;
  try {
    child = spawn(program, args, { detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
  child.unref();
  // Without a pid the 'error' event follows; it is reported here, at once.
  child.on('error', () => undefined);
  const id = child.pid === undefined ? undefined : processId(child.pid);
  if (id === undefined) throw launchFailed(program, undefined);
  return id;
}

const TOOL_LIMIT_MS = 60_000;

/** Runs a Java tool to its end and returns what it printed. */
export async function runJava(
  args: readonly string[],
  options: { limitMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const java = javaCommand();
  const { limitMs = TOOL_LIMIT_MS, signal } = options;
  try {
    const limits = { timeout: Math.max(1, limitMs), killSignal: 'SIGKILL' } as const;
    return (
      await promisify(execFile)(java, [...args], { ...limits, ...(signal === undefined ? {} : { signal }) })
    ).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw launchFailed(java, error);
    signal?.throwIfAborted();
    const {
      stdout = '',
      stderr = '',
      killed = false,
    } = error as {
      stdout?: string;
      stderr?: string;
      killed?: boolean;
    };
    const tool = args.find((arg) => /^[a-z]+\./.test(arg)) ?? java;
    throw new KsweepError('cluster-failed', `${tool} ${killed ? 'did not end in time' : 'failed'}`, {
      details: lastLines(`${stdout}\n${stderr}`),
      cause: error,
    });
  }
}
