import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import {
  describeRepeatLengths,
  earlierRun,
  repeatLengths,
} from '../../../../bench/jobs/compare/repeat-length.ts';
import { loadRun } from '../../../../bench/results/load-run.ts';
import { writeRunFolder } from '../../../support/run-folder.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('the length of a repeat');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('an earlier run of the same cells tells how long a repeat should be, and a plan below that is told so', async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'linger.ms': [0, 5] },
    blocks: 3,
    seed: 1,
    measuredSec: 30,
  });
  const run = await loadRun(dir);
  const cells = (plannedSec: number) =>
    run.manifest.cells.map(({ label, settings }) => ({ label, settings, plannedSec }));
  const long = await repeatLengths(run, cells(100_000));
  assert.ok(long.length > 0);
  for (const one of long) {
    assert.ok(one.neededSec >= 1 && one.memorySec >= 1, JSON.stringify(one));
    assert.ok(one.givenPrecision <= one.precision);
  }
  const needed = long[0]?.neededSec ?? 0;
  const [line] = describeRepeatLengths('r1', [
    { ...(long[0] ?? fail()), plannedSec: needed - 1, givenPrecision: 0.2 },
  ]);
  assert.match(line ?? '', /the planned \d+ s give only ±20\.0 %: set load\.duration to \d+s/);
  const text = describeRepeatLengths('r1', long).join('\n');
  assert.match(text, /by the seconds of run r1: due→ack p50 is known to ±10\.0 % after \d+ s \(linger\.ms=/);
  assert.equal(await repeatLengths(run, []), [], 'no cell in common');
});

test('the newest run of that name is taken, and none of another name', async () => {
  const name = (await loadRun(await writeRunFolder(root, { axes: { 'linger.ms': [1] }, seed: 2 }))).manifest
    .name;
  const found = await earlierRun(root, name);
  assert.is(found?.manifest.name, name);
  assert.is(await earlierRun(root, 'another'), null);
  assert.is(await earlierRun(join(root, 'missing'), name), null);
});

function fail(): never {
  throw new Error('no figure');
}

test.run();
