import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { SimulatedCluster } from '../../../../bench/client/fake.ts';
import { createRandom } from '../../../../bench/common/random.ts';
import { RunFolder } from '../../../../bench/results/folder.ts';
import type { RepeatResult } from '../../../../bench/results/result.ts';
import { failedResult } from '../../../../bench/run/judge/failed-result.ts';
import type { Attempt } from '../../../../bench/run/measure/attempt.ts';
import { type MeasureProbe, runSearch } from '../../../../bench/run/search/search-cell.ts';
import { resolveWorkload } from '../../../../bench/workload/load.ts';
import type { Cell } from '../../../../bench/workload/plan.ts';
import { simulateRepeat } from '../../../support/simulated-repeat.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('search of a cell on a simulated cluster', { timeoutMs: 300_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-search-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const now = new Date('2026-01-02T03:04:05Z');
const WARMUP_SEC = 1;
const WINDOW_SEC = 20;
/** Records of the simulated repeats are of this size: rates in bytes a second follow from it. */
const MEAN_BYTES = 64;

function cellWith(search: Record<string, unknown> = {}, load: Record<string, unknown> = {}): Cell {
  const input = {
    name: 'searched',
    topic: { partitions: 4 },
    load: { rate: { search }, warmup: `${WARMUP_SEC}s`, duration: `${WINDOW_SEC}s`, ...load },
  };
  const { plan } = resolveWorkload(input, '.', (problems) => {
    throw new Error(problems.map(({ message }) => message).join('; '));
  });
  return plan.cells[0] as Cell;
}

const attemptOf = (cell: Cell, seed: number): Attempt => ({
  runId: 'run',
  cell,
  block: 0,
  attempt: 0,
  seed,
  tag: '0',
});

/** Measures a probe by the real load loops against a simulated cluster, in virtual time. */
function simulating(cluster: SimulatedCluster, options: { untimed?: boolean } = {}): MeasureProbe {
  return async ({ cell, seed }) => {
    const { rate, warmup, duration, arrivals } = cell.workload.load;
    const result = await simulateRepeat(cluster, {
      ratePerSec: rate === 'max' ? 'max' : 'kind' in rate ? rate.perSec : Number.NaN,
      warmupSec: warmup / 1000,
      measureSec: duration / 1000,
      arrivals,
      seed,
      ...options,
    });
    return { result, files: { 'series.csv': '' } };
  };
}

/** Keeps nothing: what a search that is never resumed needs of a folder. */
const nowhere = { readProbes: async () => [], writeProbe: async () => {} };

async function search(
  measure: MeasureProbe,
  cell: Cell,
  seed = 1,
  folder: Parameters<typeof runSearch>[4] = nowhere,
): Promise<RepeatResult> {
  const outcome = await runSearch(measure, MEAN_BYTES, attemptOf(cell, seed), { onPhase() {} }, folder);
  if (outcome === null) throw new Error('it was stopped');
  return outcome.result;
}

/** Counts what is really measured. */
function counted(measure: MeasureProbe): { measure: MeasureProbe; attempts: Attempt[] } {
  const attempts: Attempt[] = [];
  return {
    attempts,
    measure: (attempt) => {
      attempts.push(attempt);
      return measure(attempt);
    },
  };
}

const STEADY: SimulatedCluster = { capacityPerSec: 60, noise: 0, serviceUs: 2_000, partitions: 4 };

test('finds a simulated cluster’s capacity within 5 % in at most 12 probes, the open tap among them, over 100 seeds', async () => {
  const random = createRandom(11);
  let worst = 0;
  for (let seed = 0; seed < 100; seed++) {
    const capacityPerSec = 30 + random.next() * 60;
    const cluster = { ...STEADY, capacityPerSec, noise: 0.1 };
    const { measure, attempts } = counted(simulating(cluster, { untimed: true }));
    const { search: answer, outcome } = await search(measure, cellWith(), seed);
    assert.is(outcome, 'valid');
    assert.is(answer?.limitedBy, 'cluster', `seed ${seed}: ${JSON.stringify(answer)}`);
    assert.ok(attempts.length <= 12, `seed ${seed}: ${attempts.length} probes`);
    assert.is(attempts[0]?.cell.workload.load.rate, 'max');
    // Both ends, and so whatever lies between them.
    for (const end of [answer?.lowPerSec, answer?.highPerSec]) {
      worst = Math.max(worst, Math.abs((end ?? 0) / capacityPerSec - 1));
    }
  }
  assert.ok(worst <= 0.05, `worst error ${(worst * 100).toFixed(1)} %`);
});

