import { EXIT, type ExitStatus, mostSevere } from '../../common/errors.ts';
import type { Manifest } from '../../results/manifest.ts';
import type { RepeatResult } from '../../results/result.ts';
import type { ThresholdOutcome } from '../../results/thresholds/evaluate.ts';
import type { Judged } from './report.ts';

export interface StatusInput {
  readonly judged: Judged;
  readonly thresholds: readonly ThresholdOutcome[];
  readonly cells: Manifest['cells'];
  readonly results: readonly RepeatResult[];
  /** Series whose figure of tonight is in the history and cannot be used. */
  readonly setAsideTonight: readonly string[];
}

/**
 * What a night exits with, the most severe of: 2 where a cell failed in every repeat; 3 where a cell has no valid
 * repeat, where a figure of tonight cannot be judged, or where the environment changed and the gates are suspended;
 * 5 for a confirmed regression with open gates; 4 for a breached threshold. Warnings leave it at 0.
 */
export function statusOf(input: StatusInput): { status: ExitStatus; notes: string[] } {
  const { judged, thresholds, cells, results, setAsideTonight } = input;
  const statuses: ExitStatus[] = [];
  const notes: string[] = [];
  for (const { id, label } of cells) {
    const own = results.filter(({ cellId }) => cellId === id);
    const invalid = own.filter(({ outcome }) => outcome !== 'valid');
    if (own.length > invalid.length) {
      if (invalid.length > 0)
        notes.push(`${label}: ${invalid.length} of ${own.length} repeats left out: ${why(invalid)}`);
      continue;
    }
    const failed = own.length > 0 && own.every(({ outcome }) => outcome === 'failed');
    statuses.push(failed ? EXIT.harness : EXIT.invalid);
    notes.push(`${label}: no valid repeat${own.length === 0 ? ' was run' : `: ${why(own)}`}`);
  }
  for (const name of setAsideTonight) {
    statuses.push(EXIT.invalid);
    notes.push(`${name}: tonight’s figure was set aside`);
  }
  const own = judged.series.filter(({ canary }) => !canary);
  if (judged.canary.moved || own.some(({ verdict }) => verdict === 'environment'))
    statuses.push(EXIT.invalid);
  else if (own.some(({ verdict }) => verdict === 'regressed')) statuses.push(EXIT.regression);
  for (const { passed } of thresholds) {
    if (passed === null) statuses.push(EXIT.invalid);
    else if (!passed) statuses.push(EXIT.threshold);
  }
  return { status: mostSevere(statuses), notes };
}

function why(results: readonly RepeatResult[]): string {
  const codes = new Set(results.flatMap(({ reasons }) => reasons.map(({ code }) => code)));
  return codes.size === 0 ? 'no reason given' : [...codes].sort().join(', ');
}
