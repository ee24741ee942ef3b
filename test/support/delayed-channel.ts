import { spawn } from 'node:child_process';

/**
 * Entry: runs a command with this process's standard streams, and holds back what it says by so many ms; what it is told is
 * handed on at once. A way that is slow in one direction only.
 */
const [delayMs = '0', program = '', ...words] = process.argv.slice(2);
const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(child.stdin);
child.stdin.on('error', () => {});
// Timers of one length fire in the order in which they were set.
child.stdout.on('data', (bytes: Uint8Array) =>
  setTimeout(() => process.stdout.write(bytes), Number(delayMs)),
);
child.once('exit', (status) => setTimeout(() => process.exit(status ?? 1), Number(delayMs) + 100));
