import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { loadWorkload } from '../../../bench/workload/load.ts';
import { beyondMaxLoad, boundSearch, parseMaxLoad, refuseBeyond } from '../../../bench/workload/max-load.ts';
import { suite } from '../../support/suite.ts';

const test = suite('--max-load');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-max-load-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));

function loaded(text: string) {
  const file = join(dir, 'w.yaml');
  writeFileSync(file, `name: x\n${text}`);
  return loadWorkload(file);
}

const TOP = parseMaxLoad('1MB/s');

/** Why a load is refused; null where it is not. */
function why(load: string, rest = 'records: {size: 100}'): string | null {
  const [cell] = loaded(`load: ${load}\n${rest}`).plan.cells;
  return beyondMaxLoad(cell?.workload as NonNullable<typeof cell>['workload'], TOP);
}

test('a rate is held against it in bytes of payload, at the limit and above', () => {
  assert.is(why('{rate: 10k/s}'), null);
  assert.match(why('{rate: 10001}') ?? '', /offers 1\.00 MB\/s/);
  assert.is(why('{rate: 1MB/s, producers: 4}'), null);
  assert.match(why('{rate: 2MB/s}') ?? '', /2\.00 MB\/s/);
  assert.match(why('{rate: max}') ?? '', /maximum rate/);
});

test('the busiest second of a load that changes counts', () => {
  assert.match(why('{rate: {steps: [{rate: 1, for: 1s}, {rate: 3MB/s, for: 1s}]}}') ?? '', /3\.00 MB\/s/);
  assert.match(why('{rate: {ramp: {from: 1MB/s, to: 0.5MB/s}}}') ?? 'kept', /kept/);
  assert.match(why('{rate: {ramp: {from: 1MB/s, to: 1.5MB/s}}}') ?? '', /1\.50 MB\/s/);
  assert.match(why('{rate: {sine: {mean: 0.8MB/s, amplitude: 0.5, period: 5s}}}') ?? '', /1\.20 MB\/s/);
  assert.is(why('{rate: {bursts: {size: 5000, every: 500ms}}}'), null);
  assert.match(why('{rate: {bursts: {size: 5000, every: 500ms, base: 1}}}') ?? '', /1\.00 MB\/s/);
  assert.match(why('{rate: {bursts: {size: 5000, every: 500ms, jitter: 0.5}}}') ?? '', /offers/);
});

test('what cannot be told before is refused, unless the units are the same', () => {
  const sized = 'records: {size: {distribution: lognormal, median: 100, p99: 1000}}';
  assert.match(why('{rate: 10}', sized) ?? '', /not known before the run/);
  assert.is(why('{rate: 1MB/s}', sized), null);
  assert.match(why('{rate: 10}', 'consumers: {backlog: 10}') ?? '', /backlog/);
});

test('nothing is offered where nothing is produced', () => {
  assert.is(why('{producers: 0}', 'topic: {name: orders, existing: true}'), null);
});

test('every cell beyond it is named, and none that keeps it', () => {
  const { plan } = loaded('records: {size: 100}\nsweep: {axes: {rate: [5k/s, 20k/s, 30k/s]}}');
  try {
    refuseBeyond(plan.cells, TOP);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, KsweepError);
    const { details, message } = error as KsweepError;
    assert.match(message, /2 cells may offer more/);
    assert.equal(
      details.map((line) => line.split(':')[0]),
      plan.cells.slice(1).map(({ id }) => id),
    );
  }
});

test('a search is kept below it and begins below it, without a probe at maximum rate', () => {
  const text = 'load: {rate: {search: {}}, duration: 20s}\nrecords: {size: 100}';
  const bounded = boundSearch(loaded(text), TOP);
  const { rate } = bounded.workload.load;
  assert.equal(rate, {
    search: {
      max: { kind: 'bytes', perSec: 1e6 },
      start: { kind: 'bytes', perSec: 5e5 },
      maxProbes: 12,
      precision: 0.05,
    },
  });
  assert.is(bounded.source.set.length, 1, 'a resumed run is bounded as well');
  refuseBeyond(bounded.plan.cells, TOP);
});

test('a search that states lower bounds keeps them, and one that begins above is refused', () => {
  const within = boundSearch(
    loaded('load: {rate: {search: {max: 2k/s, start: 1k/s}}, duration: 20s}\nrecords: {size: 100}'),
    TOP,
  );
  const { rate } = within.workload.load;
  assert.equal(rate !== 'max' && 'search' in rate ? [rate.search.max, rate.search.start] : null, [
    { kind: 'records', perSec: 2000 },
    { kind: 'records', perSec: 1000 },
  ]);
  const beyond = boundSearch(
    loaded('load: {rate: {search: {min: 20k/s}}, duration: 20s}\nrecords: {size: 100}'),
    TOP,
  );
  assert.throws(() => refuseBeyond(beyond.plan.cells, TOP), /a cell may offer more/);
});

test('a text that is no rate is refused', () => {
  assert.throws(() => parseMaxLoad('fast'), /--max-load fast/);
});

test.run();
