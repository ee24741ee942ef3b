import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Harness } from './harness.ts';
import { mutated } from './mutate.ts';
import { subjects } from './subjects.ts';

/** A mutated file that a command did not take as it should, as small as it could be made. */
export interface Finding {
  readonly subject: string;
  readonly text: string;
  readonly wrong: string;
  /** Of the whole search; fast-check repeats it with both. */
  readonly seed: number;
  readonly path: string;
}

/** Holds every subject's commands to mutations of it, so many in all. */
export async function fuzz(options: {
  readonly mutations: number;
  readonly seed: number;
  readonly onSubject?: (name: string, runs: number) => void;
}): Promise<{ readonly runs: number; readonly findings: readonly Finding[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'ksweep-fuzz-'));
  const harness = new Harness();
  const findings: Finding[] = [];
  let runs = 0;
  try {
    const all = subjects(dir);
    const each = Math.ceil(options.mutations / all.length);
    for (const { name, text, mutations, commands } of all) {
      let wrong = '';
      const property = fc.asyncProperty(mutations, async (changes) => {
        for (const words of commands(mutated(text, changes))) {
          const found = await harness.run(words);
          if (found === null) continue;
          wrong = found;
          return false;
        }
        return true;
      });
      const details = await fc.check(property, { seed: options.seed, numRuns: each });
      runs += details.numRuns;
      options.onSubject?.(name, details.numRuns);
      if (!details.failed) continue;
      const [changes] = details.counterexample ?? [];
      findings.push({
        subject: name,
        text: mutated(text, changes ?? []),
        wrong: wrong || String(details.errorInstance ?? 'unknown'),
        seed: details.seed,
        path: details.counterexamplePath ?? '',
      });
    }
  } finally {
    harness.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  return { runs, findings };
}
