import { median } from './compute/stats/describe.ts';
import { KsweepError } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Cell } from './plan.ts';
import {
  LATENCIES,
  type LatencyName,
  PERCENTILES,
  type PercentileName,
  type RepeatResult,
} from './result.ts';
import type { Problem } from './workload/issues.ts';
import type { Scalar, Workload } from './workload/schema.ts';
import { parseDurationMs, parseRate } from './workload/units.ts';

/**
 * Thresholds, as in k6: `[run:] <metric> <op> <limit> [for <axis>=<value>,…]`. Without `run:` each cell is held to it,
 * by the median of its valid repeats; with it the run as a whole, by its worst cell.
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

export interface ThresholdOutcome {
  readonly text: string;
  /** null where it is about the whole run. */
  readonly cellId: string | null;
  readonly label: string;
  /** The median over valid repeats, in `unit`; null where there is no figure, which is no pass. */
  readonly observed: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly limit: number;
  readonly unit: Unit;
  readonly passed: boolean | null;
}

const OPERATORS = { '<=': 1, '>=': 1, '==': 1, '!=': 1, '<': 1, '>': 1 } as const;
type Operator = keyof typeof OPERATORS;
type Unit = 'µs' | 'records/s' | 'bytes/s' | 'count' | '%' | 'ratio';

interface Metric {
  readonly units: readonly Unit[];
  readonly read: (result: RepeatResult, unit: Unit) => number | null;
}

const count = (read: (result: RepeatResult) => number | null): Metric => ({ units: ['count'], read });
const percent = (read: (result: RepeatResult) => number | null): Metric => ({ units: ['%'], read });
const ratio = (read: (result: RepeatResult) => number | null): Metric => ({ units: ['ratio'], read });

const METRICS: Readonly<Record<string, Metric>> = {
  'achieved/offered': ratio(({ rate }) => rate.achievedOverOffered),
  achieved: {
    units: ['records/s', 'bytes/s'],
    read: ({ rate }, unit) => (unit === 'bytes/s' ? rate.achievedBytesPerSec : rate.achievedPerSec),
  },
  received: {
    units: ['records/s', 'bytes/s'],
    read: ({ rate }, unit) => (unit === 'bytes/s' ? rate.receivedBytesPerSec : rate.receivedPerSec),
  },
  lost: count(({ counts }) => counts.lost),
  duplicated: count(({ counts }) => counts.duplicated),
  'out-of-order': count(({ counts }) => counts.outOfOrder),
  failed: count(({ counts }) => counts.failed),
  'lag.max': count(({ lag }) => lag?.maxRecords ?? null),
  'lag.final': count(({ lag }) => lag?.finalRecords ?? null),
  'cpu.producers': percent(({ cpu }) => cpu.producersPercent),
  'cpu.consumers': percent(({ cpu }) => cpu.consumersPercent),
  'cpu.brokers': percent(({ cpu }) => cpu.brokersPercent),
  'compression.wire': ratio(({ bytes }) => bytes.wireCompressionRatio),
  'compression.disk': ratio(({ bytes }) => bytes.diskCompressionRatio),
};

const STATISTICS = [...Object.keys(PERCENTILES), 'mean', 'max'];

function latencyMetric(latency: LatencyName, statistic: string): Metric {
  return {
    units: ['µs'],
    read: ({ latencyUs }) => {
      const summary = latencyUs[latency];
      if (summary === null) return null;
      if (statistic === 'mean') return summary.meanUs;
      if (statistic === 'max') return summary.maxUs;
      return summary.percentilesUs[statistic as PercentileName];
    },
  };
}

function metricOf(name: string): Metric | undefined {
  const [latency, statistic] = name.split(/\s+/);
  const found = LATENCIES.find((candidate) => candidate === latency);
  if (found !== undefined && statistic !== undefined && STATISTICS.includes(statistic))
    return latencyMetric(found, statistic);
  return METRICS[name];
}

