import { formatUnit, type Unit } from '../../bench/results/figure-units.ts';
import type { ThresholdOutcome } from '../../bench/results/thresholds/evaluate.ts';

const UNITS: Readonly<Record<ThresholdOutcome['unit'], Unit>> = {
  µs: 'us',
  'records/s': 'perSec',
  'bytes/s': 'bytesPerSec',
  count: 'count',
  '%': 'percent',
  ratio: 'ratio',
};

/** "due-to-ack p99 < 20ms: breached, 23.4 ms (22.1 ms to 24.8 ms over repeats)". */
export function formatThreshold(outcome: ThresholdOutcome): string {
  const { observed, min, max, unit } = outcome;
  const show = (value: number) => formatUnit(value, UNITS[unit]);
  if (observed === null || outcome.passed === null) return `${outcome.text}: no data`;
  const range =
    min === null || max === null || min === max ? '' : ` (${show(min)} to ${show(max)} over repeats)`;
  return `${outcome.text}: ${outcome.passed ? 'passed' : 'breached'}, ${show(observed)}${range}`;
}
