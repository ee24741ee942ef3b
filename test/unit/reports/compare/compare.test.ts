import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { EXIT, KsweepError } from '../../../../bench/common/errors.ts';
import { closePool } from '../../../../bench/common/pool.ts';
import { type LoadedRun, loadRun } from '../../../../bench/results/load-run.ts';
import type { RepeatResult } from '../../../../bench/results/result.ts';
import { compareCells, compareRuns, strictStatus } from '../../../../reports/compare/compare.ts';
import { comparisonMarkdown, comparisonTable } from '../../../../reports/compare/text.ts';
import { writeRunFolder } from '../../../support/run-folder.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('comparing runs');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(async () => {
  rmSync(root, { recursive: true, force: true });
  await closePool();
});

const blocks = 12;
const one = async (seed: number): Promise<LoadedRun> =>
  loadRun(
    await writeRunFolder(root, { axes: { 'linger.ms': [0, 5] }, blocks, seed, latencies: ['due-to-ack'] }),
  );

/** The same run with a figure of its repeats changed. */
function with99(run: LoadedRun, change: (us: number, result: RepeatResult) => number): LoadedRun {
  const repeats = run.repeats.map((result) => {
    const ack = result.latencyUs['due-to-ack'];
    if (ack === null) return result;
    const p99 = change(ack.percentilesUs.p99 ?? 0, result);
    return {
      ...result,
      latencyUs: {
        ...result.latencyUs,
        'due-to-ack': { ...ack, percentilesUs: { ...ack.percentilesUs, p99 } },
      },
    };
  });
  return { ...run, repeats };
}

const p99Only = { metrics: ['due-to-ack.p99'], delta: 0.1, offsets: 'none' } as const;

test('a run against itself is equivalent in every cell and metric, and never regressed', async () => {
  const run = with99(await one(1), (_us, { block }) => 10_000 + block);
  const { rows, status, differences, leftOut } = await compareRuns(run, run, p99Only);
  assert.equal(
    rows.map(({ comparison }) => comparison.verdict),
    ['equivalent', 'equivalent'],
  );
  assert.equal([status, differences, leftOut], [EXIT.pass, [], []]);
});

test('half as slow again is a confirmed regression with its size, and faster is an improvement', async () => {
  const run = with99(await one(2), (_us, { block }) => 10_000 + 50 * (block % 5));
  const slower = with99(run, (us) => us * 1.5);
  const { rows, status } = await compareRuns(run, slower, p99Only);
  for (const { comparison, baseMedian, candidateMedian, paired } of rows) {
    assert.equal([comparison.verdict, paired], ['regressed', false]);
    assert.ok(Math.abs(comparison.effect - 1.5) < 0.02, `${comparison.effect}`);
    assert.ok(Math.abs(candidateMedian / baseMedian - 1.5) < 1e-9);
  }
  assert.is(status, EXIT.regression);
  const back = await compareRuns(slower, run, p99Only);
  assert.equal(
    back.rows.map(({ comparison }) => comparison.verdict),
    ['improved', 'improved'],
  );
  assert.is(back.status, EXIT.pass);
});

test('cells of one run are paired by block: what the blocks share does not hide a difference', async () => {
  // Each block has a level of its own, ten times the difference between the cells.
  const run = with99(
    await one(3),
    (_us, { block, settings }) => 10_000 * 1.5 ** block * (settings['linger.ms'] === 5 ? 1.3 : 1),
  );
  const paired = await compareCells(run, 'linger.ms=0', p99Only);
  assert.equal(
    paired.rows.map(({ candidate, comparison }) => [candidate, comparison.verdict]),
    [['linger.ms=5', 'regressed']],
  );
  assert.match(comparisonTable(paired), /Paired by block/);
  assert.match(comparisonMarkdown(paired), /\| linger\.ms=5 \| due→ack p99 \| .+ \| regressed \|/);
});

test('two runs measured apart are inconclusive where nothing tells how far runs lie apart', async () => {
  const run = with99(await one(8), (_us, { block }) => 10_000 + 50 * (block % 5));
  const slower = with99(run, (us) => us * 1.2);
  const { offsets: _none, ...unknown } = p99Only;
  const open = await compareRuns(run, slower, unknown);
  assert.equal(
    open.rows.map(({ comparison }) => [comparison.verdict, comparison.withoutOffset]),
    [
      ['inconclusive', 'regressed'],
      ['inconclusive', 'regressed'],
    ],
  );
  assert.is(open.status, EXIT.pass);
  assert.match(comparisonTable(open), /--assume-no-offset/);
  assert.match(comparisonMarkdown(open), /inconclusive: regressed if runs do not differ by themselves/);
  const sure = await compareRuns(run, slower, {
    ...p99Only,
    offsets: () => ({ sigma: 0.01, degrees: 20 }),
  });
  assert.is(sure.rows[0]?.comparison.verdict, 'regressed');
  assert.match(comparisonMarkdown(sure), /runs lie ±1\.0 % apart/);
  const wide = await compareRuns(run, slower, {
    ...p99Only,
    offsets: () => ({ sigma: 0.2, degrees: 20 }),
  });
  assert.is(wide.rows[0]?.comparison.verdict, 'inconclusive');
  assert.match(comparisonMarkdown(wide), /too far apart for any number of repeats/);
});

