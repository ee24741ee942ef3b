import type { IntervalSnapshot } from '../../load/protocol.ts';
import { addEncoded } from '../../results/encoded-histogram.ts';
import { newHistogram, percentileUs } from '../../results/histogram.ts';
import { LATENCIES, type LatencyName, partsOf } from '../../results/latency.ts';
import { type Family, type Labels, openMetricsText } from '../../results/openmetrics-text.ts';
import type { OffsetSample } from '../judge/measurement.ts';
import type { Progress } from '../measure/progress.ts';
import type { LastSecond } from './last-second.ts';

const PHASES = ['setup', 'ready', 'backlog', 'warmup', 'measure', 'drain', 'teardown', 'end'];
const QUANTILES = { p50: '0.5', p90: '0.9', p99: '0.99', 'p99.9': '0.999' } as const;
/** A process that has been silent for longer has ended: a consumer that was killed on purpose, say. */
const SILENT_SEC = 2;

const COUNTED = ['due', 'sent', 'acked', 'received', 'failed', 'queueFull'] as const;
type Counted = (typeof COUNTED)[number];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const greatest = (values: readonly number[]): number =>
  values.reduce((max, value) => Math.max(max, value), 0);

/**
 * What a run is doing now, as OpenMetrics: fed with what the coordinator is sent each second anyway. Nothing is
 * computed before somebody asks, so that a run that nobody scrapes costs no more than one without a listener.
 */
