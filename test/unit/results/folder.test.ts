import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readClientSettings } from '../../../bench/client/security/client-properties.ts';
import { KsweepError } from '../../../bench/common/errors.ts';
import { rememberSecrets } from '../../../bench/common/redact.ts';
import { RunFolder } from '../../../bench/results/folder.ts';
import { attemptToResume } from '../../../bench/results/retry.ts';
import { parseOverride } from '../../../bench/workload/load.ts';
import { simulateRepeat } from '../../support/simulated-repeat.ts';
import { suite } from '../../support/suite.ts';
import { syntheticManifest } from '../../support/synthetic-result.ts';

const test = suite('run folder');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const now = new Date('2026-01-02T03:04:05Z');
const cluster = { capacityPerSec: 1000, noise: 0, serviceUs: 1000, partitions: 2 };
const measured = () => simulateRepeat(cluster, { ratePerSec: 100, warmupSec: 1, measureSec: 3, seed: 1 });

test('two runs that begin in one second get folders of their own', async () => {
  const [a, b] = [await RunFolder.create(root, 'x', now), await RunFolder.create(root, 'x', now)];
  assert.is(a.dir, join(root, '2026-01-02-030405-x'));
  assert.is(b.dir, join(root, '2026-01-02-030405-x-1'));
});

test('a result that was written is read again, and a second attempt keeps the first beside it', async () => {
  const folder = await RunFolder.create(root, 'attempts', now);
  const result = { ...(await measured()), cellId: 'c', block: 3 };
  await folder.writeRepeat(result, { 'series.csv': 'first' });
  await folder.writeRepeat({ ...result, attempt: 1 }, { 'series.csv': 'second' });
  assert.equal(readdirSync(join(folder.dir, 'cells', 'c')).sort(), ['3', '3.attempt-0']);
  const read = await folder.readResults([{ position: 9, cellId: 'c', block: 3, seed: 1 }]);
  assert.equal(read.get(9), { ...result, attempt: 1 });
});

const planned = [{ position: 0, cellId: 'c', block: 0, seed: 1 }];

test('a second attempt that failed and is tried again on resume replaces it, and the first attempt stays', async () => {
  const folder = await RunFolder.create(root, 'again', now);
  const result = { ...(await measured()), cellId: 'c', block: 0 };
  await folder.writeRepeat({ ...result, outcome: 'invalid' }, { 'series.csv': 'first' });
  await folder.writeRepeat({ ...result, attempt: 1, outcome: 'failed' }, { 'series.csv': 'second' });
  await folder.writeRepeat({ ...result, attempt: 1 }, { 'series.csv': 'third' });
  const read = (name: string) => readFileSync(join(folder.dir, 'cells', 'c', name, 'series.csv'), 'utf8');
  assert.equal([read('0'), read('0.attempt-0')], ['third', 'first']);
});

test('a kill between the two renames of a second attempt leaves the first one to go on from', async () => {
  const folder = await RunFolder.create(root, 'between', now);
  const result = { ...(await measured()), cellId: 'c', block: 0, outcome: 'invalid' as const };
  await folder.writeRepeat(result, { 'series.csv': 'first' });
  const cell = join(folder.dir, 'cells', 'c');
  renameSync(join(cell, '0'), join(cell, '0.attempt-0'));
  assert.equal((await folder.readResults(planned)).get(0), result);
  await folder.writeRepeat({ ...result, attempt: 1, outcome: 'valid' }, { 'series.csv': 'second' });
  assert.equal(readdirSync(cell).sort(), ['0', '0.attempt-0']);
  assert.is((await folder.readResults(planned)).get(0)?.attempt, 1);
});

test('what a kill tore off in mid-write is removed, and nothing else', async () => {
  const folder = await RunFolder.create(root, 'leftovers', now);
  await folder.writeRepeat({ ...(await measured()), cellId: 'c', block: 0 }, { 'series.csv': 'x' });
  const cell = join(folder.dir, 'cells', 'c');
  mkdirSync(join(cell, '.1.0a1b2c3d.tmp'));
  writeFileSync(join(cell, '.1.0a1b2c3d.tmp', 'series.csv'), 'half');
  writeFileSync(join(folder.dir, 'manifest.json.0a1b2c3d.tmp'), '{');
  await folder.removeTorn();
  assert.equal(readdirSync(folder.dir), ['cells']);
  assert.equal(readdirSync(cell), ['0']);
  assert.equal(readdirSync(join(cell, '0')).sort(), ['result.json', 'series.csv']);
});

