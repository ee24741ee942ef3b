import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cliFile } from '../../bench/common/package-root.ts';
import { suite } from '../support/suite.ts';

const test = suite('ksweep validate and run --dry-run');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-validate-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

function ksweep(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const cli = cliFile();
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const SWEEP =
  'name: x\nload: {rate: 100, warmup: 1s, duration: 3s}\nsweep: {axes: {linger.ms: [0, 5], acks: ["1", all]}}\nrepeats: 2\nseed: 3\n';

test('every file is told, and one that is bad makes the status 1', () => {
  const [good, bad] = [file('good.yaml', SWEEP), file('bad.yaml', 'name: x\nload:\n  ratee: 5\n')];
  const told = ksweep('validate', good, bad, join(dir, 'missing.yaml'));
  assert.is(told.status, 1);
  assert.match(told.stdout, `${good}: valid, 4 cells, 8 repeats`);
  assert.match(told.stderr, `${bad}:3:3: load.ratee: unknown key "ratee"; did you mean rate?`);
  assert.match(told.stderr, /missing\.yaml cannot be read/);
  const json = ksweep('validate', '--json', good, bad);
  assert.is(json.status, 1);
  assert.is(json.stderr, '');
  assert.equal(
    (JSON.parse(json.stdout) as { valid: boolean; cells?: number; problems: string[] }[]).map((one) => [
      one.valid,
      one.cells,
      one.problems.length,
    ]),
    [
      [true, 4, 0],
      [false, undefined, 1],
    ],
  );
  assert.is(ksweep('validate', good).status, 0);
});

test('--max-load refuses a plan before anything starts, and names the cells that may offer more', () => {
  const path = file('much.yaml', 'name: x\nrecords: {size: 1000}\nsweep: {axes: {rate: [500, 2000]}}\n');
  const { status, stderr } = ksweep('run', path, '--local', '--max-load', '1MB/s');
  assert.is(status, 1);
  assert.match(stderr, /--max-load 1\.00 MB\/s: a cell may offer more/);
  assert.match(stderr, /001-\S+: it offers 2\.00 MB\/s/);
  assert.not.match(stderr, /000-/);
  assert.is(ksweep('run', path, '--dry-run', '--max-load', '2MB/s').status, 0);
});

test('a dry run tells cells, order and time, and starts nothing', () => {
  const path = file('dry.yaml', SWEEP);
  const { status, stdout } = ksweep('run', path, '--dry-run');
  assert.is(status, 0);
  for (const cell of ['linger.ms=0 acks=1', 'linger.ms=5 acks=all']) assert.match(stdout, cell);
  assert.match(stdout, /order \(seed 3\):\n {2}block 0: (\d{3} ?){4}\n {2}block 1: (\d{3} ?){4}\n/);
  assert.match(stdout, '8 repeats, about 48 s');
  const { cells, order, estimatedMs } = JSON.parse(ksweep('run', path, '--dry-run', '--json').stdout) as {
    cells: { id: string; settings: unknown }[];
    order: { block: number; cellId: string }[];
    estimatedMs: number;
  };
  assert.equal(cells[0], {
    id: '000-0_1',
    label: 'linger.ms=0 acks=1',
    settings: { 'linger.ms': 0, acks: '1' },
  });
  for (const block of [0, 1]) {
    const ids = order.filter((one) => one.block === block).map(({ cellId }) => cellId);
    assert.equal(ids.sort(), cells.map(({ id }) => id).sort());
  }
  assert.is(estimatedMs, 48_000);
});

test('a secret given in any way is printed in none', () => {
  const plain = file('plain.yaml', 'name: x\nload: {rate: 100}\n');
  const listed = file('listed.yaml', 'name: x\nproducer: {sasl.password: [hunter2]}\n');
  const set = ['--set', 'producer.sasl.password=hunter2 and more'];
  const header = ['--set', 'records.headers.api-key=hunter2', '--set', 'load.ratee=hunter2'];
  for (const words of [
    ['validate', plain, ...set],
    ['validate', '--json', plain, ...set],
    ['validate', listed],
    ['validate', '--json', listed],
    ['validate', plain, ...header],
    ['run', plain, '--dry-run', ...set],
    ['run', plain, '--dry-run', '--json', ...header],
    ['run', plain, '--dry-run', '--set', 'producer.sasl.password={hunter2 and more'],
  ]) {
    const { status, stdout, stderr } = ksweep(...words);
    const what = words.join(' ');
    assert.is(status, 1, what);
    assert.ok(`${stdout}${stderr}`.includes('[redacted]'), what);
    assert.not.match(`${stdout}${stderr}`, /hunter2|and more/, what);
  }
});

test.run();
