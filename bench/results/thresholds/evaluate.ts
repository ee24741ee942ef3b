import { own } from '../../common/own.ts';
import type { Scalar } from '../../common/scalar.ts';
import { median } from '../../stats/describe.ts';
import type { RepeatResult } from '../result.ts';
import { type Operator, parseThreshold, type Threshold } from './parse.ts';
import { thresholdMetric, type Unit } from './vocabulary.ts';

export interface ThresholdOutcome {
  readonly text: string;
  /** null where it is about the whole run. */
  readonly cellId: string | null;
  readonly label: string;
  /** The median over repeats, or of a count the worst repeat, in `unit`; null where there is no figure, which is no pass. */
  readonly observed: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly limit: number;
  readonly unit: Unit;
  readonly passed: boolean | null;
}

/** Whether a threshold is about the cell with these settings. */
export const applies = ({ only }: Threshold, settings: Readonly<Record<string, Scalar>>): boolean =>
  Object.entries(only).every(([axis, value]) => String(own(settings, axis)) === value);

function holds(observed: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<':
      return observed < limit;
    case '<=':
      return observed <= limit;
    case '>':
      return observed > limit;
    case '>=':
      return observed >= limit;
    case '==':
      return observed === limit;
    case '!=':
      return observed !== limit;
  }
}

/** How far a value is on the wrong side of its limit; below 0 where it is on the right one. */
function badness(value: number, operator: Operator, limit: number): number {
  const over = value - limit;
  if (operator === '==') return Math.abs(over);
  if (operator === '!=') return -Math.abs(over);
  return operator.startsWith('<') ? over : -over;
}

/** The outcome that is farthest on the wrong side of its limit, or the nearest to it. */
function worstOf(
  outcomes: readonly ThresholdOutcome[],
  { operator, limit }: Threshold,
): ThresholdOutcome | undefined {
  const of = ({ observed }: ThresholdOutcome): number => badness(observed ?? 0, operator, limit);
  return [...outcomes].sort((a, b) => of(b) - of(a))[0];
}

/**
 * The repeats of a cell that a threshold looks at, one figure each. What makes a repeat invalid must not hide from the
 * threshold on it: counts are taken over everything that was measured.
 */
function figuresOf(threshold: Threshold, repeats: readonly RepeatResult[]): (number | null)[] {
  const metric = thresholdMetric(threshold.metric);
  if (metric === undefined) return [];
  const { over, spoiledBy, read } = metric;
  return repeats
    .filter(({ outcome, reasons }) => {
      if (outcome === 'valid') return true;
      return outcome === 'invalid' && (over === 'worst' || reasons.some(({ code }) => code === spoiledBy));
    })
    .map((result) => read(result, threshold.unit));
}

function judgeCell(
  threshold: Threshold,
  cell: { readonly id: string; readonly label: string },
  repeats: readonly RepeatResult[],
): ThresholdOutcome {
  const { text, operator, limit, unit } = threshold;
  const about = { text, cellId: cell.id, label: cell.label, limit, unit };
  const figures = figuresOf(threshold, repeats);
  const values = figures.flatMap((figure) => figure ?? []);
  if (values.length === 0) return { ...about, observed: null, min: null, max: null, passed: null };
  const byWorst = thresholdMetric(threshold.metric)?.over === 'worst';
  const observed = byWorst
    ? values.reduce((a, b) => (badness(b, operator, limit) > badness(a, operator, limit) ? b : a))
    : median(values);
  const held = holds(observed, operator, limit);
  // A repeat that was not checked is no breach, and no pass either.
  const unchecked = byWorst && values.length < figures.length;
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { ...about, observed, min, max, passed: held && unchecked ? null : held };
}

/** Holds the results of a run's cells to its thresholds. */
export function evaluateThresholds(
  texts: readonly string[],
  cells: readonly {
    readonly id: string;
    readonly label: string;
    readonly settings: Readonly<Record<string, Scalar>>;
  }[],
  results: readonly RepeatResult[],
): ThresholdOutcome[] {
  return texts.flatMap((text) => {
    const threshold = parseThreshold(text);
    const perCell = cells
      .filter(({ settings }) => applies(threshold, settings))
      .map((cell) =>
        judgeCell(
          threshold,
          cell,
          results.filter(({ cellId }) => cellId === cell.id),
        ),
      );
    if (threshold.scope === 'cell') return perCell;
    const breached = perCell.filter(({ passed }) => passed === false);
    const worst =
      worstOf(breached, threshold) ??
      perCell.find(({ passed }) => passed === null) ??
      worstOf(perCell, threshold);
    return worst === undefined ? [] : [{ ...worst, cellId: null, label: `run (worst: ${worst.label})` }];
  });
}
