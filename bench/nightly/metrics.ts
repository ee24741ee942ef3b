import type { RepeatResult } from '../result.ts';

export type Direction = 'lower-is-better' | 'higher-is-better';

export interface NightlyMetric {
  /** Part of file names, of metric labels and of `--delta-for`. */
  readonly name: string;
  readonly title: string;
  readonly unit: 'us' | 'records/s' | 'us/MB' | 'bytes/record';
  readonly direction: Direction;
  /** Relative change that matters (δ), unless the user says otherwise. */
  readonly delta: number;
  /** The repeat's figure; null where it has none, or one that says nothing about speed. */
  readonly of: (result: RepeatResult) => number | null;
}

const SLOWER = 'lower-is-better';

/** What a night keeps of each cell. p99 rests on fewer records than p50, so its δ is wider. */
export const NIGHTLY_METRICS: readonly NightlyMetric[] = [
  {
    name: 'due-to-ack-p50',
    title: 'Due to acknowledged, p50',
    unit: 'us',
    direction: SLOWER,
    delta: 0.03,
    of: ({ latencyUs }) => latencyUs['due-to-ack']?.percentilesUs.p50 ?? null,
  },
  {
    name: 'due-to-ack-p99',
    title: 'Due to acknowledged, p99',
    unit: 'us',
    direction: SLOWER,
    delta: 0.1,
    of: ({ latencyUs }) => latencyUs['due-to-ack']?.percentilesUs.p99 ?? null,
  },
  {
    name: 'end-to-end-p50',
    title: 'Due to received, p50',
    unit: 'us',
    direction: SLOWER,
    delta: 0.03,
    of: ({ latencyUs }) => latencyUs['end-to-end']?.percentilesUs.p50 ?? null,
  },
  {
    name: 'end-to-end-p99',
    title: 'Due to received, p99',
    unit: 'us',
    direction: SLOWER,
    delta: 0.1,
    of: ({ latencyUs }) => latencyUs['end-to-end']?.percentilesUs.p99 ?? null,
  },
  {
    name: 'throughput',
    title: 'Acknowledged, at maximum rate',
    unit: 'records/s',
    direction: 'higher-is-better',
    delta: 0.03,
    // At a fixed rate it is the offered rate, whatever the code does.
    of: ({ rate }) => (rate.kind === 'max' ? rate.achievedPerSec : null),
  },
  {
    name: 'consumed',
    title: 'Received, consuming only',
    unit: 'records/s',
    direction: 'higher-is-better',
    delta: 0.03,
    of: ({ rate }) => (rate.kind === 'consume' ? rate.receivedPerSec : null),
  },
  {
    name: 'sustainable-rate',
    title: 'Sustainable rate',
    unit: 'records/s',
    direction: 'higher-is-better',
    // A search ends when its bracket is within 5 %.
    delta: 0.06,
    of: ({ search }) => search?.lowPerSec ?? null,
  },
  {
    name: 'producer-cpu',
    title: 'Producer CPU',
    unit: 'us/MB',
    direction: SLOWER,
    delta: 0.05,
    of: ({ cpu }) => cpu.producerUsPerMB,
  },
  {
    name: 'broker-cpu',
    title: 'Broker CPU',
    unit: 'us/MB',
    direction: SLOWER,
    delta: 0.05,
    of: ({ cpu }) => cpu.brokerUsPerMB,
  },
  {
    name: 'wire-bytes',
    title: 'Bytes on the wire',
    unit: 'bytes/record',
    direction: SLOWER,
    delta: 0.02,
    of: ({ bytes }) => bytes.wirePerRecord,
  },
];

export function nightlyMetric(name: string): NightlyMetric | undefined {
  return NIGHTLY_METRICS.find((metric) => metric.name === name);
}

/** The figures of a cell's valid repeats, by metric; one that is not above zero can't be part of a ratio. */
export function figuresOf(results: readonly RepeatResult[]): Map<NightlyMetric, number[]> {
  const figures = new Map<NightlyMetric, number[]>();
  for (const metric of NIGHTLY_METRICS) {
    const values = results
      .filter(({ outcome }) => outcome === 'valid')
      .map((result) => metric.of(result))
      .filter((value): value is number => value !== null && Number.isFinite(value) && value > 0);
    if (values.length > 0) figures.set(metric, values);
  }
  return figures;
}
