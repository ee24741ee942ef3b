import type { Random } from '../../bench/common/random.ts';
import type { LatencyName } from '../../bench/results/latency.ts';
import { MANIFEST_SCHEMA_VERSION, type Manifest } from '../../bench/results/manifest.ts';
import { type RepeatResult, repeatResultSchema } from '../../bench/results/result.ts';
import type { SeriesRow } from '../../bench/results/series-columns.ts';
import type { RepeatIdentity } from '../../bench/run/judge/evaluate.ts';
import { failedResult } from '../../bench/run/judge/failed-result.ts';
import { hostColumns } from '../../bench/run/judge/hosts.ts';
import type { Cell } from '../../bench/workload/plan.ts';
import { workloadSchema } from '../../bench/workload/schema.ts';
import { normal } from './numbers.ts';
import type { Behaviour } from './synthetic-cluster.ts';
import type { SyntheticLatency } from './synthetic-latency.ts';

const RECORD_BYTES = 1_024;

export type SyntheticLatencies = Readonly<Record<LatencyName, SyntheticLatency | null>>;

export interface Measured {
  readonly outcome: 'valid' | 'invalid';
  readonly behaviour: Behaviour;
  readonly latencies: SyntheticLatencies;
  readonly warmupSec: number;
  readonly measuredSec: number;
  readonly search: boolean;
}

/** A measured repeat that agrees with itself: counts follow from the rate, bytes from the counts. */
export function measuredResult(identity: RepeatIdentity, measured: Measured, random: Random): RepeatResult {
  const { behaviour, latencies, measuredSec, warmupSec } = measured;
  const invalid = measured.outcome === 'invalid';
  const capacity = behaviour.capacityPerSec * Math.exp(0.02 * normal(random));
  const offered = behaviour.offeredPerSec;
  const achieved = offered === null ? capacity : Math.min(offered * (1 - 0.0005 * random.next()), capacity);
  const records = Math.round(achieved * (measuredSec + warmupSec));
  const payload = records * RECORD_BYTES;
  const wire = Math.round((payload / behaviour.compressionRatio) * (1 + 0.005 * normal(random)));
  const megabytes = (achieved * RECORD_BYTES) / 1e6;
  const usPerMB = behaviour.producerUsPerMB * Math.exp(0.03 * normal(random));
  const heldUp = 140_000 + 60_000 * random.next();
  const short = offered !== null && achieved < 0.99 * offered;
  return repeatResultSchema.parse({
    ...failedResult(identity, { code: '', message: '' }),
    outcome: invalid || short ? 'invalid' : 'valid',
    reasons: [
      ...(invalid
        ? [
            {
              code: 'generator-limit',
              message: `a generator's event loop was held up (p99 ${(heldUp / 1000).toFixed(1)} ms)`,
            },
          ]
        : []),
      ...(short ? [{ code: 'not-sustained', message: 'achieved less than 99 % of the offered rate' }] : []),
    ],
    phasesMs: { setup: 300, ready: 500, warmup: warmupSec * 1e3, measure: measuredSec * 1e3, drain: 200 },
    window: { warmupSec, measuredSec, steady: true },
    rate: {
      kind: offered === null ? 'max' : 'fixed',
      offeredPerSec: offered,
      achievedPerSec: achieved,
      achievedBytesPerSec: achieved * RECORD_BYTES,
      receivedPerSec: achieved,
      receivedBytesPerSec: achieved * RECORD_BYTES,
      achievedOverOffered: offered === null ? null : achieved / offered,
    },
    counts: {
      ...failedResult(identity, { code: '', message: '' }).counts,
      due: records,
      sent: records,
      acknowledged: records,
      received: records,
      lost: 0,
      duplicated: 0,
    },
    latencyUs: Object.fromEntries(
      Object.entries(latencies).map(([name, one]) => [name, one?.summary ?? null]),
    ),
    lag: { maxRecords: 400, finalRecords: 0, slopePerSec: normal(random), growing: false },
    cpu: {
      producersPercent: (usPerMB * megabytes) / 1e4,
      consumersPercent: (2_000 * megabytes) / 1e4,
      brokersPercent: (2_600 * megabytes) / 1e4,
      producerUsPerMB: usPerMB,
      consumerUsPerMB: 2_000 * Math.exp(0.03 * normal(random)),
      brokerUsPerMB: 2_600 * Math.exp(0.03 * normal(random)),
    },
    bytes: {
      payload,
      producerWire: wire,
      consumerWire: wire,
      brokerDisk: wire,
      wirePerRecord: wire / records,
      diskPerRecord: wire / records,
      wireCompressionRatio: payload / wire,
      diskCompressionRatio: payload / wire,
    },
    generator: {
      eventLoopDelayP99Us: invalid ? heldUp : 2_000 + 500 * random.next(),
      eventLoopDelayMaxUs: invalid ? heldUp * 1.4 : 6_000,
      cpuMaxPercent: Math.min(100, 20 + (usPerMB * megabytes) / 1e4),
      queueFullMs: 0,
      wasLimit: invalid,
    },
    consumers: [
      {
        name: 'consumer-0-0',
        group: 'group-0',
        partitions: [0, 1, 2, 3, 4, 5],
        received: records,
        idle: false,
        rebalances: 1,
        rebalancingMs: 0,
      },
    ],
    drain: { complete: true, missing: [] },
    ...(measured.search ? { search: searchOf(capacity) } : {}),
  });
}

