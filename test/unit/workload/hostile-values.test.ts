import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { loadWorkload } from '../../../bench/workload/load.ts';
import { suite } from '../../support/suite.ts';

const test = suite('names and figures that no workload means');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-hostile-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));

/** What is told of a workload that is refused, with its status. */
function told(text: string, set: readonly string[] = []): string {
  const file = join(dir, 'w.yaml');
  writeFileSync(file, text);
  try {
    loadWorkload(file, { set });
  } catch (error) {
    if (!(error instanceof KsweepError)) throw error;
    assert.is(error.exitStatus, 1);
    return [error.message, ...error.details].join('\n').replaceAll(`${dir}/`, '');
  }
  return assert.unreachable(`was accepted: ${text} ${set}`) as never;
}

const INHERITED = ['toString', 'hasOwnProperty', 'constructor', 'valueOf', '__proto__', 'isPrototypeOf'];

test('a name that every object has is not a setting, axis, metric or key', () => {
  for (const name of INHERITED) {
    assert.match(told('name: x', [`${name}=1`]), `"${name}" is not a setting of a workload`);
    assert.match(told('name: x', [`records.${name}=1`]), /unknown key|is not a setting/);
    assert.match(told('name: x', [`producer.${name}=1`]), /is (no|not a) (producer )?setting/);
    assert.match(told('name: x', [`thresholds=["${name} < 5"]`]), `"${name}" is not a metric`);
    assert.match(
      told('name: x\nsweep: {axes: {linger.ms: [0, 5]}}', [`thresholds=["lost == 0 for ${name}=1"]`]),
      `"${name}" is not an axis`,
    );
    if (name === '__proto__') continue;
    const axis = told(`name: x\nsweep:\n  axes:\n    ${name}: [1, 2]`);
    assert.match(axis, `w.yaml:4:5: sweep.axes.${name}: "${name}" is not a setting of a workload`);
  }
});

test('a figure that is none is refused in words', () => {
  const cases: [string, string][] = [
    ['load.rate=-1', 'load.rate: expected a rate such as 20000 (records/s), 20k/s, 5MB/s or 5TB/day, got -1'],
    ['load.rate=.inf', 'load.rate: expected a finite number, got Infinity'],
    ['load.warmup=.nan', 'load.warmup: expected a finite number, got NaN'],
    ['load.duration=-1', 'load.duration: expected a duration such as 250ms, 20s or 2m, got -1'],
    ['records.size=', 'records.size: is empty: give it a value, or leave it out'],
    ['sweep=', 'sweep: is empty'],
  ];
  for (const [set, expected] of cases) assert.match(told('name: x', [set]), expected);
  assert.match(
    told('name: x\nload:\nrecords:'),
    'w.yaml:2:6: load: is empty: give it a value, or leave it out',
  );
});

test('a number that would fill the memory is refused', () => {
  for (const set of [
    'keys={distribution: uniform, cardinality: 2000000000}',
    'keys={distribution: zipf, cardinality: 2000000000}',
    'partitions=2000000000',
    'repeats=2000000000',
    'producers=2000000000',
    'consumers=2000000000',
    'groups=2000000000',
    'size={distribution: weighted, weights: {"0-2000000000000": 1}}',
    'sweep={axes: {linger.ms: [0, 5]}, design: {latin-hypercube: {cells: 2000000000}}}',
  ]) {
    told('name: x', [set]);
  }
});

test('a value of --set that holds itself is refused', () => {
  assert.match(told('name: x', ['records.headers=&a {b: *a}']), 'a value cannot hold itself');
});

test('a header named as the stamp is refused, wherever the stamp goes', () => {
  for (const stamp of ['header', 'payload', 'none']) {
    const text = `name: x\nconsumers: {groups: 0}\nrecords:\n  stamp: ${stamp}\n  headers: { ksweep: mine }`;
    assert.match(
      told(text),
      'w.yaml:5:14: records.headers.ksweep: is the name of the header that ties a record to its run',
    );
  }
  assert.match(told('name: x', ['records.headers.ksweep=mine']), '--set records.headers.ksweep=mine: ');
});

test.run();
