import { KsweepError } from '../../bench/errors.ts';
import type { Manifest, RepeatResult } from '../../bench/result.ts';
import type { Catalog } from '../../infra/catalog/catalog.ts';
import type { Capacity, CapacityPoint, ScalabilityModel } from './capacity.ts';
import { type Bounds, exactly } from './figure.ts';
import { networkInPerBroker, networkOutPerBroker } from './formulas/traffic.ts';
import type { Note } from './report.ts';
import type { MeasuredData } from './resolve.ts';

/** A run folder as far as sizing reads it. */
export interface MeasuredRun {
  readonly manifest: Manifest;
  readonly repeats: readonly RepeatResult[];
  /**
   * Records a second that the brokers' end offsets grew by in the measured window of a repeat, by
   * `cell/block/attempt`; absent where they were not recorded.
   */
  readonly endOffsetsPerSec?: ReadonlyMap<string, number>;
}

export const repeatKey = (repeat: { cellId: string; block: number; attempt: number }) =>
  `${repeat.cellId}/${repeat.block}/${repeat.attempt}`;

/** The statistics over runs; they run in worker threads, so that this file stays plain arithmetic. */
export interface CurveStatistics {
  /** Median and 95 % bootstrap interval of each list, one value a run. */
  bounds(lists: readonly (readonly number[])[]): Promise<Bounds[]>;
  /** null with a reason where the points do not allow the Universal Scalability Law. */
  fit(
    points: readonly { partitions: number; values: readonly number[] }[],
  ): Promise<ScalabilityModel | { readonly refused: string }>;
}

export interface Measurement {
  readonly capacity: Capacity;
  readonly data: MeasuredData;
  /** Broker CPU for a MB of payload and each of its replicas, µs; null where it could not be seen. */
  readonly brokerCpuUsPerMB: number | null;
  readonly warnings: readonly Note[];
  /** For the report: the runs by their ids. */
  readonly basis: string;
}

interface Sample {
  readonly partitions: number;
  readonly repeat: RepeatResult;
  readonly bytesPerSec: number;
  readonly generatorLimited: boolean;
}

const PARTITION_AXES = ['partitions', 'topic.partitions'];

function partitionsOf(run: MeasuredRun, repeat: RepeatResult): number | undefined {
  for (const axis of PARTITION_AXES) {
    const value = Number(repeat.settings[axis]);
    if (Number.isInteger(value) && value > 0) return value;
  }
  const topic = run.manifest.workload['topic'] as { partitions?: unknown } | undefined;
  return typeof topic?.partitions === 'number' ? topic.partitions : undefined;
}

function matches(repeat: RepeatResult, where: Readonly<Record<string, string>>): boolean {
  return Object.entries(where).every(([key, value]) => String(repeat.settings[key]) === value);
}

/** Payload bytes a second by the brokers' end offsets where they were recorded, else by the acknowledgements. */
function throughputOf(run: MeasuredRun, repeat: RepeatResult): number {
  const records = run.endOffsetsPerSec?.get(repeatKey(repeat));
  const { achievedPerSec, achievedBytesPerSec } = repeat.rate;
  if (records === undefined || achievedPerSec === 0) return achievedBytesPerSec;
  return (records * achievedBytesPerSec) / achievedPerSec;
}

/** The repeats that were stopped by the generator and by nothing else: they bound the curve from below. */
function onlyGeneratorLimited(repeat: RepeatResult): boolean {
  return repeat.outcome === 'invalid' && repeat.generator.wasLimit;
}

function samplesOf(runs: readonly MeasuredRun[], where: Readonly<Record<string, string>>): Sample[] {
  const samples: Sample[] = [];
  for (const run of runs) {
    for (const repeat of run.repeats) {
      if (repeat.outcome === 'failed' || repeat.rate.kind === 'consume' || !matches(repeat, where)) continue;
      const partitions = partitionsOf(run, repeat);
      const bytesPerSec = throughputOf(run, repeat);
      if (partitions === undefined || bytesPerSec <= 0) continue;
      const generatorLimited = onlyGeneratorLimited(repeat);
      if (repeat.outcome === 'valid' || generatorLimited) {
        samples.push({ partitions, repeat, bytesPerSec, generatorLimited });
      }
    }
  }
  return samples;
}

/** A sweep over something beside the partitions gives several curves; one has to be chosen. */
function refuseMixedCells(samples: readonly Sample[]): void {
  const values = new Map<string, Set<string>>();
  for (const { repeat } of samples) {
    for (const [key, value] of Object.entries(repeat.settings)) {
      if (PARTITION_AXES.includes(key)) continue;
      const seen = values.get(key) ?? new Set<string>();
      values.set(key, seen.add(String(value)));
    }
  }
  for (const [key, seen] of values) {
    if (seen.size > 1) {
      const [first = ''] = seen;
      throw new KsweepError('sizing-input', `run: it sweeps ${key} as well (${[...seen].join(', ')})`, {
        hint: `choose one with --where ${key}=${first}`,
      });
    }
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    group.push(item);
    groups.set(keyOf(item), group);
  }
  return groups;
}

