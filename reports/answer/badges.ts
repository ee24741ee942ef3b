import { text } from '../../bench/messages/texts.ts';
import type { RunSummary } from '../run/run-summary.ts';

/** A caveat in a word or two, which leads to its paragraph. */
export interface Badge {
  readonly text: string;
  /** Id of the part of the page that tells more. */
  readonly target: string;
  readonly kind: 'bad' | 'warn' | 'plain';
}

/** Short words for notes that hold for the whole run, by their stable codes. */
const NOTE_WORDS: Readonly<Record<string, string>> = { 'smoke-scale': 'smoke-scale' };

/** What weakens the figures of a run, the worst first. Empty where nothing does. */
export function badgesOf(summary: RunSummary): Badge[] {
  const { run, cells } = summary;
  const badges: Badge[] = [];
  const add = (kind: Badge['kind'], words: string, target: string) =>
    badges.push({ kind, text: words, target });
  const share = (n: number, all: number) => ({ n: String(n), all: String(all) });
  const count = (key: 'invalid' | 'failed' | 'planned') =>
    cells.reduce((sum, { cell }) => sum + cell.counts[key], 0);
  const planned = count('planned');
  if (count('failed') > 0) add('bad', text('badge.failed', share(count('failed'), planned)), 'left-out');
  if (count('invalid') > 0) add('warn', text('badge.invalid', share(count('invalid'), planned)), 'left-out');
  const without = cells.filter(({ cell }) => cell.state !== 'valid').length;
  if (without > 0) add('warn', text('badge.no-figure', share(without, cells.length)), 'cells');
  if (run.unfinished.length > 0)
    add('warn', text('badge.not-finished', share(run.unfinished.length, planned)), 'left-out');
  if (run.problems.length > 0) add('warn', text('badge.folder'), 'left-out');
  const valid = run.repeats.filter(({ outcome }) => outcome === 'valid');
  const noted = new Map<string, number>();
  for (const { notes } of valid)
    for (const code of new Set(notes.map((note) => note.code))) noted.set(code, (noted.get(code) ?? 0) + 1);
  for (const [code, times] of noted) {
    const word = NOTE_WORDS[code] ?? code.replaceAll('-', ' ');
    add(
      code === 'smoke-scale' ? 'warn' : 'plain',
      times === valid.length ? word : `${word} (${times} of ${valid.length})`,
      'notes',
    );
  }
  const fewest = Math.min(
    ...cells.filter(({ cell }) => cell.state === 'valid').map(({ cell }) => cell.counts.valid),
  );
  if (Number.isFinite(fewest) && fewest < 6) {
    add(
      'plain',
      fewest === 1 ? text('badge.one-repeat') : text('badge.few-repeats', { n: String(fewest) }),
      'cells',
    );
  }
  if (run.manifest.excluded.length > 0) {
    const n = run.manifest.excluded.length;
    add('plain', `${n} combination${n === 1 ? '' : 's'} left out`, 'left-out');
  }
  return badges;
}
