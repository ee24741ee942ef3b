import { closeSync, openSync, readSync, statSync } from 'node:fs';

const TAIL_BYTES = 64 * 1024;
const TAIL_LINES = 15;

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

/** The last lines that tell something: frames of a Java stack trace would push the cause out of sight. */
export function lastLines(text: string): string[] {
  const telling = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+(at |\.\.\. )/.test(line));
  return telling.slice(-TAIL_LINES);
}