function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

const present = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

async function pointsOf(samples: readonly Sample[], statistics: CurveStatistics): Promise<CapacityPoint[]> {
  const groups = [...groupBy(samples, (sample) => sample.partitions)]
    .sort(([a], [b]) => a - b)
    .map(([partitions, group]) => {
      // A valid repeat says what the cluster did; those of a saturated generator only speak where there is no other.
      const valid = group.filter((sample) => !sample.generatorLimited);
      return { partitions, valid, used: valid.length > 0 ? valid : group };
    });
  const bounds = await statistics.bounds(groups.map(({ used }) => used.map((sample) => sample.bytesPerSec)));
  return groups.map(({ partitions, valid, used }, i) => ({
    partitions,
    ...(bounds[i] ?? exactly(0)),
    repeats: used.map((sample) => sample.bytesPerSec),
    atLeast: valid.length === 0 || used.every((sample) => sample.repeat.rate.kind === 'fixed'),
    p99Us: medianOf(
      present(used.map(({ repeat }) => repeat.latencyUs['due-to-ack']?.percentilesUs.p99 ?? null)),
    ),
  }));
}

/** One consumer's rate: what its groups received a second, over those that had partitions. */
function consumerRates(runs: readonly MeasuredRun[], where: Readonly<Record<string, string>>) {
  const rates: { partitions: number; bytesPerSec: number; saturated: boolean }[] = [];
  for (const run of runs) {
    for (const repeat of run.repeats) {
      if (repeat.outcome !== 'valid' || !matches(repeat, where)) continue;
      const busy = repeat.consumers.filter((consumer) => !consumer.idle && consumer.received > 0).length;
      if (busy === 0 || repeat.rate.receivedBytesPerSec <= 0) continue;
      rates.push({
        partitions: partitionsOf(run, repeat) ?? 0,
        bytesPerSec: repeat.rate.receivedBytesPerSec / busy,
        saturated: repeat.rate.kind === 'consume' || repeat.lag?.growing === true,
      });
    }
  }
  return rates;
}

/** A measured rate above what the instance may do for good was made of burst credits. */
function burstWarnings(runs: readonly MeasuredRun[], samples: readonly Sample[], catalog: Catalog): Note[] {
  const notes: Note[] = [];
  for (const run of runs) {
    const { cluster } = run.manifest;
    const name = cluster.hardware?.['instanceType'];
    const type = typeof name === 'string' ? catalog.instances.get(name) : undefined;
    if (type === undefined) continue;
    const top = Math.max(
      0,
      ...samples.filter(({ repeat }) => repeat.runId === run.manifest.runId).map((s) => s.bytesPerSec),
    );
    const topic = run.manifest.workload['topic'] as { replicationFactor?: number } | undefined;
    const consumers = run.manifest.workload['consumers'] as { groups?: number } | undefined;
    const rf = topic?.replicationFactor ?? 1;
    const brokers = Math.max(1, cluster.brokers.length);
    const network = (type.network.baselineGbps ?? Number.POSITIVE_INFINITY) * 1.25e8;
    const used = Math.max(
      networkInPerBroker(top, rf, brokers),
      networkOutPerBroker(top, consumers?.groups ?? 0, rf, brokers),
    );
    const ebs = (type.ebs?.baselineMBps ?? Number.POSITIVE_INFINITY) * 1e6;
    const written = networkInPerBroker(top, rf, brokers);
    for (const [what, value, limit] of [
      ['network', used, network],
      ['EBS', written, ebs],
    ] as const) {
      if (value > limit) {
        notes.push({
          code: 'burst',
          text: `burst: ${run.manifest.runId} moved ${(value / 1e6).toFixed(1)} MB/s a broker, above the ${what} baseline of ${type.type} (${(limit / 1e6).toFixed(1)} MB/s): it will not last, so the baseline is what brokers are sized with`,
        });
      }
    }
    if (type.cpuBaselineShare !== null) {
      notes.push({
        code: 'burst',
        text: `burst: ${run.manifest.runId} ran on ${type.type}, whose CPU credits may have helped`,
      });
    }
  }
  return notes;
}

/** The brokers' CPU of a run's repeats for a MB and replica: a replica costs about what the leader's copy does. */
function cpuPerReplica(run: MeasuredRun, repeats: readonly RepeatResult[]): (number | null)[] {
  const topic = run.manifest.workload['topic'] as { replicationFactor?: number } | undefined;
  const replicas = topic?.replicationFactor ?? 1;
  return repeats
    .filter((repeat) => repeat.runId === run.manifest.runId)
    .map(({ cpu }) => (cpu.brokerUsPerMB === null ? null : cpu.brokerUsPerMB / replicas));
}

