import { KsweepError } from '../../common/errors.ts';
import { nearest } from '../../common/nearest.ts';
import { type Metric, metricOf } from '../../results/metrics.ts';
import type { RepeatResult } from '../../results/result.ts';

export type Direction = 'lower-is-better' | 'higher-is-better';

/** A figure that nights are compared by. */
export interface NightlyMetric {
  readonly metric: Metric;
  readonly direction: Direction;
  /** Relative change that matters (δ), unless the user says otherwise. */
  readonly delta: number;
}

/** p99 rests on fewer records than p50, CPU on clock ticks, and a search ends within 5 %: their δ is wider. */
const DELTAS: readonly (readonly [key: string, delta: number])[] = [
  ['due-to-ack.p50', 0.03],
  ['due-to-ack.p99', 0.1],
  ['end-to-end.p50', 0.03],
  ['end-to-end.p99', 0.1],
  ['achievedPerSec', 0.03],
  ['receivedPerSec', 0.03],
  ['search.lowPerSec', 0.06],
  ['cpu.producerUsPerMB', 0.05],
  ['cpu.brokerUsPerMB', 0.05],
  ['wirePerRecord', 0.02],
];

export const NIGHTLY_METRICS: readonly NightlyMetric[] = DELTAS.map(([key, delta]) => {
  const metric = metricOf(key);
  return { metric, delta, direction: metric.direction ?? 'lower-is-better' };
});

/** The nightly metric of that key, or undefined. */
export function nightlyMetric(key: string): NightlyMetric | undefined {
  return NIGHTLY_METRICS.find(({ metric }) => metric.key === key);
}

/** Rates say something about speed only where nothing fixed them. */
function saysSpeed(key: string, { rate }: RepeatResult): boolean {
  if (key === 'achievedPerSec') return rate.kind === 'max';
  return key === 'receivedPerSec' ? rate.kind === 'consume' : true;
}

/** The figures of a cell's valid repeats, by metric key; one that is not above zero cannot be part of a ratio. */
export function figuresOf(results: readonly RepeatResult[]): Map<string, number[]> {
  const figures = new Map<string, number[]>();
  for (const { metric } of NIGHTLY_METRICS) {
    const values = results
      .filter((result) => result.outcome === 'valid' && saysSpeed(metric.key, result))
      .map((result) => metric.read(result))
      .filter((value): value is number => value !== null && Number.isFinite(value) && value > 0);
    if (values.length > 0) figures.set(metric.key, values);
  }
  return figures;
}

/** δ by metric key: `--delta` for all of them, `--delta-for <metric>=<share>` for one. Throws usage. */
export function deltasOf(all: string | undefined, single: readonly string[]): Map<string, number> {
  const share = (text: string, where: string): number => {
    const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
    if (text.trim() !== '' && value > 0 && value < 1) return value;
    throw new KsweepError('usage', `${where}: expected a share such as 0.03 or 3%`);
  };
  const deltas = new Map(
    NIGHTLY_METRICS.map(({ metric, delta }) => [
      metric.key,
      all === undefined ? delta : share(all, `--delta ${all}`),
    ]),
  );
  for (const text of single) {
    const equals = text.lastIndexOf('=');
    const key = text.slice(0, Math.max(0, equals));
    if (!deltas.has(key)) {
      const guess = nearest(key, deltas.keys());
      const known = [...deltas.keys()].join(', ');
      throw new KsweepError('usage', `--delta-for ${text}: expected <metric>=<share>, a metric of ${known}`, {
        ...(guess === undefined ? {} : { hint: `did you mean ${guess}=…?` }),
      });
    }
    deltas.set(key, share(text.slice(equals + 1), `--delta-for ${text}`));
  }
  return deltas;
}
