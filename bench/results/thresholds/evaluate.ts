import { median } from '../../stats/describe.ts';
import { KsweepError } from '../../common/errors.ts';
import { meantValue, nearest } from '../../common/nearest.ts';
import type { Cell } from '../../workload/plan.ts';
import type { RepeatResult } from '../result.ts';
import { thresholdMetric, type Unit } from './metrics.ts';
import { type Operator, parseThreshold, type Threshold } from './parse.ts';
import type { Problem } from '../../common/yaml/issues.ts';
import type { Scalar, Workload } from '../../workload/schema.ts';

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

/** What is wrong with a workload's thresholds, before anything starts. */
export function thresholdProblems(workload: Workload, cells: readonly Cell[]): Problem[] {
  return workload.thresholds.flatMap((text, index): Problem[] => {
    const problem = (message: string): Problem[] => [{ path: ['thresholds', index], at: 'value', message }];
    let threshold: Threshold;
    try {
      threshold = parseThreshold(text);
    } catch (error) {
      return problem(error instanceof KsweepError ? error.message : String(error));
    }
    for (const axis of Object.keys(threshold.only)) {
      if (!cells.some(({ settings }) => axis in settings)) return problem(noAxis(axis, axesOf(cells)));
    }
    const held = cells.filter(({ settings }) => applies(threshold, settings));
    if (cells.length > 0 && held.length === 0) return problem(unheld(threshold, cells));
    const untimed = held.find(
      ({ workload: { load } }) => load.rate === 'max' || load.timing === 'counts' || load.producers === 0,
    );
    if (threshold.unit === 'µs' && untimed !== undefined) {
      return problem(
        `cell ${untimed.id} has no latency: it is timed only at a fixed rate with load.timing: each`,
      );
    }
    const unread = held.find(({ workload: { consumers } }) => consumers.groups === 0);
    if (NEEDS_CONSUMERS.test(threshold.metric) && unread !== undefined) {
      return problem(`cell ${unread.id} has no consumers, and only they can tell`);
    }
    const unbounded = held.find(({ workload: { load } }) => load.rate === 'max' || load.producers === 0);
    if (threshold.metric === 'achieved/offered' && unbounded !== undefined) {
      return problem(`cell ${unbounded.id} offers no rate`);
    }
    return [];
  });
}

const axesOf = (cells: readonly Cell[]): string[] => [
  ...new Set(cells.flatMap(({ settings }) => Object.keys(settings))),
];

/** That a sweep has no such axis, and which one was meant. */
export function noAxis(axis: string, axes: readonly string[]): string {
  const guess = nearest(axis, axes);
  return `"${axis}" is no axis of this sweep${guess === undefined ? '' : `; did you mean ${guess}?`}`;
}

function unheld({ only }: Threshold, cells: readonly Cell[]): string {
  for (const [axis, value] of Object.entries(only)) {
    const values = [...new Set(cells.map(({ settings }) => String(settings[axis])))];
    if (values.includes(value)) continue;
    return `no cell has ${axis}=${value}${meantValue(value, values)}`;
  }
  return 'no cell has all of these values';
}

/** Metrics that consumers count: without any they would be 0 or unknown, whatever happened. */
const NEEDS_CONSUMERS = /^(end-to-end|received|lost|duplicated|out-of-order|lag\.|cpu\.consumers)/;

const applies = ({ only }: Threshold, settings: Readonly<Record<string, Scalar>>): boolean =>
  Object.entries(only).every(([axis, value]) => String(settings[axis]) === value);

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
