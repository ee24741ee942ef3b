import { closeSync, openSync, readSync, statSync } from 'node:fs';

const TAIL_BYTES = 64 * 1024;
const TAIL_LINES = 15;
const FIRST_ERRORS = 5;

/** The text of a log file from an offset on, at most its last 64 KiB. */
export function logText(file: string, from = 0): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const size = statSync(file).size;
    const start = Math.max(from, size - TAIL_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    const read = readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * What to show of a log that ended badly: the first errors, then the last lines. Frames of Java stack traces are
 * left out, because they would push the cause out of sight.
 */
export function lastLines(text: string): string[] {
  const telling = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+(at |\.\.\. )/.test(line));
  const earlier = telling.slice(0, -TAIL_LINES).filter((line) => /ERROR|FATAL|Exception/.test(line));
  const errors = earlier.slice(0, FIRST_ERRORS);
  return [...errors, ...(errors.length === 0 ? [] : ['…']), ...telling.slice(-TAIL_LINES)];
}
