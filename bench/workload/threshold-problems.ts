import { KsweepError } from '../common/errors.ts';
import { meantValue, nearest } from '../common/nearest.ts';
import type { Problem } from '../common/yaml/issues.ts';
import { applies } from '../results/thresholds/evaluate.ts';
import { parseThreshold, type Threshold } from '../results/thresholds/parse.ts';
import type { Cell } from './plan.ts';
import type { Workload } from './schema.ts';

/** Metrics that consumers count: without any they would be 0 or unknown, whatever happened. */
const NEEDS_CONSUMERS =
  /^(end-to-end|received|lost|duplicated|redelivered|exhausted|expired|out-of-order|lag\.|cpu\.consumers)/;

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
      if (!cells.some(({ settings }) => Object.hasOwn(settings, axis)))
        return problem(noAxis(axis, axesOf(cells)));
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
  return `"${axis}" is not an axis of this sweep${guess === undefined ? '' : `; did you mean ${guess}?`}`;
}

function unheld({ only }: Threshold, cells: readonly Cell[]): string {
  for (const [axis, value] of Object.entries(only)) {
    const values = [...new Set(cells.map(({ settings }) => String(settings[axis])))];
    if (values.includes(value)) continue;
    return `no cell has ${axis}=${value}${meantValue(value, values)}`;
  }
  return 'no cell has all of these values';
}
