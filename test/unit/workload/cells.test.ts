import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { describePlan } from '../../../bench/workload/dry-run.ts';
import { resolveWorkload } from '../../../bench/workload/load.ts';
import type { Plan } from '../../../bench/workload/plan.ts';
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

test('a schedule of steps can be an axis', () => {
  const steps = [
    { rate: 100, for: '2s' },
    { rate: '1MB/s', for: '3s' },
  ];
  const { cells } = plan({ sweep: { axes: { rate: [{ steps }, 500] } } });
  assert.equal(cells[0]?.workload.load.rate, {
    steps: [
      { rate: { kind: 'records', perSec: 100 }, for: 2_000 },
      { rate: { kind: 'bytes', perSec: 1e6 }, for: 3_000 },
    ],
  });
  assert.equal(cells[1]?.workload.load.rate, { kind: 'records', perSec: 500 });
});

test('past 64 combinations the cost and the alternatives are told, and a design by name passes', () => {
  const axes = {
    'linger.ms': [0, 1, 2, 5, 10, 20],
    'batch.size': [1000, 2000, 4000],
    partitions: [1, 2, 3, 6],
  };
  try {
    plan({ sweep: { axes } });
    assert.unreachable();
  } catch (error) {
    const { message } = error as Error;
    assert.match(message, /72 cells take about 32 min/);
    assert.match(message, /with 8 cells, 3/);
    assert.match(message, /latin-hypercube: \{cells: 30\}\} spreads 30 .* 13 min/);
  }
  assert.is(plan({ sweep: { axes, design: 'full' } }).cells.length, 72);
  const cube = plan({ sweep: { axes, design: { 'latin-hypercube': { cells: 30 } } } });
  assert.is(cube.cells.length, 30);
  assert.is(cube.repeats.length, 30);
  assert.match(describePlan(cube, 2000), /30 of 72 combinations, 42 saved/);
  assert.equal(plan({ sweep: { axes, design: { 'latin-hypercube': { cells: 30 } } } }), cube);
});

test('a screen runs the first and last values, and needs all of its combinations', () => {
  const axes = { 'linger.ms': [0, 5, 20], 'batch.size': [1000, 2000], partitions: [1, 2, 3], groups: [1, 2] };
  const { cells, design } = plan({ sweep: { axes, design: { screen: {} } } });
  assert.is(cells.length, 8);
  assert.equal([...new Set(cells.map(({ settings }) => settings['linger.ms']))], [0, 20]);
  assert.is(design?.kind, 'screen');
  assert.match(
    describePlan(plan({ sweep: { axes, design: { screen: {} } } }), 2000),
    /8 of 36 combinations, 28 saved[\s\S]*linger\.ms × batch\.size \+ partitions × groups/,
  );
  assert.throws(
    () =>
      plan({
        sweep: { axes: { acks: ['1', 'all'], 'enable.idempotence': [true, false] }, design: { screen: {} } },
      }),
    /needs all of its combinations, and acks=1 enable\.idempotence=true cannot run/,
  );
  assert.throws(() => plan({ sweep: { axes: { acks: ['all'] }, design: { screen: {} } } }), /has one value/);
});

test.run();