function warningsOf(
  runs: readonly MeasuredRun[],
  samples: readonly Sample[],
  points: readonly CapacityPoint[],
): Note[] {
  const notes: Note[] = [];
  if (runs.some((run) => run.manifest.cluster.local)) {
    notes.push({
      code: 'smoke-scale',
      text: 'smoke-scale: the broker ran on the load generator’s machine; the shape of the curve is real, its height is that machine’s',
    });
  }
  const limited = points.filter((point) =>
    samples.some((s) => s.partitions === point.partitions && s.generatorLimited),
  );
  if (limited.length > 0) {
    notes.push({
      code: 'client-limited',
      text: `Unbounded: client-limited at ${limited.map((point) => point.partitions).join(', ')} partitions: the load generator was the limit, the cluster may carry more`,
    });
  }
  const offered = points.filter((point) => point.atLeast && !limited.includes(point));
  if (offered.length > 0) {
    notes.push({
      code: 'rate-limited',
      text: `at ${offered.map((point) => point.partitions).join(', ')} partitions the runs had a fixed rate: what they carried is a lower bound (use rate: max)`,
    });
  }
  const few = points.filter((point) => point.repeats.length < 5);
  if (few.length > 0) {
    notes.push({
      code: 'few-repeats',
      text: `fewer than 5 valid repeats at ${few.map((point) => `${point.partitions} (${point.repeats.length})`).join(', ')} partitions: the interval is wide, or none at all with one repeat`,
    });
  }
  return notes;
}

/**
 * The measured curve X(N), the rate of one consumer, bytes after compression and broker CPU. Only valid repeats count;
 * those limited by the generator are lower bounds and flagged. Throws KsweepError('sizing-input') where no repeat is
 * usable or the run sweeps more than the partitions and `where` does not choose.
 */
export async function measure(
  runs: readonly MeasuredRun[],
  where: Readonly<Record<string, string>>,
  statistics: CurveStatistics,
  catalog: Catalog,
): Promise<Measurement> {
  const samples = samplesOf(runs, where);
  if (samples.length === 0) {
    throw new KsweepError('sizing-input', 'run: no valid repeat that produced records', {
      hint: 'see `ksweep report DIR` for why its repeats are invalid',
    });
  }
  refuseMixedCells(samples);
  const points = await pointsOf(samples, statistics);
  const warnings = [...warningsOf(runs, samples, points), ...burstWarnings(runs, samples, catalog)];

  const forFit = points.filter((point) => !point.atLeast);
  const fitted = await statistics.fit(
    forFit.map(({ partitions, repeats }) => ({ partitions, values: repeats })),
  );
  if ('refused' in fitted)
    warnings.push({ code: 'no-model', text: `no scalability law was fitted: ${fitted.refused}` });

  const rates = consumerRates(runs, where);
  const saturated = rates.filter((rate) => rate.saturated);
  const byPartitions = groupBy(saturated.length > 0 ? saturated : rates, (rate) => rate.partitions);
  const candidates = await statistics.bounds(
    [...byPartitions.values()].map((group) => group.map((rate) => rate.bytesPerSec)),
  );
  const perConsumer = candidates.sort((a, b) => b.point - a.point)[0] ?? null;
  if (perConsumer !== null && saturated.length === 0) {
    warnings.push({
      code: 'consumer-not-saturated',
      text: 'the consumers kept up, so what one of them reads is a lower bound: more consumers may be recommended than are needed (measure a backlog, or give --per-consumer)',
    });
  }
  const used = samples.map((sample) => sample.repeat);
  const ids = [...new Set(runs.map((run) => run.manifest.runId))].join(', ');
  const wire = medianOf(present(used.map((repeat) => repeat.bytes.wireCompressionRatio)));
  const source = `run ${ids}`;
  return {
    capacity: {
      basis: 'measured',
      points,
      model: 'refused' in fitted ? null : fitted,
      perPartition: points.find((point) => point.partitions === 1) ?? null,
      perPartitionKind: 'measured',
      perPartitionSource: `X(1), ${source}`,
      perConsumer,
      perConsumerKind: 'measured',
      perConsumerSource: source,
    },
    data: {
      recordSizeBytes: medianOf(
        used.map(({ rate }) =>
          rate.achievedPerSec > 0 ? rate.achievedBytesPerSec / rate.achievedPerSec : 0,
        ),
      ),
      wireShare: wire === null || wire === 0 ? null : 1 / wire,
      source,
    },
    brokerCpuUsPerMB: medianOf(present(runs.flatMap((run) => cpuPerReplica(run, used)))),
    warnings,
    basis: `measured: ${source}, ${samples.length} repeats at ${points.map((point) => point.partitions).join(', ')} partitions`,
  };
}