test('a resumed run begins with the attempt that is still to be made', () => {
  const cases = [
    [undefined, 0],
    [{ outcome: 'valid', attempt: 0 }, null],
    [{ outcome: 'valid', attempt: 1 }, null],
    [{ outcome: 'invalid', attempt: 0 }, 1],
    [{ outcome: 'invalid', attempt: 1 }, null],
    [{ outcome: 'failed', attempt: 0 }, 0],
    [{ outcome: 'failed', attempt: 1 }, 1],
  ] as const;
  for (const [last, attempt] of cases) assert.is(attemptToResume(last), attempt, JSON.stringify(last));
});

test('a line of the plan that a kill tore off is left out, and the next one starts afresh', async () => {
  const folder = await RunFolder.create(root, 'torn', now);
  const line = { type: 'planned', position: 0, block: 0, cellId: 'c', seed: 7 } as const;
  await folder.appendPlan([line]);
  appendFileSync(join(folder.dir, 'plan.ndjson'), '{"type":"outc');
  assert.equal(await folder.readPlan(), [line]);
  await folder.appendPlan([{ ...line, position: 1 }]);
  assert.equal(await folder.readPlan(), [line, { ...line, position: 1 }]);
});

test('a secret of the properties file, the environment, --set or the workload is in none of its files', async () => {
  const file = join(root, 'client.properties');
  writeFileSync(
    file,
    'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=me\nsasl.password=from-file\n',
  );
  readClientSettings(file, {});
  readClientSettings(file, { KSWEEP_SASL_PASSWORD: 'from-environment' });
  parseOverride('records.headers.api-key=from-set');
  const workload = { records: { headers: { 'api-key': 'from-workload' } } };
  rememberSecrets(workload);
  const all = 'from-file from-environment from-set from-workload';

  const folder = await RunFolder.create(root, 'secrets', now);
  const axes = { cells: [], axes: {}, blocks: 1, seed: 1, thresholds: [] };
  const set = ['records.headers.api-key=from-set'];
  await folder.writeManifest({
    ...syntheticManifest({ name: 'x', ...axes }),
    workload,
    set,
    command: `ksweep run ${all}`,
  });
  const reasons = [{ code: 'broker-refused', message: `refused: ${all}` }];
  const finishedAt = now.toISOString();
  await folder.appendPlan([
    { type: 'outcome', position: 0, attempt: 0, outcome: 'failed', reasons, finishedAt },
  ]);
  await folder.writeRepeat({ ...(await measured()), cellId: 'c', reasons }, {});
  let read = 0;
  for (const entry of readdirSync(folder.dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    assert.match(text, '[redacted]', entry.name);
    assert.not.match(text, /from-(file|environment|set|workload)/, entry.name);
    read++;
  }
  assert.is(read, 3);
});

test('a folder that cannot be written is named, and no half of a result stays', async () => {
  const folder = new RunFolder('/dev/null/nowhere');
  try {
    await folder.writeRepeat({ ...(await measured()), cellId: 'c' }, {});
    assert.unreachable();
  } catch (error) {
    assert.instance(error, KsweepError);
    assert.is((error as KsweepError).code, 'run-folder-unwritable');
    assert.match((error as KsweepError).message, '/dev/null/nowhere');
  }
  assert.not.ok(existsSync('/dev/null/nowhere'));
});

test('a full disk is told as such, with what to do about it', async () => {
  const folder = await RunFolder.create(root, 'full', now);
  // Every write to this device fails with ENOSPC.
  symlinkSync('/dev/full', join(folder.dir, 'plan.ndjson'));
  try {
    await folder.appendPlan([{ type: 'planned', position: 0, block: 0, cellId: 'c', seed: 7 }]);
    assert.unreachable();
  } catch (error) {
    assert.equal([(error as KsweepError).code, (error as KsweepError).exitStatus], ['disk-full', 2]);
    assert.match((error as KsweepError).hint ?? '', /--resume/);
  }
});

test('a manifest that is missing or not ours is refused', async () => {
  const folder = await RunFolder.create(root, 'manifest', now);
  for (const content of [undefined, '{', '{"schemaVersion": 99}']) {
    if (content !== undefined) await folder.write('manifest.json', content);
    try {
      await folder.readManifest();
      assert.unreachable();
    } catch (error) {
      assert.is((error as KsweepError).code, 'run-folder-invalid');
    }
  }
});

test.run();
