import * as assert from 'uvu/assert';
import type { Plan } from '../../../bench/plan.ts';
import { createRandom } from '../../../bench/random.ts';
import { resolveWorkload } from '../../../bench/workload/load.ts';
import type { WorkloadInput } from '../../../bench/workload/schema.ts';
import { suite } from '../../support/suite.ts';

const test = suite('cells and plans');

function plan(input: Omit<WorkloadInput, 'name'>): Plan {
  return resolveWorkload({ name: 'x', ...input } as Record<string, unknown>, '.', (problems) => {
    throw new Error(JSON.stringify(problems));
  }).plan;
}

test('a full factorial has every combination once, each with a folder name of its own', () => {
  const { cells } = plan({
    sweep: { axes: { 'linger.ms': [0, 5], partitions: [1, 2, 3], 'compression.type': ['none', 'zstd'] } },
  });
  assert.is(cells.length, 12);
  assert.is(new Set(cells.map(({ settings }) => JSON.stringify(settings))).size, 12);
  assert.is(new Set(cells.map(({ id }) => id)).size, 12);
  for (const { id, workload, settings } of cells) {
    assert.match(id, /^[A-Za-z0-9._-]+$/);
    assert.is(workload.topic.partitions, settings['partitions']);
    assert.is(workload.producer['linger.ms'], settings['linger.ms']);
  }
});

test('combinations that no client accepts are left out with the reason', () => {
  const { cells, excluded } = plan({
    sweep: { axes: { acks: ['1', 'all'], 'enable.idempotence': [true, false] } },
  });
  assert.is(cells.length, 3);
  assert.equal(excluded, [
    {
      settings: { acks: '1', 'enable.idempotence': true },
      reason: 'acks: enable.idempotence needs acks=all',
    },
  ]);
});

test('a level goes to the codec of its cell; codecs without levels run once', () => {
  const { cells, excluded } = plan({
    sweep: { axes: { 'compression.type': ['none', 'gzip', 'zstd'], 'compression.level': [1, 12] } },
  });
  assert.equal(
    cells.map(({ workload }) => workload.producer),
    [
      { 'compression.type': 'none' },
      { 'compression.type': 'gzip', 'compression.gzip.level': 1 },
      { 'compression.type': 'zstd', 'compression.zstd.level': 1 },
      { 'compression.type': 'zstd', 'compression.zstd.level': 12 },
    ],
  );
  assert.equal(
    excluded.map(({ reason }) => reason),
    ['compression.type=none has no levels: the same as 000-none_1', 'gzip has levels 1 to 9'],
  );
});

test('rules leave out what they match, and an axis value may set several settings', () => {
  const { cells, excluded } = plan({
    sweep: {
      axes: {
        codec: [{ 'compression.type': 'none' }, { 'compression.type': 'zstd', 'compression.zstd.level': 3 }],
        size: [100, { distribution: 'lognormal', median: 600, p99: '16KiB' }],
        partitions: [1, 2],
      },
      exclude: [{ partitions: [2], size: 100 }],
    },
  });
  assert.is(cells.length, 6);
  assert.is(excluded.length, 2);
  assert.is(
    cells.at(-1)?.label,
    'compression.type=zstd,compression.zstd.level=3 distribution=lognormal,median=600,p99=16KiB partitions=2',
  );
  assert.equal(cells.at(-1)?.workload.records.size, { distribution: 'lognormal', median: 600, p99: 16384 });
});

test('every block runs every cell once; its order depends on the seed alone, and its cells share their seed', () => {
  const random = createRandom(4);
  for (let round = 0; round < 20; round++) {
    const seed = random.uint32();
    const repeats = 1 + random.int(6);
    const input = { seed, repeats, sweep: { axes: { partitions: [1, 2, 3, 4], 'linger.ms': [0, 1] } } };
    const one = plan(input);
    assert.equal(one.repeats, plan(input).repeats);
    assert.equal(
      one.repeats.map(({ position }) => position),
      [...one.repeats.keys()],
    );
    for (let block = 0; block < repeats; block++) {
      const own = one.repeats.filter((repeat) => repeat.block === block);
      assert.equal(
        own.map(({ cellId }) => cellId).sort(),
        one.cells.map(({ id }) => id),
      );
      assert.is(new Set(own.map((repeat) => repeat.seed)).size, 1);
    }
  }
  const orders = new Set(
    Array.from({ length: 20 }, (_, seed) =>
      plan({ seed, sweep: { axes: { partitions: [1, 2, 3, 4, 5] } } })
        .repeats.map(({ cellId }) => cellId)
        .join(),
    ),
  );
  assert.ok(orders.size > 10, 'the order is random');
});

test.run();
