import { spawn } from 'node:child_process';

/** A line that says all is cleared up; the end of the pipe without one says that whoever had to do it is gone. */
const SCRIPT = 'read -r word || exec "$@"';

/** What stays when ksweep is gone, to run one command then. */
export interface Janitor {
  /** Nothing is left to do. */
  dismiss(): Promise<void>;
  /** It does its work, and nobody waits for it. */
  leave(): void;
}

/** Starts a process that runs a command where this one ends without a word, as by kill -9 or a second Ctrl-C. */
export function hireJanitor(command: readonly string[]): Janitor {
  // A session of its own: what ends ksweep's processes together leaves this one.
  const child = spawn('sh', ['-c', SCRIPT, 'ksweep-janitor', ...command], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    async dismiss() {
      child.ref();
      child.stdin.end('done\n');
      await ended;
    },
    leave() {
      child.stdin.end();
    },
  };
}
