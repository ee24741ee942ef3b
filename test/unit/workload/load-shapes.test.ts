import * as assert from 'uvu/assert';
import { offeredLoad } from '../../../bench/run/measure/offered-load.ts';
import { asInput } from '../../../bench/workload/as-input.ts';
import { resolveWorkload } from '../../../bench/workload/load.ts';
import { type WorkloadInput, workloadSchema } from '../../../bench/workload/schema.ts';
import { suite } from '../../support/suite.ts';

const test = suite('load shapes in a workload');

type Load = NonNullable<WorkloadInput['load']>;
const SHAPES: Load['rate'][] = [
  { ramp: { from: '1MB/s', to: '5k/s' } },
  { sine: { mean: 100, amplitude: 0.25, period: '2m' } },
  { sine: { mean: 100, period: '10s' } },
  { bursts: { size: 500, every: '250ms' } },
  { bursts: { size: 500, every: '1s', jitter: 0.5, base: '1MB/s' } },
  { replay: { path: 'orders.sample' } },
];

function problems(load: Load, more: Omit<WorkloadInput, 'name'> = {}): string[] {
  const found: string[] = [];
  try {
    resolveWorkload({ name: 'x', load, ...more }, '.', (all) => {
      found.push(...all.map(({ path, message }) => `${path.join('.')}: ${message}`));
      throw new Error('refused');
    });
  } catch (error) {
    if (found.length === 0) throw error;
  }
  return found;
}

test('what a manifest keeps of a shape resolves to the same shape', () => {
  for (const rate of SHAPES) {
    const workload = workloadSchema.parse({ name: 'x', load: { rate } });
    assert.equal(workloadSchema.parse(asInput(workload)), workload);
  }
});

test('units become µs and records of the mean size; the ramp takes the measured window, after the warm-up', () => {
  const facts = { meanBytes: 500, pattern: null, seed: 7 };
  const of = (rate: Load['rate']) =>
    offeredLoad(workloadSchema.parse({ name: 'x', load: { rate, warmup: '2s', duration: '10s' } }), 3, facts);
  assert.equal(of({ ramp: { from: '1MB/s', to: '5k/s' } }), {
    shape: { kind: 'ramp', fromPerSec: 2_000, toPerSec: 5_000, startUs: 2e6, overUs: 10e6 },
    producers: 3,
    arrivals: 'constant',
  });
  assert.equal(of({ bursts: { size: 500, every: '250ms' } }), {
    shape: { kind: 'bursts', basePerSec: 0, size: 500, everyUs: 250_000, jitter: 0, seed: 7 },
    producers: 3,
    arrivals: 'constant',
  });
});

for (const [what, load, more, expected] of [
  [
    'a sample that is not there',
    { rate: { replay: { path: 'none.sample' } } },
    {},
    /load\.rate\.replay\.path: there is no/,
  ],
  [
    'a replay with arrivals of its own',
    { rate: { replay: { path: 'package.json' } }, arrivals: 'poisson' },
    {},
    /load\.arrivals: a replay has the arrivals of its sample/,
  ],
  [
    'a shape without a producer',
    { rate: { sine: { mean: 5, period: '1s' } }, producers: 0 },
    { consumers: { backlog: 5 } },
    /load\.rate\.sine: a load needs a producer/,
  ],
  [
    'bursts without a spacing',
    { rate: { bursts: { size: 5, every: 0 } } },
    {},
    /load\.rate\.bursts\.every: has to be 1 ms/,
  ],
  [
    'keys beside a sample',
    {},
    { records: { payload: { source: 'sample', path: 'package.json' }, keys: { distribution: 'uniform' } } },
    /records\.keys: the records of a sample keep their own keys/,
  ],
] as const) {
  test(`refuses ${what}`, () => {
    assert.match(problems(load, more).join('\n'), expected);
  });
}

test('a misspelt key of a shape is refused', () => {
  assert.ok(!workloadSchema.safeParse({ name: 'x', load: { rate: { ramp: { from: 5, too: 9 } } } }).success);
  assert.ok(
    !workloadSchema.safeParse({
      name: 'x',
      load: { rate: { sine: { mean: 5, period: '1s', amplitude: 1.5 } } },
    }).success,
  );
});

test.run();