test('what is inconclusive hides no confirmed regression, also where nothing may be', async () => {
  const run = with99(await one(9), (_us, { block }) => 10_000 + 50 * (block % 5));
  const noisy = (block: number): number => [0.6, 1.6, 0.7, 1.3, 1][block % 5] ?? 1;
  const mixed = with99(run, (us, { block, settings }) =>
    settings['linger.ms'] === 5 ? us * 1.5 : us * noisy(block),
  );
  const both = await compareRuns(run, mixed, p99Only);
  assert.equal(both.rows.map(({ comparison }) => comparison.verdict).sort(), ['inconclusive', 'regressed']);
  assert.equal([both.status, strictStatus(both)], [EXIT.regression, EXIT.regression]);
  const [open] = both.rows.filter(({ comparison }) => comparison.verdict === 'inconclusive');
  const undecided = { ...both, rows: open === undefined ? [] : [open], status: EXIT.pass };
  assert.is(strictStatus(undecided), EXIT.invalid);
  assert.is(strictStatus({ ...undecided, rows: [] }), EXIT.pass);
});

test('too few repeats are inconclusive, with how many would do', async () => {
  const run = await loadRun(
    await writeRunFolder(root, { axes: { 'linger.ms': [0] }, blocks: 2, seed: 4, latencies: ['due-to-ack'] }),
  );
  const base = with99(run, (_us, { block }) => 10_000 + 3_000 * block);
  const { rows } = await compareRuns(
    base,
    with99(base, (us) => us * 1.4),
    p99Only,
  );
  assert.is(rows[0]?.comparison.verdict, 'inconclusive');
  assert.ok((rows[0]?.comparison.repeatsNeeded ?? 0) > 2);
});

test('runs on other ground are refused with every difference, unless allowed', async () => {
  const run = await one(5);
  const manifest = {
    ...run.manifest,
    cluster: { ...run.manifest.cluster, kafkaVersion: '9.9.9', brokers: [] },
  };
  const other = { ...run, manifest };
  try {
    await compareRuns(run, other);
    assert.unreachable();
  } catch (error) {
    assert.is((error as KsweepError).code, 'not-comparable');
    assert.equal(
      (error as KsweepError).details.map((line) => line.split(':')[0]),
      ['broker version', 'brokers'],
    );
  }
  const allowed = await compareRuns(run, other, { allow: true, offsets: 'none' });
  assert.is(allowed.differences.length, 2);
});

test('cells of one side only are named, and runs without a common cell refused', async () => {
  const run = await one(6);
  const [first] = run.manifest.cells;
  assert.ok(first);
  const less = { ...run, manifest: { ...run.manifest, cells: [first] } };
  assert.equal((await compareRuns(run, less, p99Only)).leftOut, ['linger.ms=5: only in the base']);
  const none = { ...run, manifest: { ...run.manifest, cells: [] } };
  try {
    await compareRuns(run, none, p99Only);
    assert.unreachable();
  } catch (error) {
    assert.is((error as KsweepError).code, 'not-comparable');
  }
  try {
    await compareCells(run, 'linger.ms=7', p99Only);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, KsweepError);
    assert.match((error as KsweepError).details.join(), /linger\.ms=0/);
  }
});

test('a result file that says otherwise changes the verdict: the figures come from the folder', async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'linger.ms': [0] },
    blocks: 10,
    seed: 7,
    latencies: ['due-to-ack'],
  });
  const base = await loadRun(dir);
  for (const { cellId, block } of base.repeats) {
    const file = join(dir, 'cells', cellId, String(block), 'result.json');
    const result = JSON.parse(readFileSync(file, 'utf8')) as RepeatResult;
    const ack = result.latencyUs['due-to-ack'];
    if (ack !== null) ack.percentilesUs.p99 = (ack.percentilesUs.p99 ?? 1) * 3;
    writeFileSync(file, JSON.stringify(result));
  }
  const { rows } = await compareRuns(base, await loadRun(dir), p99Only);
  assert.is(rows[0]?.comparison.verdict, 'regressed');
});

test('runs that were asked to do different work are refused, in the workload’s own names', async () => {
  const run = await one(6);
  const workload = run.manifest.workload as { load: object; consumers: object };
  const other: LoadedRun = {
    ...run,
    manifest: {
      ...run.manifest,
      workload: {
        ...workload,
        load: { ...workload.load, rate: { kind: 'records', perSec: 250 }, duration: 17_000 },
        consumers: { ...workload.consumers, perGroup: 3 },
      },
    },
  };
  try {
    await compareRuns(run, other);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, KsweepError);
    const details = (error as KsweepError).details.join('\n');
    assert.match(details, /^load\.rate.*250/m);
    assert.match(details, /^load\.duration: .+ against 17000$/m);
    assert.match(details, /^consumers\.perGroup: .+ against 3$/m);
  }
});

test('long texts are shown where they part', async () => {
  const run = await one(7);
  const corpus = run.manifest.corpus;
  const other = {
    ...run,
    manifest: { ...run.manifest, corpus: { ...corpus, added: 'other' } as typeof corpus },
  };
  try {
    await compareRuns(run, other);
    assert.unreachable();
  } catch (error) {
    assert.match((error as KsweepError).details.join('\n'), /payload: .* against .*other/);
  }
});

test.run();
