import { join } from 'node:path';
import { createRandom, type Random } from '../../bench/common/random.ts';
import type { Measure, MeasureRequest } from '../../bench/jobs/nightly/measure.ts';
import { RunFolder } from '../../bench/results/folder.ts';
import { type Manifest, manifestSchema } from '../../bench/results/manifest.ts';
import type { PlannedRepeat } from '../../bench/results/planned.ts';
import type { RepeatResult } from '../../bench/results/result.ts';
import type { LoadedWorkload } from '../../bench/workload/load.ts';
import type { Plan } from '../../bench/workload/plan.ts';
import { workloadSchema } from '../../bench/workload/schema.ts';
import { normal } from './numbers.ts';
import { simulateRepeat } from './simulated-repeat.ts';

/** A real result of the real evaluation, in virtual time: what every simulated repeat is made from. */
export function templateResult(): Promise<RepeatResult> {
  return simulateRepeat(
    { capacityPerSec: 1000, noise: 0, serviceUs: 1000, partitions: 2 },
    { ratePerSec: 200, warmupSec: 1, measureSec: 5, seed: 1 },
  );
}

/** A workload of `cells` values of linger.ms, in `repeats` blocks. */
export function simulatedWorkload(
  name: string,
  cells: number,
  repeats: number,
  thresholds: string[] = [],
): LoadedWorkload {
  const workload = workloadSchema.parse({
    name,
    load: { rate: 200, warmup: '1s', duration: '5s' },
    repeats,
    thresholds,
  });
  const { sweep: _sweep, repeats: _repeats, thresholds: _thresholds, ...base } = workload;
  const list = Array.from({ length: cells }, (_, i) => ({
    id: `${String(i).padStart(3, '0')}-linger.ms${i}`,
    label: `linger.ms=${i}`,
    settings: { 'linger.ms': i },
    workload: base,
  }));
  const order: PlannedRepeat[] = [];
  for (let block = 0; block < repeats; block++) {
    for (const { id } of list) order.push({ position: order.length, block, cellId: id, seed: block });
  }
  const plan: Plan = { cells: list, repeats: order, excluded: [], seed: 1 };
  return {
    file: `${name}.yaml`,
    dropped: [],
    workload,
    plan,
    source: {
      file: `${name}.yaml`,
      sha256: `${name}-${cells}-${repeats}`,
      set: [],
      baseDir: '.',
      question: null,
    },
  };
}

/** What the simulated cluster does to the latencies of a repeat; 1 leaves them as they are. */
export interface SimulatedEnvironment {
  slowdown(request: MeasureRequest, planned: PlannedRepeat): number;
  outcome?(request: MeasureRequest, planned: PlannedRepeat): RepeatResult['outcome'];
  /** Called before each repeat; may abort, throw or wait. */
  before?(request: MeasureRequest, planned: PlannedRepeat): void | Promise<void>;
  readonly sigma: number;
  readonly hostname?: string;
}

function slower(result: RepeatResult, factor: number): RepeatResult {
  const latencyUs = Object.fromEntries(
    Object.entries(result.latencyUs).map(([name, summary]) => [
      name,
      summary === null
        ? null
        : {
            ...summary,
            percentilesUs: Object.fromEntries(
              Object.entries(summary.percentilesUs).map(([p, value]) => [
                p,
                value === null ? null : value * factor,
              ]),
            ),
          },
    ]),
  ) as RepeatResult['latencyUs'];
  return { ...result, latencyUs };
}

/** Stands in for Kafka: writes run folders as a run does, repeat by repeat, and honours resume and the signal. */
export function simulatedMeasure(
  template: RepeatResult,
  seed: number,
  environment: SimulatedEnvironment,
): Measure {
  const random: Random = createRandom(seed);
  return async (request) => {
    const { loaded, plan, target, signal } = request;
    const fresh = 'resultsDir' in target;
    const folder = fresh
      ? await RunFolder.create(target.resultsDir, loaded.workload.name, new Date())
      : new RunFolder(target.resumeDir);
    const manifest = fresh ? manifestOf(loaded, plan, environment) : await folder.readManifest();
    if (fresh) {
      await folder.writeManifest(manifest);
      await folder.appendPlan(plan.repeats.map((repeat) => ({ type: 'planned', ...repeat })));
    }
    const results = await folder.readResults(plan.repeats);
    for (const planned of plan.repeats) {
      if (results.has(planned.position)) continue;
      await environment.before?.(request, planned);
      if (signal.aborted) break;
      const factor = environment.slowdown(request, planned) * Math.exp(environment.sigma * normal(random));
      const outcome = environment.outcome?.(request, planned) ?? 'valid';
      const result: RepeatResult = {
        ...slower(template, factor),
        cellId: planned.cellId,
        block: planned.block,
        outcome,
        reasons: outcome === 'valid' ? [] : [{ code: 'simulated', message: 'as the test asked' }],
      };
      await folder.writeRepeat(result, { 'due-to-ack.hlog': 'x'.repeat(1000) });
      results.set(planned.position, result);
    }
    const complete = plan.repeats.every(({ position }) => results.has(position));
    if (complete) await folder.writeManifest({ ...manifest, finishedAt: new Date().toISOString() });
    const sorted = [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
    return { dir: folder.dir, results: sorted, interrupted: signal.aborted && !complete };
  };
}

function manifestOf(loaded: LoadedWorkload, plan: Plan, environment: SimulatedEnvironment): Manifest {
  return manifestSchema.parse({
    schemaVersion: 1,
    runId: 'simulated',
    name: loaded.workload.name,
    createdAt: new Date().toISOString(),
    finishedAt: null,
    workload: loaded.workload,
    workloadFile: loaded.file,
    set: [],
    workloadSha256: loaded.source.sha256,
    seed: plan.seed,
    blocks: loaded.workload.repeats,
    cells: plan.cells.map(({ id, label, settings }) => ({ id, label, settings: { ...settings } })),
    excluded: [],
    pinned: { producer: {}, consumer: {} },
    environment: {
      hostname: environment.hostname ?? 'simulated',
      cpuModel: 'none',
      cpuCount: 2,
      memoryBytes: 1,
      kernel: '1',
      os: 'none',
      node: 'v20',
      ksweep: '0',
      gitCommit: null,
      client: '0',
      librdkafka: '0',
    },
    cluster: {
      bootstrapServers: 'simulated:9092',
      brokers: [{ id: 0, address: 'simulated:9092' }],
      kafkaVersion: null,
      mode: null,
      local: false,
      hardware: null,
    },
    corpus: null,
    thresholds: loaded.workload.thresholds,
    command: 'ksweep nightly',
  });
}

/** Where a step of a night keeps its runs, for tests that damage them. */
export const stepDir = (history: string, night: string, step: string): string =>
  join(history, 'nights', night, step);
