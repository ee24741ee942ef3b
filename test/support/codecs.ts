import type { Random } from '../../bench/common/random.ts';
import type { Payload } from '../../bench/jobs/codecs/payload.ts';
import type { PriceTerms } from '../../bench/jobs/codecs/report/price.ts';
import type { CodecsRequest } from '../../bench/jobs/codecs/request.ts';
import type { LoadedRun } from '../../bench/results/load-run.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import type { CellSummary } from '../../reports/run/cell-summary.ts';
import { summarizeCells } from '../../reports/run/cell-summary.ts';
import { normal } from './numbers.ts';
import { manifestOf, repeatOf } from './run-of.ts';

/** A request as the command line would make it, but for what is changed. */
export function requestWith(changes: Partial<CodecsRequest> = {}): CodecsRequest {
  return {
    schemaVersion: 1,
    payload: { payload: 'log-lines', payloadFile: null, format: 'lines' },
    rate: '1MB/s',
    codecs: [
      { codec: 'none', level: null },
      { codec: 'lz4', level: null },
      { codec: 'zstd', level: 3 },
    ],
    batchSizesBytes: [16_384, 131_072],
    lingersMs: [5],
    priority: 'bytes',
    repeats: 4,
    finalists: 3,
    finalistRepeats: 8,
    warmupMs: 1000,
    durationMs: 4000,
    seed: 1,
    findMax: false,
    topicCompression: null,
    skip: [],
    set: [],
    price: {
      volumeBytesPerSec: null,
      retentionSec: 7 * 86_400,
      replicas: 3,
      groups: 1,
      zones: 3,
      region: 'us-east-1',
      instance: 'm6i.large',
      pricesFile: null,
    },
    ...changes,
  };
}

export const PAYLOAD: Payload = {
  name: 'made-up',
  records: { payload: { source: 'random' }, size: 1000 },
  baseDir: '.',
  distinctRecords: 1000,
  distinctBytes: 1_000_000,
  meanBytes: 1000,
  maxBytes: 1000,
};

/** Round prices, so that a month can be reckoned by hand. */
export const TERMS: PriceTerms = {
  volumeBytesPerSec: 1e6,
  recordBytes: 1000,
  retentionSec: 86_400,
  replicas: 3,
  groups: 1,
  zones: 3,
  instance: 'm6i.large',
  perVcpuHour: 0.05,
  measuredReplicas: 1,
  prices: {
    schemaVersion: 1,
    region: 'test',
    name: 'Test',
    currency: 'USD',
    asOf: '2026-01-01',
    source: {
      instances: 'a price list',
      volumes: 'a price list',
      crossZone: 'a price list',
      objectStorage: 'a price list',
    },
    instancesPerHour: {},
    gp3: { perGBMonth: 0.1, perExtraIopsMonth: 0, perExtraMBpsMonth: 0 },
    io2: { perGBMonth: 0, perIopsMonth: [{ upToIops: null, price: 0 }] },
    crossZonePerGB: { perDirection: 0.01, directions: 2 },
    objectStoragePerGBMonth: 0,
  },
};

/** What a configuration truly is on the simulated cluster. */
export interface TrueFigures {
  readonly label: string;
  readonly wireBytes: number;
  readonly p99Us: number;
  readonly cpuUsPerMB: number;
}

const noisy = (value: number, sigma: number, random: Random): number =>
  value * Math.exp(sigma * normal(random));

function simulated(
  truth: TrueFigures,
  block: number,
  blockEffect: number,
  sigma: number,
  random: Random,
): RepeatResult {
  const latency = (us: number) => ({
    count: 10_000,
    negativeCount: 0,
    minUs: 1,
    meanUs: us / 3,
    stddevUs: us / 5,
    maxUs: us * 2,
    percentilesUs: {
      p50: us / 4,
      p75: us / 3,
      p90: us / 2,
      p95: us / 1.5,
      p99: us,
      'p99.9': us * 1.5,
      'p99.99': null,
    },
  });
  const p99Us = noisy(truth.p99Us, sigma, random) * blockEffect;
  const wire = noisy(truth.wireBytes, sigma / 10, random);
  const cpu = noisy(truth.cpuUsPerMB, sigma, random) * blockEffect;
  return repeatOf(1, block, 1e6, {
    cellId: truth.label,
    latencyUs: {
      'due-to-ack': latency(p99Us),
      'sent-to-ack': null,
      'due-to-sent': null,
      'end-to-end': latency(p99Us * 1.2),
    },
    counts: { acknowledged: 1000 },
    bytes: { payload: 1_036_000, wirePerRecord: wire, diskPerRecord: wire - 8 },
    cpu: { producerUsPerMB: cpu * 0.7, consumerUsPerMB: cpu * 0.3 },
  });
}

/** A run folder's content, without the folder. */
export function loadedRun(
  repeats: readonly RepeatResult[],
  cells: LoadedRun['manifest']['cells'],
): LoadedRun {
  return {
    dir: 'run',
    manifest: { ...manifestOf({ local: true }), cells },
    repeats: [...repeats],
    replaced: [],
    planned: [],
    unfinished: [],
    problems: [],
    probes: async () => [],
    hlogPath: () => null,
    series: async () => [],
    brokerSeconds: () => Promise.resolve([]),
  };
}

/** Cells of a response surface, measured in blocks that all cells share the luck of. */
export function simulatedCells(
  truths: readonly TrueFigures[],
  blocks: number,
  random: Random,
  sigma = 0.03,
): CellSummary[] {
  const effects = Array.from({ length: blocks }, () => Math.exp(0.1 * normal(random)));
  const repeats = truths.flatMap((truth) =>
    effects.map((effect, block) => simulated(truth, block, effect, sigma, random)),
  );
  const cells = truths.map(({ label }) => ({ id: label, label, settings: { configuration: label } }));
  return summarizeCells(loadedRun(repeats, cells));
}