/** Reads one metric by its name in a threshold, in its first unit; undefined where there is none of that name. */
export function metricReader(name: string):
  | {
      readonly read: (result: RepeatResult) => number | null;
      readonly direction: 'lower-is-better' | 'higher-is-better';
      readonly timed: boolean;
    }
  | undefined {
  const metric = metricOf(name);
  const unit = metric?.units[0];
  if (metric === undefined || unit === undefined) return undefined;
  const higher = unit === 'records/s' || unit === 'ratio';
  return {
    read: (result) => metric.read(result, unit),
    direction: higher ? 'higher-is-better' : 'lower-is-better',
    timed: unit === 'µs',
  };
}

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
  const known = [...Object.keys(METRICS), ...LATENCIES];
  const guess = nearest(latency ?? name, known);
  fail(
    text,
    `"${name}" is no metric${guess === undefined ? `: ${known.join(', ')}` : `; did you mean ${guess}?`}`,
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
      ? fail(text, `"${raw}" is no duration; write 500us, 20ms or 1s`)
      : { limit: ms * 1000, unit };
  }
  if (unit === 'records/s') {
    const rate = parseRate(raw);
    if (rate === undefined) fail(text, `"${raw}" is no rate; write 20000/s or 50MB/s`);
    return { limit: rate.perSec, unit: rate.kind === 'bytes' ? 'bytes/s' : 'records/s' };
  }
  const number = Number(raw.replace(/%$/, ''));
  if (raw === '' || !Number.isFinite(number)) fail(text, `"${raw}" is no number`);
  if (raw.endsWith('%') && unit !== '%') fail(text, `"${raw}": this metric is no percentage`);
  return { limit: number, unit: unit ?? 'count' };
}

/** Throws threshold-invalid with the place and the nearest metric. */
export function parseThreshold(text: string): Threshold {
  const match = /^\s*(run:)?\s*(.+?)\s*(<=|>=|==|!=|<|>)\s*(\S+?)\s*(?:\sfor\s+(.+))?$/.exec(text);
  if (match === null) fail(text, 'expected <metric> <operator> <limit>');
  const name = (match[2] ?? '').replaceAll(/\s+/g, ' ');
  const metric = metricOf(name) ?? unknownMetric(text, name);
  const only: Record<string, string> = {};
  for (const part of match[5]?.split(',') ?? []) {
    const [axis, value, ...more] = part.split('=');
    if (axis === undefined || value === undefined || more.length > 0)
      fail(text, `"${part}": expected for <axis>=<value>`);
    only[axis.trim()] = value.trim();
  }
  return {
    text,
    scope: match[1] === undefined ? 'cell' : 'run',
    metric: name,
    operator: match[3] as Operator,
    ...limitOf(text, match[4] ?? '', metric.units),
    only,
  };
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
      if (!cells.some(({ settings }) => axis in settings))
        return problem(`"${axis}" is no axis of this sweep`);
    }
    const held = cells.filter(({ settings }) => applies(threshold, settings));
    if (cells.length > 0 && held.length === 0) return problem('no cell has these values');
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

/** The outcome that is farthest on the wrong side of its limit, or the nearest to it. */
function worstOf(outcomes: readonly ThresholdOutcome[], operator: Operator): ThresholdOutcome | undefined {
  const badness = ({ observed, limit }: ThresholdOutcome): number => {
    const over = (observed ?? 0) - limit;
    if (operator === '==') return Math.abs(over);
    if (operator === '!=') return -Math.abs(over);
    return operator.startsWith('<') ? over : -over;
  };
  return [...outcomes].sort((a, b) => badness(b) - badness(a))[0];
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
    const { operator, limit, unit, metric } = threshold;
    const read = (metricOf(metric) as Metric).read;
    const perCell = cells
      .filter(({ settings }) => applies(threshold, settings))
      .map(({ id, label }): ThresholdOutcome => {
        const values = results
          .filter(({ cellId, outcome }) => cellId === id && outcome === 'valid')
          .flatMap((result) => read(result, unit) ?? []);
        if (values.length === 0)
          return { text, cellId: id, label, observed: null, min: null, max: null, limit, unit, passed: null };
        const observed = median(values);
        const [min, max] = [Math.min(...values), Math.max(...values)];
        return {
          text,
          cellId: id,
          label,
          observed,
          min,
          max,
          limit,
          unit,
          passed: holds(observed, operator, limit),
        };
      });
    if (threshold.scope === 'cell') return perCell;
    const worst =
      worstOf(
        perCell.filter(({ passed }) => passed === false),
        operator,
      ) ??
      perCell.find(({ passed }) => passed === null) ??
      worstOf(perCell, operator);
    return worst === undefined ? [] : [{ ...worst, cellId: null, label: `run (worst: ${worst.label})` }];
  });
}
