import * as assert from 'uvu/assert';
import { producerAssignments } from '../../../../bench/run/measure/assignments.ts';
import { workloadSchema } from '../../../../bench/workload/schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what a producer is told to send');

function ratesOf(load: Record<string, unknown>, meanBytes = 500): unknown[] {
  const workload = workloadSchema.parse({ name: 'x', load: { warmup: '2s', ...load } });
  const corpus = { corpusFile: 'corpus', keysFile: null, meanBytes };
  const context = {
    driver: 'batch' as const,
    workload,
    connection: {},
    topic: 't',
    partitions: 1,
    runTag: 1,
    seed: 1,
    corpus,
  };
  return producerAssignments(context).map(({ rate }) => (rate === 'max' ? rate : rate.steps));
}

test('bytes per second are records of the corpus’s mean size', () => {
  assert.equal(ratesOf({ rate: '5MB/s' }), [[{ fromUs: 0, perSec: 10_000 }]]);
  assert.equal(ratesOf({ rate: 5_000 }), [[{ fromUs: 0, perSec: 5_000 }]]);
  assert.equal(ratesOf({ rate: 'max' }), ['max']);
});

test('the warm-up belongs to the first step, and each next one begins where the one before it ends', () => {
  const steps = [
    { rate: 100, for: '10s' },
    { rate: '1MB/s', for: '500ms' },
    { rate: 300, for: '1m' },
  ];
  assert.equal(ratesOf({ rate: { steps } }), [
    [
      { fromUs: 0, perSec: 100 },
      { fromUs: 12e6, perSec: 2_000 },
      { fromUs: 12.5e6, perSec: 300 },
    ],
  ]);
});

test('producers share each step evenly', () => {
  const steps = [
    { rate: 100, for: '10s' },
    { rate: '1MB/s', for: '10s' },
  ];
  const share = [
    { fromUs: 0, perSec: 25 },
    { fromUs: 12e6, perSec: 500 },
  ];
  assert.equal(ratesOf({ rate: { steps }, producers: 4 }), [share, share, share, share]);
});

test.run();