test('finds the rate up to which a latency limit holds, over 10 seeds', async () => {
  const cluster = { ...STEADY, capacityPerSec: 200, noise: 0.3 };
  const limit = 'due-to-ack p99';
  const limitMs = 100;
  const cell = cellWith({ latency: `${limit} < ${limitMs}ms` });
  // The truth, in one long window: the limit holds at one rate and not 4 % above it.
  const held = async (ratePerSec: number): Promise<boolean> => {
    const window = { warmupSec: WARMUP_SEC, measureSec: 400, seed: 77 };
    const { latencyUs } = await simulateRepeat(cluster, { ratePerSec, ...window });
    return (latencyUs['due-to-ack']?.percentilesUs.p99 ?? Number.NaN) <= limitMs * 1000;
  };
  let truthPerSec = 200;
  while (!(await held(truthPerSec))) truthPerSec /= 1.04;
  assert.ok(
    truthPerSec < 0.95 * cluster.capacityPerSec,
    'the limit, and not the capacity, has to be met first',
  );
  for (let seed = 0; seed < 10; seed++) {
    const { search: answer } = await search(simulating(cluster), cell, seed);
    assert.is(answer?.limitedBy, 'cluster');
    assert.ok(
      answer?.failed.some((text) => text.startsWith(limit)),
      JSON.stringify(answer),
    );
    // Looser than for the capacity: a p99 of 20 s of correlated noise scatters far more than a rate does.
    const off = (answer?.lowPerSec ?? 0) / truthPerSec - 1;
    assert.ok(Math.abs(off) <= 0.08, `seed ${seed}: off by ${(off * 100).toFixed(1)} %`);
  }
});

test('the same seed gives the same probes and the same answer', async () => {
  const cluster = { ...STEADY, noise: 0.3 };
  const run = () => search(simulating(cluster, { untimed: true }), cellWith(), 5);
  assert.equal((await run()).search, (await run()).search);
});

test('a search that was cut off goes on from the probes it kept, to the same answer', async () => {
  const cell = cellWith();
  const whole = await search(simulating(STEADY), cell);
  const probes = 1 + (whole.search?.probes.length ?? 0);
  for (const done of [0, 1, 3, probes - 1]) {
    const folder = await RunFolder.create(root, 'cut', now);
    const first = counted(simulating(STEADY));
    const cutOff: MeasureProbe = async (attempt) =>
      first.attempts.length === done ? null : await first.measure(attempt);
    const hooks = { onPhase() {} };
    assert.is(await runSearch(cutOff, MEAN_BYTES, attemptOf(cell, 1), hooks, folder), null);
    const second = counted(simulating(STEADY));
    const resumed = await search(second.measure, cell, 1, folder);
    assert.equal(resumed.search, whole.search);
    assert.is(second.attempts.length, probes - done);
    assert.is(readdirSync(join(folder.dir, 'cells', cell.id, '0.probes')).length, probes);
  }
});

test('the time limit holds over all processes of a search, and is an answer of its own', async () => {
  // The open tap, and two more of 21 s each.
  const cell = cellWith({ maxTime: '75s' });
  const { measure, attempts } = counted(simulating(STEADY));
  const whole = await search(measure, cell);
  assert.equal([whole.search?.limitedBy, attempts.length], ['time', 3]);
  const folder = await RunFolder.create(root, 'time', now);
  await search(simulating(STEADY), cell, 1, folder);
  const again = counted(simulating(STEADY));
  assert.equal((await search(again.measure, cell, 1, folder)).search, whole.search);
  assert.is(again.attempts.length, 0);
});

