import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { RunFolder } from '../../../../bench/results/folder.ts';
import { loadRun } from '../../../../bench/results/load-run.ts';
import { recordFailure } from '../../../../bench/run/write/record-failure.ts';
import { workloadSchema } from '../../../../bench/workload/schema.ts';
import { simulateRepeat } from '../../../support/simulated-repeat.ts';
import { suite } from '../../../support/suite.ts';
import { syntheticManifest } from '../../../support/synthetic-result.ts';

const test = suite('a repeat that cannot be kept');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const cluster = { capacityPerSec: 1000, noise: 0, serviceUs: 1000, partitions: 2 };

test('a full disk under a repeat’s files: it ends as failed with the cause, and the folder is read as usual', async () => {
  const folder = await RunFolder.create(root, 'full', new Date('2026-01-02T03:04:05Z'));
  const manifest = syntheticManifest({
    name: 'full',
    cells: [],
    axes: {},
    blocks: 1,
    seed: 1,
    thresholds: [],
  });
  await folder.appendPlan([{ type: 'planned', position: 4, block: 0, cellId: 'c', seed: 1 }]);
  await folder.writeManifest({ ...manifest, cells: [{ id: 'c', label: 'c', settings: {} }] });
  const measured = await simulateRepeat(cluster, { ratePerSec: 100, warmupSec: 1, measureSec: 3, seed: 1 });
  const result = { ...measured, cellId: 'c', block: 0 };
  // Every write to this device fails with ENOSPC; the name leads to it from the repeat's temporary folder.
  symlinkSync('/dev/full', join(folder.dir, 'full'));
  let thrown: unknown;
  try {
    await folder.writeRepeat(result, { '../../../full': 'x' });
  } catch (error) {
    thrown = error;
  }
  const workload = workloadSchema.parse({ name: 'full' });
  await recordFailure(folder, 4, { ...result, workload }, thrown);

  assert.equal(readdirSync(join(folder.dir, 'cells', 'c')), ['0'], 'no half of a result stays');
  const { repeats, unfinished, problems } = await loadRun(folder.dir);
  assert.equal([repeats.length, unfinished, problems], [1, [], []]);
  assert.is(repeats[0]?.outcome, 'failed');
  assert.is(repeats[0]?.reasons[0]?.code, 'disk-full');
  assert.match(repeats[0]?.reasons[0]?.message ?? '', /the disk is full/);
  const outcomes = (await folder.readPlan()).filter((line) => line.type === 'outcome');
  assert.equal(
    outcomes.map(({ position, attempt, outcome, reasons }) => [position, attempt, outcome, reasons[0]?.code]),
    [[4, 0, 'failed', 'disk-full']],
  );
});

test('where not even that can be written, the caller’s error is the one that is told', async () => {
  const folder = new RunFolder('/dev/null/nowhere');
  const measured = await simulateRepeat(cluster, { ratePerSec: 100, warmupSec: 1, measureSec: 3, seed: 1 });
  const workload = workloadSchema.parse({ name: 'gone' });
  await recordFailure(folder, 0, { ...measured, workload }, new Error('gone'));
  assert.throws(() => readdirSync(folder.dir), /ENOTDIR|ENOENT/);
});

test.run();
