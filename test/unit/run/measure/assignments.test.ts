import * as assert from 'uvu/assert';
import { place } from '../../../../bench/load/agent/placement.ts';
import { consumerAssignments, producerAssignments } from '../../../../bench/run/measure/assignments.ts';
import { type Workload, workloadSchema } from '../../../../bench/workload/schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what a producer is told to send');

const contextOf = (workload: Workload, meanBytes = 500) => ({
  driver: 'batch' as const,
  workload,
  connection: {},
  topic: 't',
  partitions: 1,
  runTag: 1,
  seed: 1,
  pattern: null,
  corpus: { corpusFile: 'corpus', keysFile: null, headersFile: null, meanBytes },
});

function ratesOf(load: Record<string, unknown>, meanBytes = 500): unknown[] {
  const workload = workloadSchema.parse({ name: 'x', load: { warmup: '2s', ...load } });
  return producerAssignments(contextOf(workload, meanBytes)).map(({ rate }) =>
    rate === 'max' || 'shape' in rate ? rate : rate.steps,
  );
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

test('generators are on the hosts of their placement, and consumers in their zone unless the workload says another', () => {
  const on = (consumer: Record<string, unknown>) => {
    const workload = workloadSchema.parse({
      name: 'x',
      load: { producers: 2 },
      consumers: { perGroup: 2 },
      consumer,
    });
    const counts = { producers: 2, consumers: 2 };
    const context = {
      ...contextOf(workload),
      placement: place({ pinned: { producers: ['a'], consumers: ['a', 'b'] } }, ['a', 'b'], counts, 1),
      rackOf: (host: string) => (host === 'a' ? 'zone-a' : null),
    };
    assert.equal(
      producerAssignments(context).map(({ host, client }) => [host, client['client.rack']]),
      [
        ['a', undefined],
        ['a', undefined],
      ],
    );
    return consumerAssignments(context).map(({ host, client }) => [host, client['client.rack']]);
  };
  assert.equal(on({}), [
    ['a', 'zone-a'],
    ['b', undefined],
  ]);
  assert.equal(on({ 'client.rack': 'mine' }), [
    ['a', 'mine'],
    ['b', 'mine'],
  ]);
});

test('a client.id of the workload’s own may hold the generator’s name and its host’s zone', () => {
  const ids = (clientId: string | undefined) => {
    const own = clientId === undefined ? {} : { 'client.id': clientId };
    const workload = workloadSchema.parse({
      name: 'x',
      load: { producers: 1 },
      consumers: { perGroup: 1 },
      producer: own,
      consumer: own,
    });
    const context = {
      ...contextOf(workload),
      placement: place(
        { pinned: { producers: ['a'], consumers: ['b'] } },
        ['a', 'b'],
        { producers: 1, consumers: 1 },
        1,
      ),
      rackOf: (host: string) => (host === 'a' ? 'zone-a' : null),
    };
    return [...producerAssignments(context), ...consumerAssignments(context)].map(
      ({ client }) => client['client.id'],
    );
  };
  assert.equal(ids(undefined), ['ksweep-producer-0', 'ksweep-consumer-0-0']);
  assert.equal(ids('orders'), ['orders', 'orders']);
  assert.equal(ids('{name}@{zone}'), ['producer-0@zone-a', 'consumer-0-0@unknown']);
});

test.run();
