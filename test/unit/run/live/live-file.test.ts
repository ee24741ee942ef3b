import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { LIVE_FILE, parseLiveSeconds } from '../../../../bench/results/live-second.ts';
import { LiveFile } from '../../../../bench/run/live/live-file.ts';
import { progressOf, tellSeconds } from '../../../support/live-seconds.ts';
import { suite } from '../../../support/suite.ts';
import { until } from '../../../support/until.ts';

const test = suite('live file of a run');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
const path = join(root, LIVE_FILE);
test.after(() => rmSync(root, { recursive: true, force: true }));

const told = () => parseLiveSeconds(existsSync(path) ? readFileSync(path, 'utf8') : '');

test('each second once, with the figures of the metrics page; gone at the end', async () => {
  writeFileSync(path, 'left by a process that was killed\n');
  const file = new LiveFile(root);
  tellSeconds(file, 3, () => 2_000);
  file.add(progressOf({ phase: 'teardown' }), null, null);
  file.add(progressOf({ phase: 'teardown' }), null, null);
  await until('all lines', () => told().length === 4);
  const [first, , third, last] = told();
  assert.is(first?.seq, 0);
  assert.is(third?.second, 2);
  assert.is(third?.offeredPerSec, 1_000);
  assert.is(third?.achievedPerSec, 990);
  assert.is(third?.receivedPerSec, 900);
  assert.is(third?.lagRecords, 270);
  assert.is(third?.latency, 'due-to-ack');
  assert.ok(Math.abs((third?.p99Us ?? 0) - 2_000) < 5);
  assert.equal(third?.bins, [[26, 1_000]]);
  assert.is(third?.cpuMaxShare, 0.25);
  assert.is(last?.phase, 'teardown');
  assert.is(last?.offeredPerSec, null);
  await file.close();
  assert.not.ok(existsSync(path));
});

test('it never holds more than twice what is kept, and always the newest', async () => {
  const file = new LiveFile(root, 10);
  tellSeconds(file, 25, () => 500);
  await until('all lines', () => told().at(-1)?.second === 24);
  const seconds = told().map(({ second }) => second);
  assert.ok(seconds.length >= 10 && seconds.length <= 20, String(seconds.length));
  assert.is(seconds[0], 11);
  await file.close();
});

test('a folder that takes nothing costs the run nothing', async () => {
  const file = new LiveFile(join(root, 'missing'));
  tellSeconds(file, 3, () => 500);
  await file.close();
  assert.equal(parseLiveSeconds('{"seq":1\nnot json\n'), []);
});

test.run();
