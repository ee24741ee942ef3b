import { KsweepError } from '../../bench/common/errors.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import type { Catalog } from '../../infra/catalog/catalog.ts';
import type { BrokerCpu } from './broker-load.ts';
import type { Capacity, CapacityPoint, ScalabilityModel } from './capacity.ts';
import { type Bounds, exactly, type Figure } from './figure.ts';
import { measuredBound } from './measured-bound.ts';
import type { MeasuredRun, Sample } from './measured-run.ts';
import { burstWarnings, curveWarnings } from './measured-warnings.ts';
import { medianOf, present } from './median.ts';
import type { Note } from './report.ts';
import type { MeasuredData } from './resolve.ts';
import { brokerCpuOf, instanceOf } from './run-brokers.ts';
import { refuseOtherGround, type Settle } from './same-ground.ts';

export const repeatKey = (repeat: { cellId: string; block: number; attempt: number }) =>
  `${repeat.cellId}/${repeat.block}/${repeat.attempt}`;

/** The statistics over runs; they run in worker threads, so that this file stays plain arithmetic. */
export interface CurveStatistics {
  /** Median and interval of each list, one value a run: 95 % by bootstrap, below six runs their range. */
  bounds(lists: readonly (readonly number[])[]): Promise<Bounds[]>;
  /** null with a reason where the points do not allow the Universal Scalability Law. */
  fit(
    points: readonly { partitions: number; values: readonly number[] }[],
  ): Promise<ScalabilityModel | { readonly refused: string }>;
  readonly settle: Settle;
}

export interface Measurement {
  readonly capacity: Capacity;
  readonly data: MeasuredData;
  /** Broker CPU for a MB of payload and each of its replicas; null where it could not be seen. */
  readonly brokerCpu: BrokerCpu | null;
  /** Instance type of the brokers, where all runs know it and agree. */
  readonly instance: string | null;
  /** What held the fastest point back; empty where the runs do not say. */
  readonly bound: readonly Figure[];
  readonly warnings: readonly Note[];
  /** Where the first of the runs was made: host hardware, versions, brokers. */
  readonly machine: string;
  /** Brokers of the cluster that was measured, the fewest of the runs. */
  readonly brokers: number;
  /** For the report: the runs by their ids. */
  readonly basis: string;
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

/** A search that ran out of probes has met the cluster all the same where a higher rate failed by it. */
function sawTheClusterFail({ highPerSec, probes, limitedBy }: NonNullable<RepeatResult['search']>): boolean {
  if (highPerSec === null || limitedBy === 'generator') return false;
  return !probes.some(
    (probe) => probe.ratePerSec === highPerSec && !probe.sustained && probe.generatorLimited,
  );
}

/** Whether more could have been carried than was offered; then the repeat only bounds the curve from below. */
function wasLoadLimited(repeat: RepeatResult): boolean {
  if (repeat.generator.wasLimit) return true;
  if (repeat.search !== undefined) return !sawTheClusterFail(repeat.search);
  return repeat.rate.kind !== 'max';
}

function samplesOf(runs: readonly MeasuredRun[], where: Readonly<Record<string, string>>): Sample[] {
  const samples: Sample[] = [];
  for (const run of runs) {
    for (const repeat of run.repeats) {
      if (repeat.outcome === 'failed' || repeat.rate.kind === 'consume' || !matches(repeat, where)) continue;
      const partitions = partitionsOf(run, repeat);
      const bytesPerSec = throughputOf(run, repeat);
      if (partitions === undefined || bytesPerSec <= 0) continue;
      // An invalid repeat says nothing, but one that only the generator held back has carried at least that much.
      if (repeat.outcome === 'valid' || repeat.generator.wasLimit) {
        samples.push({ partitions, repeat, bytesPerSec, loadLimited: wasLoadLimited(repeat) });
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

async function pointsOf(samples: readonly Sample[], statistics: CurveStatistics): Promise<CapacityPoint[]> {
  const groups = [...groupBy(samples, (sample) => sample.partitions)]
    .sort(([a], [b]) => a - b)
    .map(([partitions, group]) => {
      const valid = group.filter((sample) => sample.repeat.outcome === 'valid');
      const used = valid.length > 0 ? valid : group;
      // Where most repeats could have carried more, so could their median.
      return {
        partitions,
        used,
        atLeast: used.filter((sample) => sample.loadLimited).length * 2 > used.length,
      };
    });
  const bounds = await statistics.bounds(groups.map(({ used }) => used.map((sample) => sample.bytesPerSec)));
  return groups.map(({ partitions, used, atLeast }, i) => ({
    partitions,
    ...(bounds[i] ?? exactly(0)),
    repeats: used.map((sample) => sample.bytesPerSec),
    atLeast,
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

function describeMachine([run]: readonly MeasuredRun[]): string {
  if (run === undefined) return 'unknown';
  const { environment, cluster } = run.manifest;
  const memory = `${(environment.memoryBytes / 2 ** 30).toFixed(1)} GiB`;
  const kafka = `Kafka ${cluster.kafkaVersion ?? 'of unknown version'}, ${cluster.brokers.length} broker(s)`;
  const place = cluster.local ? 'on the same machine' : 'elsewhere';
  return `${environment.cpuCount} × ${environment.cpuModel}, ${memory}, ${environment.os}, Node ${environment.node}; ${kafka} ${place}`;
}

/**
 * The measured curve X(N), the rate of one consumer, bytes after compression and broker CPU. Only valid repeats count;
 * those limited by the generator are lower bounds and flagged. Throws KsweepError('sizing-input') where no repeat is
 * usable, or the runs differ in more than the partitions and `where` does not choose.
 *
 * @param instance type of the brokers where a run does not know it
 */
export async function measure(
  runs: readonly MeasuredRun[],
  where: Readonly<Record<string, string>>,
  statistics: CurveStatistics,
  catalog: Catalog,
  instance?: string,
): Promise<Measurement> {
  const samples = samplesOf(runs, where);
  if (samples.length === 0) {
    throw new KsweepError('sizing-input', 'run: no valid repeat that produced records', {
      hint: 'see `ksweep report DIR` for why its repeats are invalid',
    });
  }
  refuseMixedCells(samples);
  refuseOtherGround(runs, samples, statistics.settle);
  const points = await pointsOf(samples, statistics);
  const warnings = [
    ...curveWarnings(runs, samples, points),
    ...burstWarnings(runs, samples, catalog, instance),
  ];

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
  // Consumers that kept up bound their rate from below, so the best is closest; at their limit, the least is safe.
  const perConsumer =
    candidates.sort((a, b) => (saturated.length > 0 ? a.low - b.low : b.point - a.point))[0] ?? null;
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
    brokerCpu: brokerCpuOf(runs, used),
    instance: instanceOf(runs),
    bound: measuredBound(samples, points, source),
    warnings,
    machine: describeMachine(runs),
    brokers: Math.max(1, Math.min(...runs.map((run) => run.manifest.cluster.brokers.length))),
    basis: `measured: ${source}, ${samples.length} repeats at ${points.map((point) => point.partitions).join(', ')} partitions`,
  };
}
