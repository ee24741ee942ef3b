import type { Manifest } from '../../bench/results/manifest.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import type { MeasuredRun } from '../../reports/sizing/measured-run.ts';
import { countsOf } from './counts.ts';

const NO_LATENCY = { 'due-to-ack': null, 'sent-to-ack': null, 'due-to-sent': null, 'end-to-end': null };

type Changes = {
  [K in keyof RepeatResult]?: NonNullable<RepeatResult[K]> extends readonly unknown[]
    ? RepeatResult[K]
    : RepeatResult[K] extends object | null
      ? Partial<RepeatResult[K]>
      : RepeatResult[K];
};

/** A valid repeat at max rate with one consumer that kept up, but for what is changed. */
export function repeatOf(
  partitions: number,
  block: number,
  bytesPerSec: number,
  changes: Changes = {},
): RepeatResult {
  const base: RepeatResult = {
    schemaVersion: 1,
    runId: 'run-1',
    cellId: `p${partitions}`,
    block,
    attempt: 0,
    outcome: 'valid',
    reasons: [],
    notes: [],
    settings: { partitions },
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:01:00Z',
    phasesMs: {},
    window: { warmupSec: 2, measuredSec: 10, steady: true },
    rate: {
      kind: 'max',
      offeredPerSec: null,
      achievedPerSec: bytesPerSec / 1000,
      achievedBytesPerSec: bytesPerSec,
      receivedPerSec: bytesPerSec / 1000,
      receivedBytesPerSec: bytesPerSec,
      achievedOverOffered: null,
    },
    counts: countsOf(10),
    errorsByCode: {},
    latencyUs: NO_LATENCY,
    lag: { maxRecords: 0, finalRecords: 0, slopePerSec: 0, growing: false },
    cpu: {
      producersPercent: null,
      consumersPercent: null,
      brokersPercent: null,
      producerUsPerMB: null,
      consumerUsPerMB: null,
      brokerUsPerMB: 6000,
    },
    bytes: {
      payload: 1000,
      producerWire: 400,
      consumerWire: null,
      brokerDisk: null,
      wirePerRecord: null,
      diskPerRecord: null,
      wireCompressionRatio: 2.5,
      diskCompressionRatio: null,
    },
    generator: {
      eventLoopDelayP99Us: 1,
      eventLoopDelayMaxUs: 1,
      cpuMaxPercent: 30,
      queueFullMs: 0,
      wasLimit: false,
    },
    consumers: [
      {
        name: 'c0',
        group: 'g0',
        partitions: [0],
        received: 10,
        idle: false,
        rebalances: 0,
        rebalancingMs: 0,
      },
    ],
    disruptions: [],
    drain: { complete: true, missing: [] },
  };
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const old = merged[key];
    const isRecord = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one);
    merged[key] = isRecord(old) && isRecord(value) ? { ...(old as object), ...(value as object) } : value;
  }
  return merged as RepeatResult;
}

/** The manifest of a run on three remote brokers with two replicas, but for what is changed. */
export function manifestOf(changes: Partial<Manifest['cluster']> = {}): Manifest {
  return {
    schemaVersion: 1,
    runId: 'run-1',
    name: 'sweep',
    createdAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T01:00:00Z',
    workload: { topic: { partitions: 6, replicationFactor: 2 }, consumers: { groups: 1 } },
    workloadFile: null,
    workloadSha256: '0',
    set: [],
    seed: 1,
    blocks: 5,
    cells: [],
    excluded: [],
    pinned: { producer: {}, consumer: {} },
    environment: {
      hostname: 'host',
      cpuModel: 'cpu',
      cpuCount: 2,
      memoryBytes: 1,
      kernel: 'k',
      os: 'o',
      node: '20',
      ksweep: '0',
      gitCommit: null,
      client: 'c',
      librdkafka: 'l',
    },
    cluster: {
      bootstrapServers: '127.0.0.1:9092',
      brokers: [1, 2, 3].map((id) => ({ id, address: `broker-${id}:9092` })),
      kafkaVersion: '4.3.0',
      mode: 'kraft',
      local: false,
      hardware: null,
      ...changes,
    },
    corpus: null,
    thresholds: [],
    command: 'ksweep run',
  };
}

export function runOf(
  repeats: readonly RepeatResult[],
  cluster: Partial<Manifest['cluster']> = {},
): MeasuredRun {
  return { manifest: manifestOf(cluster), repeats };
}
