import { resolve } from 'node:path';
import { loadCatalog } from '../../../infra/catalog/catalog.ts';
import type { BrokerHardware } from '../../../reports/sizing/broker-hardware.ts';
import { buildProblem, pricesFor } from '../../../reports/sizing/build.ts';
import type { Figure } from '../../../reports/sizing/figure.ts';
import { checkInput } from '../../../reports/sizing/input/check.ts';
import { partitionsDemandSchema } from '../../../reports/sizing/input/demand.ts';
import { readShare } from '../../../reports/sizing/input/quantity.ts';
import type { Measurement } from '../../../reports/sizing/measured.ts';
import { reportPartitions } from '../../../reports/sizing/partitions-report.ts';
import { renderText } from '../../../reports/sizing/render/text.ts';
import { renderVerification } from '../../../reports/sizing/render/verification.ts';
import type { SizingReport } from '../../../reports/sizing/report.ts';
import {
  DEFAULT_DEMAND_SHARE,
  demandFor,
  type VerifyDemand,
  type VerifyOutcome,
  verify,
} from '../../../reports/sizing/verify.ts';
import { EXIT, type ExitStatus, KsweepError } from '../../common/errors.ts';
import type { RepeatResult } from '../../results/result.ts';
import { type LoadedWorkload, loadWorkload } from '../../workload/load.ts';
import { SHORTEST_WINDOW_MS } from '../../workload/search-limits.ts';
import { measurementOf } from './measurement.ts';

export interface VerifyOptions {
  readonly set: readonly string[];
  readonly demandShare?: string;
  /** Sizes from this run instead of sweeping again. */
  readonly run?: string;
  readonly json?: boolean;
}

/** Runs a workload against the cluster under test; the one part of verifying that needs a broker. */
export type RunWorkload = (
  loaded: LoadedWorkload,
) => Promise<{ readonly dir: string; readonly results: readonly RepeatResult[] }>;

const UTILIZATION = { average: 0.6, peak: 0.8 };
const CHECK_REPEATS = 3;

/** The cluster under test carried what it carried: no catalogue figure says more about it. */
function asMeasured(brokers: number): BrokerHardware {
  return {
    instance: `cluster under test (${brokers === 1 ? 'one broker' : `${brokers} brokers`})`,
    networkBytesPerSec: null,
    storageBytesPerSec: null,
    diskBytes: Number.MAX_SAFE_INTEGER,
    memoryBytes: Number.MAX_SAFE_INTEGER,
    cores: Number.MAX_SAFE_INTEGER,
    replicasCap: 4000,
    volume: { type: 'local', count: 1, copies: 1, sizeBytes: null, bytesPerSec: null },
    express: null,
    kinds: { network: 'measured', storage: 'measured', cores: 'measured', replicas: 'heuristic' },
    platform: 'self-managed',
    own: true,
    figures: [],
    warnings: [],
  };
}

function size(
  loaded: LoadedWorkload,
  measurement: Measurement,
  demand: VerifyDemand,
  brokers: number,
): SizingReport {
  const { topic, consumers } = loaded.workload;
  const answers = {
    average: `${demand.averageBytesPerSec}B/s`,
    peak: `${demand.peakBytesPerSec}B/s`,
    replicationFactor: topic.replicationFactor,
    groups: consumers.groups,
    handler: `${consumers.handler}ms`,
    concurrency: consumers.concurrency,
    spares: 0,
    keyed: false,
    zones: 1,
    failures: 0,
    brokers,
    retention: '1h',
  };
  const checked = checkInput(partitionsDemandSchema, answers);
  const catalog = loadCatalog();
  const assumptions: Figure[] = [];
  const problem = buildProblem(checked, catalog, measurement, new Set(Object.keys(answers)), assumptions);
  return {
    ...reportPartitions(
      { ...problem, hardware: asMeasured(brokers), brokerCpu: null },
      {
        basis: measurement.basis,
        phase: undefined,
        assumptions,
        warnings: measurement.warnings,
        catalog,
        prices: pricesFor(catalog, checked.region, undefined),
        followerFetching: false,
      },
    ),
    cost: null,
  };
}

/** The --set overrides that turn the sweep into the recommended configuration at the demand. */
export function checkOverrides(report: SizingReport, demand: VerifyDemand, sweptMs: number): string[] {
  const partitions = report.partitions?.recommended ?? 1;
  const consumers = Math.max(1, ...report.groups.map((group) => group.consumers));
  return [
    `sweep.axes={partitions: [${partitions}]}`,
    `rate=${Math.round(demand.peakBytesPerSec)}B/s`,
    `consumers=${consumers}`,
    'timing=each',
    // A sweep at full speed may be short; here growing lag has to be told.
    `duration=${Math.max(SHORTEST_WINDOW_MS, sweptMs)}ms`,
    `repeats=${CHECK_REPEATS}`,
  ];
}

function shareOf(options: VerifyOptions): number {
  if (options.demandShare === undefined) return DEFAULT_DEMAND_SHARE;
  const read = readShare(options.demandShare);
  if (!read.ok) throw new KsweepError('sizing-input', `demandShare: ${read.message}`);
  if (read.value === 0)
    throw new KsweepError('sizing-input', 'demandShare: 0 asks for no traffic; expected above 0');
  return read.value;
}

/**
 * Sweeps partitions, sizes a demand that the curve can carry, runs the recommended configuration at that demand and
 * judges whether it held.
 */
export async function sizeVerify(
  file: string,
  options: VerifyOptions,
  runWorkload: RunWorkload,
): Promise<VerifyOutcome> {
  const share = shareOf(options);
  const swept = loadWorkload(file, { set: options.set });
  const dir = options.run === undefined ? (await runWorkload(swept)).dir : resolve(options.run);
  const measurement = await measurementOf([dir], {}, loadCatalog());
  if (measurement === null) throw new Error('a run folder was named, and no measurement was made');
  const demand = demandFor(measurement.capacity, share, UTILIZATION);
  const sizing = size(swept, measurement, demand, measurement.brokers);
  const { machine } = measurement;
  if (!sizing.feasible) return { sizing, demand, verification: null, runs: [dir], machine };
  const { duration } = swept.workload.load;
  const check = loadWorkload(file, { set: [...options.set, ...checkOverrides(sizing, demand, duration)] });
  const checked = await runWorkload(check);
  const verification = verify(checked.results, check.plan.repeats.length);
  return { sizing, demand, verification, runs: [dir, checked.dir], machine };
}

/** held: 0 · failed: a threshold breach · unknown: inconclusive. */
export function verifyStatus(outcome: VerifyOutcome): ExitStatus {
  const verdict = outcome.verification?.verdict;
  if (verdict === 'held') return EXIT.pass;
  return verdict === 'failed' ? EXIT.threshold : EXIT.invalid;
}

/** Prints the outcome: the sizing, then what was seen at the demand. */
export function printVerify(outcome: VerifyOutcome, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
    return;
  }
  process.stdout.write(renderText(outcome.sizing));
  process.stdout.write(`\n${renderVerification(outcome)}`);
}
