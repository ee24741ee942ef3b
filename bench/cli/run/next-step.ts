import type { RunSummary } from '../../../reports/run/run-summary.ts';
import { commandLine } from '../command-line.ts';

/** A command to go on with, and what it is good for. */
export interface NextStep {
  readonly command: string;
  readonly why: string;
}

/** From as many repeats on intervals are 95 % ones; below that only a range is shown. */
const REPEATS_FOR_INTERVALS = 6;

/**
 * What to do after a run, the most urgent first; two steps at most.
 * @param run its folder, and its workload file where there is one
 */
export function nextSteps(
  summary: RunSummary,
  run: { readonly dir: string; readonly file: string | undefined; readonly interrupted: boolean },
): NextStep[] {
  const { cells } = summary;
  const again = (why: string, ...words: string[]): NextStep[] =>
    run.file === undefined ? [] : [{ command: commandLine(['run', run.file, ...words], []), why }];
  const has = (verdict: (typeof cells)[number]['verdict']): boolean =>
    cells.some((one) => one.verdict === verdict);
  const steps: NextStep[] = [];
  if (run.interrupted || has('failed') || has('not run')) {
    steps.push({
      command: commandLine(['run', '--resume', run.dir], []),
      why: 'run what is missing',
    });
  }
  const code = mostFrequent(
    cells.filter(({ verdict }) => verdict === 'invalid').flatMap(({ cell }) => cell.reasons),
  );
  if (code !== undefined) {
    steps.push({ command: commandLine(['explain', code], []), why: 'what it means, and what to change' });
    if (code === 'not-sustained')
      steps.push(...again('find the highest rate that is sustained', '--find-max'));
  }
  if (has('breach')) {
    steps.push(...again('measure a change against this run', '--against', run.dir));
  }
  const axes = new Set(cells.flatMap(({ cell }) => Object.keys(cell.settings)));
  if (steps.length === 0 && axes.has('partitions')) {
    steps.push({
      command: commandLine(
        ['size', 'partitions', '--run', run.dir, '--average', 'RATE', '--peak', 'RATE'],
        [],
      ),
      why: 'from this curve to a number of partitions',
    });
  }
  const fewest = Math.min(...cells.map(({ cell }) => cell.counts.valid));
  if (cells.length > 1 && fewest < REPEATS_FOR_INTERVALS) {
    steps.push(...again('enough repeats for 95 % intervals', '--set', 'repeats=10'));
  } else if (steps.length === 0) {
    steps.push(...again('measure a change against this run', '--against', run.dir));
  }
  return steps.slice(0, 2);
}

function mostFrequent(
  reasons: readonly { readonly code: string; readonly count: number }[],
): string | undefined {
  const counts = new Map<string, number>();
  for (const { code, count } of reasons) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

/** Steps as lines at the end of a run; what is in capitals is the reader's to fill in. */
export function nextStepsText(steps: readonly NextStep[]): string {
  const widest = Math.max(0, ...steps.map(({ command }) => command.length));
  return steps.map(({ command, why }) => `next: ${command.padEnd(widest)}   # ${why}`).join('\n');
}
