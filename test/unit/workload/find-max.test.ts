import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { loadSearched } from '../../../bench/workload/find-max.ts';
import { loadWorkload } from '../../../bench/workload/load.ts';
import { suite } from '../../support/suite.ts';

const test = suite('ksweep run --find-max');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-find-max-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));

function searched(text: string, set: string[] = []) {
  const file = join(dir, 'w.yaml');
  writeFileSync(file, text);
  return loadSearched(file, { set });
}

test('searches whatever rate a workload states, in windows that tell something', () => {
  for (const rate of ['max', '20k/s', '{steps: [{rate: 5, for: 1s}]}']) {
    const { workload, source } = searched(`name: x\nload: {rate: ${rate}, duration: 2s, producers: 2}`);
    assert.equal(workload.load.rate, { search: { maxProbes: 12, precision: 0.05 } });
    assert.equal([workload.load.duration, workload.load.producers], [20_000, 2]);
    assert.equal(source.set, ['load.rate={search: {}}', 'load.duration=20000ms']);
  }
  assert.is(searched('name: x\nload: {duration: 40s}').workload.load.duration, 40_000);
});

test('a search that the workload states keeps its limit and its bounds', () => {
  const file = join(packageRoot(), 'workloads/sustainable-rate.yaml');
  assert.equal(loadSearched(file, { set: [] }), loadWorkload(file));
  const set = ['load.rate={search: {max: 500, maxProbes: 4}}'];
  const { rate } = searched('name: x', set).workload.load;
  assert.equal(rate, {
    search: { max: { kind: 'records', perSec: 500 }, maxProbes: 4, precision: 0.05 },
  });
});

test('rates that are swept give way to the search, unless the workload states both', () => {
  const axes = "sweep: {axes: {rate: [100, 200], 'linger.ms': [0, 5]}}";
  const { plan, dropped } = searched(`name: x\n${axes}`);
  assert.equal(
    plan.cells.map(({ label }) => label),
    ['linger.ms=0', 'linger.ms=5'],
  );
  assert.equal(dropped, ['rate']);
  assert.throws(
    () => searched(`name: x\nload: {rate: {search: {max: 50}}}\n${axes}`),
    /--find-max: the sweep sets a rate of its own in cell rate=100/,
  );
});

test.run();