function searchOf(capacityPerSec: number): NonNullable<RepeatResult['search']> {
  const shares = [0.25, 0.5, 1.1, 0.8, 0.95, 1.02];
  return {
    lowPerSec: 0.95 * capacityPerSec,
    highPerSec: 1.02 * capacityPerSec,
    failed: ['lag grew'],
    limitedBy: 'cluster',
    probes: shares.map((share) => ({
      ratePerSec: share * capacityPerSec,
      sustained: share < 1,
      failed: share < 1 ? [] : ['lag grew'],
      generatorLimited: false,
    })),
  };
}

/** A row a second: a warm-up that settles, the window, and one second of drain. */
export function syntheticSeries(
  result: RepeatResult,
  latencies: SyntheticLatencies,
  random: Random,
): SeriesRow[] {
  const { warmupSec, measuredSec } = result.window;
  const { achievedPerSec, offeredPerSec } = result.rate;
  return Array.from({ length: warmupSec + measuredSec + 1 }, (_, tSec) => {
    const phase = tSec < warmupSec ? 'warmup' : tSec < warmupSec + measuredSec ? 'measure' : 'drain';
    const sending = phase === 'drain' ? 0 : 1;
    const settling = phase === 'warmup' ? 1 - 0.4 * Math.exp(-tSec) : 1;
    const acked = Math.round(achievedPerSec * sending * settling * (1 + 0.004 * normal(random)));
    const at = (name: LatencyName) => {
      const perSecond = latencies[name]?.perSecond ?? [];
      const one = perSecond[Math.max(0, tSec - warmupSec) % Math.max(1, perSecond.length)];
      return one === undefined || sending === 0 ? null : one;
    };
    const toAck = at('due-to-ack');
    return {
      ...hostColumns([], tSec),
      tSec,
      phase,
      duePerSec: Math.round((offeredPerSec ?? achievedPerSec) * sending),
      sentPerSec: acked,
      ackedPerSec: acked,
      ackedBytesPerSec: acked * RECORD_BYTES,
      receivedPerSec: acked,
      receivedBytesPerSec: acked * RECORD_BYTES,
      lagRecords: Math.round(sending * 200 * (1 + 0.5 * random.next())),
      rebalances: 0,
      dueToAckP50Us: toAck?.p50Us ?? null,
      dueToAckP99Us: toAck?.p99Us ?? null,
      dueToAckMaxUs: toAck?.maxUs ?? null,
      sentToAckP99Us: at('sent-to-ack')?.p99Us ?? null,
      dueToSentP99Us: at('due-to-sent')?.p99Us ?? null,
      endToEndP50Us: at('end-to-end')?.p50Us ?? null,
      endToEndP99Us: at('end-to-end')?.p99Us ?? null,
      eventLoopDelayP99Us: result.generator.eventLoopDelayP99Us * (0.8 + 0.2 * random.next()),
      producersCpuPercent: (result.cpu.producersPercent ?? 0) * sending,
      consumersCpuPercent: (result.cpu.consumersPercent ?? 0) * sending,
      brokersCpuPercent: (result.cpu.brokersPercent ?? 0) * sending,
      queueFullMs: 0,
      endOffset: Math.round(achievedPerSec * Math.min(tSec + 1, warmupSec + measuredSec)),
    };
  });
}

export function syntheticManifest(run: {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly axes: Readonly<Record<string, readonly unknown[]>>;
  readonly blocks: number;
  readonly seed: number;
  readonly thresholds: readonly string[];
}): Manifest {
  const { name, cells, axes, blocks, seed, thresholds } = run;
  return {
    schemaVersion: MANIFEST_SCHEMA_VERSION,
    runId: 'synthetic-run',
    name,
    createdAt: '2026-03-04T05:06:07.000Z',
    finishedAt: '2026-03-04T06:06:07.000Z',
    workload: workloadSchema.parse({
      name,
      description: 'A synthetic run for tests.',
      repeats: blocks,
      seed,
      ...(Object.keys(axes).length === 0 ? {} : { sweep: { axes } }),
    }) as unknown as Record<string, unknown>,
    workloadFile: `workloads/${name}.yaml`,
    workloadSha256: 'a'.repeat(64),
    set: [],
    seed,
    blocks,
    cells: cells.map(({ id, label, settings }) => ({ id, label, settings: { ...settings } })),
    excluded: [{ settings: { acks: 1, 'enable.idempotence': true }, reason: 'idempotence needs acks=all' }],
    pinned: {
      producer: { 'batch.size': 16_384, 'linger.ms': 5 },
      consumer: { 'fetch.max.bytes': 52_428_800 },
    },
    environment: {
      hostname: 'bench-1',
      cpuModel: 'Synthetic CPU at 3 GHz',
      cpuCount: 8,
      memoryBytes: 32 * 2 ** 30,
      kernel: '6.1.0',
      os: 'Debian GNU/Linux 12',
      node: 'v20.19.0',
      ksweep: '0.1.0',
      gitCommit: null,
      client: '1.10.1',
      librdkafka: '2.14.1',
    },
    cluster: {
      bootstrapServers: '127.0.0.1:9092',
      brokers: [{ id: 1, address: '127.0.0.1:9092' }],
      kafkaVersion: '4.3.0',
      mode: 'kraft',
      local: true,
      hardware: null,
    },
    corpus: { digest: 'b'.repeat(16), bytes: 33_554_432 },
    thresholds: [...thresholds],
    command: `ksweep run workloads/${name}.yaml --local`,
  };
}