export class LiveMetrics {
  readonly #workload: string;
  #progress: Progress | null = null;
  #place = '';
  /** The last second that each process of this repeat has told of. */
  readonly #latest = new Map<string, IntervalSnapshot>();
  /** Highest position seen, by group and partition: it may only grow, whoever owns the partition. */
  readonly #positions = new Map<string, Map<number, number>>();
  #offsets: OffsetSample | null = null;
  readonly #totals: Record<Counted, number> = {
    due: 0,
    sent: 0,
    acked: 0,
    received: 0,
    failed: 0,
    queueFull: 0,
  };
  /** Due and sent in this repeat: what lies between them waits in the generator. */
  #unsent = 0;
  #text: string | null = null;

  constructor(workload: string) {
    this.#workload = workload;
  }

  onProgress(progress: Progress): void {
    const { cellId, block, attempt, phase } = progress;
    const place = `${cellId} ${block} ${attempt}`;
    if (place !== this.#place || (phase === 'setup' && this.#progress?.phase !== 'setup')) {
      this.#latest.clear();
      this.#positions.clear();
      this.#offsets = null;
      this.#unsent = 0;
    }
    this.#place = place;
    this.#progress = progress;
    this.#text = null;
  }

  onSnapshot(process: string, snapshot: IntervalSnapshot): void {
    this.#latest.set(process, snapshot);
    for (const key of COUNTED) this.#totals[key] += snapshot[key];
    this.#unsent += snapshot.due - snapshot.sent;
    const group = process.slice(0, process.lastIndexOf('-'));
    for (const [partition, position] of Object.entries(snapshot.positions ?? {})) {
      const known = this.#positions.get(group) ?? new Map<number, number>();
      known.set(Number(partition), Math.max(known.get(Number(partition)) ?? 0, position));
      this.#positions.set(group, known);
    }
    this.#text = null;
  }

  onOffsets(sample: OffsetSample): void {
    if (sample.high !== null) this.#offsets = sample;
    this.#text = null;
  }

  /** OpenMetrics 1.0 text. */
  text(): string {
    this.#text ??= openMetricsText(this.#families());
    return this.#text;
  }

  #families(): Family[] {
    const progress = this.#progress;
    const run = { workload: this.#workload };
    if (progress === null) return [gauge('ksweep_run_repeats_finished', 'Repeats finished.', run, 0)];
    const { cell, cellId, block, finished, total, leftMs, phase } = progress;
    const here = { ...run, cell, cell_id: cellId, block: String(block) };
    return [
      gauge('ksweep_run_repeats_finished', 'Repeats finished.', run, finished),
      gauge('ksweep_run_repeats_planned', 'Repeats in all.', run, total),
      {
        ...gauge('ksweep_run_left_seconds', 'Estimated time left.', run, leftMs / 1000),
        unit: 'seconds',
      },
      {
        name: 'ksweep_run_phase',
        type: 'stateset',
        help: 'Phase of the repeat.',
        samples: PHASES.map((one) => ({
          labels: { ...here, ksweep_run_phase: one },
          value: one === phase ? 1 : 0,
        })),
      },
      ...COUNTED.map(
        (key): Family => ({
          name: `ksweep_run_${COUNTER[key].name}`,
          type: 'counter',
          help: COUNTER[key].help,
          samples: [{ labels: run, value: this.#totals[key] }],
        }),
      ),
      ...this.#interval(here),
    ];
  }

  /** The last second that generators have told of; null where none is running. */
  lastSecond(): LastSecond | null {
    const newest = Math.max(...[...this.#latest.values()].map(({ second }) => second));
    const present = [...this.#latest].filter(([, { second }]) => second >= newest - SILENT_SEC);
    if (present.length === 0) return null;
    const all = present.map(([, snapshot]) => snapshot);
    const of = (role: string) =>
      present.filter(([name]) => name.startsWith(role)).map(([, snapshot]) => snapshot);
    const [producers, consumers] = [of('producer'), of('consumer')];
    const total = (list: readonly IntervalSnapshot[], key: Counted): number =>
      sum(list.map((one) => one[key]));
    return {
      snapshots: all,
      produced:
        producers.length === 0
          ? null
          : {
              offeredPerSec: total(producers, 'due'),
              sentPerSec: total(producers, 'sent'),
              achievedPerSec: total(producers, 'acked'),
              unsentRecords: Math.max(0, this.#unsent),
              queueFullMs: sum(producers.map((one) => one.queueFullMs)),
            },
      consumed:
        consumers.length === 0
          ? null
          : { receivedPerSec: total(consumers, 'received'), lagRecords: this.#lagRecords() },
      eventLoopDelayP99Us: greatest(all.map((one) => one.eventLoopDelayP99Us)),
      cpuMaxShare: greatest(all.map((one) => one.cpuUs)) / 1e6,
    };
  }

  /** Figures of the last second, summed or merged over generators. */
  #interval(here: Labels): Family[] {
    const last = this.lastSecond();
    if (last === null) return [];
    const { produced, consumed } = last;
    const perSecond = 'records per second, in the last second.';
    return [
      ...(produced === null
        ? []
        : [
            gauge('ksweep_run_offered_records_per_second', `Due, ${perSecond}`, here, produced.offeredPerSec),
            gauge('ksweep_run_sent_records_per_second', `Sent, ${perSecond}`, here, produced.sentPerSec),
            gauge(
              'ksweep_run_achieved_records_per_second',
              `Acknowledged, ${perSecond}`,
              here,
              produced.achievedPerSec,
            ),
            gauge(
              'ksweep_run_generator_unsent_records',
              'Records that are due and that the client has not taken yet.',
              here,
              produced.unsentRecords,
            ),
            seconds(
              'ksweep_run_generator_queue_full_seconds',
              'Time of the last second in which a client’s queue was full, summed over producers.',
              here,
              produced.queueFullMs / 1e3,
            ),
          ]),
      ...(consumed === null
        ? []
        : [
            gauge(
              'ksweep_run_received_records_per_second',
              `Received, ${perSecond}`,
              here,
              consumed.receivedPerSec,
            ),
            ...(consumed.lagRecords === null
              ? []
              : [
                  gauge(
                    'ksweep_run_lag_records',
                    'End offsets less positions, over partitions and groups.',
                    here,
                    consumed.lagRecords,
                  ),
                ]),
          ]),
      latencyFamily(last.snapshots, here),
      seconds(
        'ksweep_run_generator_event_loop_delay_seconds',
        '99th percentile of the event loop’s delay, of the generator with the longest.',
        here,
        last.eventLoopDelayP99Us / 1e6,
      ),
      gauge(
        'ksweep_run_generator_cpu_ratio',
        'CPU of the busiest generator, of one core.',
        here,
        last.cpuMaxShare,
      ),
    ];
  }

  /** null where the ends or the position of some partition are not known yet. */
  #lagRecords(): number | null {
    const high = this.#offsets?.high ?? null;
    if (high === null || this.#positions.size === 0) return null;
    let lag = 0;
    for (const positions of this.#positions.values()) {
      for (const [partition, end] of high.entries()) {
        const position = positions.get(partition);
        if (position === undefined) return null;
        lag += Math.max(0, end - position);
      }
    }
    return lag;
  }
}

const COUNTER: Readonly<Record<Counted, { readonly name: string; readonly help: string }>> = {
  due: { name: 'due_records', help: 'Records that were due.' },
  sent: { name: 'sent_records', help: 'Records that the client took.' },
  acked: { name: 'acknowledged_records', help: 'Records acknowledged.' },
  received: { name: 'received_records', help: 'Records received, over all groups.' },
  failed: { name: 'failed_records', help: 'Records whose delivery failed.' },
  queueFull: { name: 'queue_full', help: 'Times that a client’s queue was full.' },
};

function gauge(name: string, help: string, labels: Labels, value: number): Family {
  return { name, type: 'gauge', help, samples: [{ labels, value }] };
}

const seconds = (name: string, help: string, labels: Labels, value: number): Family => ({
  ...gauge(name, help, labels, value),
  unit: 'seconds',
});

/** Quantiles of what was recorded in the last second; those that the sample is too small for are left out. */
function latencyFamily(snapshots: readonly IntervalSnapshot[], here: Labels): Family {
  const quantiles = (latency: LatencyName): Family['samples'] => {
    const merged = newHistogram();
    for (const { latencies } of snapshots) {
      for (const { histograms } of latencies) {
        for (const part of partsOf(latency)) {
          const encoded = histograms[part];
          if (encoded !== undefined) addEncoded(merged, encoded);
        }
      }
    }
    return (['p50', 'p90', 'p99', 'p99.9'] as const).flatMap((name) => {
      const us = percentileUs(merged, name);
      return us === null
        ? []
        : [{ labels: { ...here, latency, quantile: QUANTILES[name] }, value: us / 1e6 }];
    });
  };
  return {
    name: 'ksweep_run_latency_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Quantiles of the latencies recorded in the last second; due-to-sent is the generator’s own.',
    samples: LATENCIES.flatMap(quantiles),
  };
}
