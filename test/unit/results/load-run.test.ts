import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { readHlog } from '../../../bench/results/hlog.ts';
import { loadRun } from '../../../bench/results/load-run.ts';
import { parseSeries } from '../../../bench/results/read-series.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('loading a run folder');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const axes = { 'linger.ms': [0, 5] };

async function refused(dir: string): Promise<KsweepError> {
  try {
    await loadRun(dir);
  } catch (error) {
    assert.instance(error, KsweepError);
    return error as KsweepError;
  }
  throw new Error('it was loaded');
}

test('results come in the order they ran, with the files of each', async () => {
  const dir = await writeRunFolder(root, { axes, blocks: 3, unfinished: 2 });
  const run = await loadRun(dir);
  assert.equal(run.problems, []);
  assert.is(run.repeats.length, 4);
  assert.is(run.unfinished.length, 2);
  assert.equal(
    run.repeats.map((one) => `${one.cellId}/${one.block}`),
    run.planned.slice(0, 4).map((one) => `${one.cellId}/${one.block}`),
  );
  for (const repeat of run.repeats) {
    const path = run.hlogPath(repeat, 'due-to-ack');
    assert.is(readHlog(path ?? '').merged.totalCount, repeat.latencyUs['due-to-ack']?.count);
    const rows = await run.series(repeat);
    assert.is(rows.filter((row) => row.phase === 'measure').length, repeat.window.measuredSec);
  }
});

test('an attempt that was run again is kept apart, with its own files', async () => {
  const dir = await writeRunFolder(root, { axes, blocks: 2, invalidCells: [0] });
  const run = await loadRun(dir);
  assert.is(run.repeats.length, 4);
  assert.is(run.replaced.length, 2);
  const [first] = run.replaced;
  if (first === undefined) throw new Error('nothing was replaced');
  assert.is(first.attempt, 0);
  assert.match(run.hlogPath(first, 'due-to-ack') ?? '', `${first.block}.attempt-0`);
});

test('what a kill left behind is named and left out', async () => {
  const dir = await writeRunFolder(root, { axes, blocks: 2 });
  const [torn, half] = ['000-0', '001-5'].map((cell) => join(dir, 'cells', cell));
  mkdirSync(join(torn ?? '', '.1.ab12cd34.tmp'));
  rmSync(join(torn ?? '', '1', 'result.json'));
  writeFileSync(join(half ?? '', '0', 'result.json'), '{"schemaVersion":1,');
  appendFileSync(join(dir, 'plan.ndjson'), '{"type":"outc');
  const before = readFileSync(join(dir, 'plan.ndjson'), 'utf8');
  const run = await loadRun(dir);
  assert.is(run.repeats.length, 2);
  assert.is(run.unfinished.length, 2);
  assert.is(run.problems.length, 4);
  for (const part of [
    'plan.ndjson',
    '.1.ab12cd34.tmp',
    '000-0/1 has no result.json',
    '001-5/0/result.json',
  ]) {
    assert.ok(
      run.problems.some((problem) => problem.includes(part)),
      part,
    );
  }
  assert.is(readFileSync(join(dir, 'plan.ndjson'), 'utf8'), before, 'reading changes nothing');
});

test('results of another cell or folder are not counted', async () => {
  const dir = await writeRunFolder(root, { axes, blocks: 1 });
  const own = readFileSync(join(dir, 'cells', '000-0', '0', 'result.json'), 'utf8');
  writeFileSync(join(dir, 'cells', '001-5', '0', 'result.json'), own);
  mkdirSync(join(dir, 'cells', 'stray', '0'), { recursive: true });
  writeFileSync(join(dir, 'cells', 'stray', '0', 'result.json'), own.replaceAll('000-0', 'stray'));
  const run = await loadRun(dir);
  assert.is(run.repeats.length, 1);
  assert.is(run.problems.length, 2);
});

test('a folder that is missing, or is none of a run, is refused with a hint', async () => {
  const empty = join(root, 'empty');
  mkdirSync(empty);
  for (const dir of [join(root, 'nowhere'), empty]) {
    const error = await refused(dir);
    assert.is(error.code, 'run-folder-invalid');
    assert.match(error.message, dir);
    assert.ok(error.hint);
  }
});

test('a folder of a later version is refused by its version, manifest or result', async () => {
  const dir = await writeRunFolder(root, { axes, blocks: 1 });
  for (const file of ['manifest.json', join('cells', '000-0', '0', 'result.json')]) {
    const path = join(dir, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"schemaVersion": 1', '"schemaVersion": 2'));
    const error = await refused(dir);
    assert.is(error.code, 'run-folder-invalid');
    assert.match(error.message, 'schema version 2; this ksweep reads up to 1');
    writeFileSync(path, text);
  }
});

test('a series without its last line end, and one with columns of another version, can be read', () => {
  const rows = parseSeries('tSec,phase,ackedPerSec,later\n0,warmup,,1\n1,measure,250.5,2\n2,meas');
  assert.is(rows.length, 2);
  assert.is(rows[0]?.ackedPerSec, null);
  assert.is(rows[1]?.ackedPerSec, 250.5);
  assert.is(rows[1]?.phase, 'measure');
  assert.is(rows[1]?.lagRecords, null);
  assert.throws(() => parseSeries('nothing of ours\n'), /no tSec/);
});

test.run();