/** Fails the given probes, by their place among all that are measured. */
function failing(measure: MeasureProbe, which: readonly number[]): MeasureProbe {
  let count = 0;
  return async (attempt) => {
    const measured = await measure(attempt);
    if (measured === null || !which.includes(count++)) return measured;
    const { startedAt, finishedAt } = measured.result;
    const { runId, cell, block, seed: _seed, tag: _tag, ...rest } = attempt;
    const identity = {
      runId,
      cellId: cell.id,
      block,
      settings: {},
      workload: cell.workload,
      notes: [],
      startedAt,
      finishedAt,
    };
    return {
      result: failedResult(
        { ...identity, attempt: rest.attempt },
        { code: 'load-process-died', message: 'setup: gone' },
      ),
      files: {},
    };
  };
}

test('a probe that the harness failed is tried again, and twice failed it fails the repeat, not the cluster', async () => {
  const whole = await search(simulating(STEADY), cellWith());
  for (const at of [0, 1, 4]) {
    const once = counted(failing(simulating(STEADY), [at]));
    assert.equal((await search(once.measure, cellWith())).search, whole.search);
    const tags = once.attempts.map(({ tag }) => tag);
    assert.is(new Set(tags).size, tags.length);
    const twice = await search(failing(simulating(STEADY), [at, at + 1]), cellWith());
    assert.equal([twice.outcome, twice.search], ['failed', undefined]);
    assert.match(
      twice.reasons[0]?.message ?? '',
      /the search has no answer: .* could not be judged \(setup: gone\)/,
    );
    assert.equal(
      twice.reasons.map(({ code }) => code),
      ['search-unanswered', 'load-process-died'],
    );
  }
});

test('where nothing is sustained the repeat is invalid and says what failed', async () => {
  const { outcome, reasons, search: answer } = await search(simulating(STEADY), cellWith({ min: 100 }));
  assert.equal([outcome, answer?.lowPerSec, answer?.limitedBy], ['invalid', null, 'range']);
  assert.is(reasons[0]?.code, 'no-sustained-rate');
  assert.match(reasons[0]?.message ?? '', /achieved\/offered 0\.\d+ < 0\.995/);
});

test('bounds in bytes per second are read by the mean size of a record', async () => {
  const { search: answer } = await search(simulating(STEADY), cellWith({ max: `${20 * MEAN_BYTES}B/s` }));
  assert.equal([answer?.lowPerSec, answer?.limitedBy], [20, 'range']);
  const contrary = cellWith({ min: 100, max: `${20 * MEAN_BYTES}B/s` });
  try {
    await search(simulating(STEADY), contrary);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /nothing between 100\.0 and 20\.0 records\/s/);
  }
});

test('windows grow where the percentile of a limit needs more samples, so that a slow cluster has an answer', async () => {
  const cluster = { ...STEADY, capacityPerSec: 15 };
  const { measure, attempts } = counted(simulating(cluster));
  const { search: answer } = await search(measure, cellWith({ latency: 'due-to-ack p99 < 500ms' }));
  assert.is(answer?.limitedBy, 'cluster');
  assert.ok(Math.abs((answer?.lowPerSec ?? 0) / 15 - 1) < 0.05, `${answer?.lowPerSec}`);
  for (const { cell } of attempts.slice(1)) {
    const { rate, duration } = cell.workload.load;
    const perSec = rate !== 'max' && 'kind' in rate ? rate.perSec : 0;
    assert.ok((perSec * duration) / 1000 >= 2 * 368, `${perSec}/s for ${duration} ms`);
  }
});

test('a probe that cannot tell a criterion makes the answer unknown, not a failure of the cluster', async () => {
  const blind: MeasureProbe = async (attempt) => {
    const measured = await simulating(STEADY)(attempt);
    return measured === null ? null : { ...measured, result: { ...measured.result, lag: null } };
  };
  const { measure, attempts } = counted(blind);
  const result = await search(measure, cellWith({ start: 20 }));
  assert.equal([result.outcome, result.search, attempts.length], ['invalid', undefined, 2]);
  assert.match(
    result.reasons[0]?.message ?? '',
    /a probe at 20\/s could not be judged \(consumer lag was not seen\)/,
  );
});

test.run();
