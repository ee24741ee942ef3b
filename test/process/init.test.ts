import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadWorkload } from '../../bench/workload/load.ts';
import { ksweep } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

const test = suite('ksweep init, as a command');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-init-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));
const records = join(dir, 'records.ndjson');
writeFileSync(records, '{"a":1}\n');

test('the command writes once, and over a file only when told to', async () => {
  const file = join(dir, 'once.yaml');
  const first = await ksweep(['init', file, '--about', 'codecs', '--records', records]);
  assert.is(first.code, 0, first.stderr);
  assert.match(first.stdout, `next: ksweep run ${file} --local`);
  const text = readFileSync(file, 'utf8');
  const second = await ksweep(['init', file, '--about', 'durability']);
  assert.is(second.code, 1);
  assert.match(second.stderr, '--force');
  assert.is(readFileSync(file, 'utf8'), text);
  const forced = await ksweep(['init', file, '--about', 'durability', '--force', '--json']);
  assert.is(forced.code, 0, forced.stderr);
  assert.is(JSON.parse(forced.stdout).cells, 3);
  assert.is(loadWorkload(file).plan.cells.length, 3);
  const silentEnd = await ksweep(['init', join(dir, 'other.yaml')]);
  assert.is(silentEnd.code, 1);
  assert.match(silentEnd.stderr, '--about batching');
});

test.run();
