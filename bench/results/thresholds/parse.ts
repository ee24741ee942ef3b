import { KsweepError } from '../../common/errors.ts';
import { nearest } from '../../common/nearest.ts';
import { parseDurationMs, parseRate } from '../../common/units.ts';
import { LATENCIES } from '../latency.ts';
import { METRIC_NAMES, STATISTICS, thresholdMetric, type Unit } from './vocabulary.ts';

/**
 * Thresholds, as in k6: `[run:] <metric> <op> <limit> [for <axis>=<value>,…]`. Without `run:` each cell is held to it,
 * by the median of its valid repeats; with it the run as a whole, by its worst cell. Counts are judged by the worst of
 * all measured repeats, and a rate also by those that are invalid because they fell short of it.
 *
 * - `due-to-ack p99 < 20ms`, likewise sent-to-ack, due-to-sent, end-to-end with p50 … p99.99, mean or max
 * - `achieved/offered >= 0.99`, `achieved >= 50MB/s`, `received >= 20000/s`
 * - `lost == 0`, `duplicated == 0`, `out-of-order == 0`, `failed == 0`, `lag.max < 1000`, `lag.final < 100`
 * - `cpu.producers < 80%`, `cpu.consumers`, `cpu.brokers` (percent of one core), `compression.wire > 3`, `compression.disk`
 */
export interface Threshold {
  readonly text: string;
  readonly scope: 'cell' | 'run';
  readonly metric: string;
  readonly operator: Operator;
  /** In the metric's base unit: µs, records or bytes a second, a count, percent, or a ratio. */
  readonly limit: number;
  readonly unit: Unit;
  /** Cells it holds for: all of these axis values. */
  readonly only: Readonly<Record<string, string>>;
}

const OPERATORS = { '<=': 1, '>=': 1, '==': 1, '!=': 1, '<': 1, '>': 1 } as const;
export type Operator = keyof typeof OPERATORS;

function fail(text: string, message: string): never {
  throw new KsweepError('threshold-invalid', `threshold "${text}": ${message}`, {
    hint: 'write such as "due-to-ack p99 < 20ms", "achieved/offered >= 0.99" or "lost == 0"',
  });
}

function unknownMetric(text: string, name: string): never {
  const [latency, statistic] = name.split(/\s+/);
  if (LATENCIES.some((candidate) => candidate === latency)) {
    fail(
      text,
      statistic === undefined
        ? `${name} needs a percentile: ${STATISTICS.join(', ')}`
        : `"${statistic}" is none of ${STATISTICS.join(', ')}`,
    );
  }
  const known = [...METRIC_NAMES, ...LATENCIES];
  const guess = nearest(latency ?? name, known);
  fail(
    text,
    `"${name}" is not a metric${guess === undefined ? `: ${known.join(', ')}` : `; did you mean ${guess}?`}`,
  );
}

function limitOf(text: string, raw: string, units: readonly Unit[]): { limit: number; unit: Unit } {
  const [unit] = units;
  if (unit === 'µs') {
    const ms = /^\d+(\.\d+)?(us|µs)$/.test(raw)
      ? Number.parseFloat(raw) / 1000
      : /[a-z]$/.test(raw)
        ? parseDurationMs(raw)
        : undefined;
    return ms === undefined
      ? fail(text, `"${raw}" is not a duration; write 500us, 20ms or 1s`)
      : { limit: ms * 1000, unit };
  }
  if (unit === 'records/s') {
    const rate = parseRate(raw);
    if (rate === undefined) fail(text, `"${raw}" is not a rate; write 20000/s or 50MB/s`);
    return { limit: rate.perSec, unit: rate.kind === 'bytes' ? 'bytes/s' : 'records/s' };
  }
  const number = Number(raw.replace(/%$/, ''));
  if (raw === '' || !Number.isFinite(number)) fail(text, `"${raw}" is not a number`);
  if (raw.endsWith('%') && unit !== '%') fail(text, `"${raw}": this metric is not a percentage`);
  return { limit: number, unit: unit ?? 'count' };
}

/** Throws threshold-invalid with the place and the nearest metric. */
export function parseThreshold(text: string): Threshold {
  const match = /^\s*(run:)?\s*(.+?)\s*(<=|>=|==|!=|<|>)\s*(\S+?)\s*(?:\sfor\s+(.+))?$/.exec(text);
  if (match === null) fail(text, 'expected <metric> <operator> <limit>');
  const name = (match[2] ?? '').replaceAll(/\s+/g, ' ');
  const metric = thresholdMetric(name) ?? unknownMetric(text, name);
  const only: [string, string][] = [];
  for (const part of match[5]?.split(',') ?? []) {
    const [axis, value, ...more] = part.split('=');
    if (axis === undefined || value === undefined || more.length > 0)
      fail(text, `"${part}": expected for <axis>=<value>`);
    only.push([axis.trim(), value.trim()]);
  }
  return {
    text,
    scope: match[1] === undefined ? 'cell' : 'run',
    metric: name,
    operator: match[3] as Operator,
    ...limitOf(text, match[4] ?? '', metric.units),
    only: Object.fromEntries(only),
  };
}
