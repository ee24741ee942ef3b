import { own } from '../../common/own.ts';
import { LATENCIES, PERCENTILES } from '../latency.ts';
import { metricOf as reported } from '../metrics.ts';
import type { RepeatResult } from '../result.ts';

export type Unit = 'µs' | 'records/s' | 'bytes/s' | 'count' | '%' | 'ratio';

/** A figure as thresholds name it; it is read as every report reads it. */
export interface ThresholdMetric {
  readonly units: readonly Unit[];
  readonly read: (result: RepeatResult, unit: Unit) => number | null;
  /** 'median' over repeats; 'worst' where a single repeat is one too many. */
  readonly over: 'median' | 'worst';
  /** The reason for which a repeat is invalid because of this very figure: leaving it out would hide the breach. */
  readonly spoiledBy: string | null;
}

type Rules = Partial<Pick<ThresholdMetric, 'over' | 'spoiledBy'>>;

function metric(unit: Unit, key: string, rules: Rules = {}): ThresholdMetric {
  const { read } = reported(key);
  return { units: [unit], read: (result) => read(result), over: 'median', spoiledBy: null, ...rules };
}

function rate(perSec: string, bytesPerSec: string, spoiledBy: string): ThresholdMetric {
  const [records, bytes] = [reported(perSec), reported(bytesPerSec)];
  return {
    units: ['records/s', 'bytes/s'],
    read: (result, unit) => (unit === 'bytes/s' ? bytes : records).read(result),
    over: 'median',
    spoiledBy,
  };
}

const worst = { over: 'worst' } as const;

const METRICS: Readonly<Record<string, ThresholdMetric>> = {
  'achieved/offered': metric('ratio', 'achieved/offered', { spoiledBy: 'not-sustained' }),
  achieved: rate('achievedPerSec', 'achievedBytesPerSec', 'not-sustained'),
  received: rate('receivedPerSec', 'receivedBytesPerSec', 'lag-growing'),
  lost: metric('count', 'lost', worst),
  duplicated: metric('count', 'duplicated', worst),
  redelivered: metric('count', 'redelivered', worst),
  exhausted: metric('count', 'exhausted', worst),
  expired: metric('count', 'expired', worst),
  'out-of-order': metric('count', 'outOfOrder', worst),
  failed: metric('count', 'failed', worst),
  'lag.max': metric('count', 'lag.max', { spoiledBy: 'lag-growing' }),
  'lag.final': metric('count', 'lag.final', { spoiledBy: 'lag-growing' }),
  'cpu.producers': metric('%', 'cpu.producers'),
  'cpu.consumers': metric('%', 'cpu.consumers'),
  'cpu.brokers': metric('%', 'cpu.brokers'),
  'compression.wire': metric('ratio', 'wireCompressionRatio'),
  'compression.disk': metric('ratio', 'diskCompressionRatio'),
};

/** Metrics that need a statistic after their name are not among them. */
export const METRIC_NAMES: readonly string[] = Object.keys(METRICS);

export const STATISTICS: readonly string[] = [...Object.keys(PERCENTILES), 'mean', 'max'];

export function thresholdMetric(name: string): ThresholdMetric | undefined {
  const [latency, statistic] = name.split(/\s+/);
  const found = LATENCIES.find((candidate) => candidate === latency);
  if (found !== undefined && statistic !== undefined && STATISTICS.includes(statistic)) {
    return metric('µs', `${found}.${statistic}`);
  }
  return own(METRICS, name);
}

/** Reads one metric by its name in a threshold, in its first unit; undefined where there is none of that name. */
export function metricReader(name: string):
  | {
      readonly read: (result: RepeatResult) => number | null;
      readonly direction: 'lower-is-better' | 'higher-is-better';
      readonly timed: boolean;
    }
  | undefined {
  const found = thresholdMetric(name);
  const unit = found?.units[0];
  if (found === undefined || unit === undefined) return undefined;
  const higher = unit === 'records/s' || unit === 'ratio';
  return {
    read: (result) => found.read(result, unit),
    direction: higher ? 'higher-is-better' : 'lower-is-better',
    timed: unit === 'µs',
  };
}
