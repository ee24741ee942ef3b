import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Binding } from '../../../bench/results/result.ts';

/** One run with a cause in it; `failed` in words where there is no result. */
export interface Outcome {
  readonly cause: string;
  readonly run: number;
  readonly named: string | null;
  readonly failed: string | null;
  /** What was nearest to its limit, for whoever asks why another one was named. */
  readonly nearest: readonly Binding[];
}

/** Outcomes so far, a line each, so that what was measured is kept whatever ends the program. */
export class Journal {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
    mkdirSync(dirname(file), { recursive: true });
  }

  read(): Outcome[] {
    if (!existsSync(this.file)) return [];
    const lines = readFileSync(this.file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Outcome);
  }

  add(outcome: Outcome): void {
    appendFileSync(this.file, `${JSON.stringify(outcome)}\n`);
  }

  /** Drops what was measured of some causes. */
  forget(causes: readonly string[]): void {
    const kept = this.read().filter(({ cause }) => !causes.includes(cause));
    writeFileSync(this.file, kept.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
}
