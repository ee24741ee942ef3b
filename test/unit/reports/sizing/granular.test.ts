import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { capacityOf } from '../../../../reports/sizing/build.ts';
import { type GranularProblem, solveGranular } from '../../../../reports/sizing/granular.ts';
import { VARIANTS } from '../../../../reports/sizing/granular-answer.ts';
import { resolveHardware } from '../../../../reports/sizing/hardware.ts';
import { checkInput, readInputFile } from '../../../../reports/sizing/input/check.ts';
import { granularDemandSchema } from '../../../../reports/sizing/input/granular.ts';
import { measuredCapacity, shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('granular sizing');

function problemOf(answers: Record<string, unknown>): GranularProblem {
  const demand = checkInput(granularDemandSchema, answers);
  return {
    demand,
    hardware: resolveHardware(shippedCatalog, demand),
    zones: 3,
    failures: 1,
    rebuildSec: null,
    usualCompression: 0.6,
    benchmarkedSec: null,
    capacity: capacityOf({}, null),
    brokerCpu: null,
  };
}

const refusal = (answers: Record<string, unknown>): string => {
  try {
    checkInput(granularDemandSchema, answers);
  } catch (error) {
    return (error as { details: string[] }).details.join('\n');
  }
  return 'accepted';
};

const example = (name: string) => readInputFile(join(packageRoot(), 'docs/examples/sizing', name)).values;

test('the example that eventsizer publishes: 1000/4000 processors, 2000/8000 consumers, 103.68 TB', () => {
  const { topics, tiers } = solveGranular(problemOf(example('eventsizer.yaml')));
  const [events] = topics;
  assert.is(events?.wireBytesPerSec.average, 400e6);
  assert.is(events?.wireBytesPerSec.peak, 1.6e9);
  assert.is(events?.hotBytes.average, 103.68e12);
  const instances = (name: string) => tiers.find((tier) => tier.name === name)?.instances;
  assert.is(instances('enriched')?.average, 1000);
  assert.is(instances('enriched')?.peak, 4000);
  assert.is(instances('dashboard')?.average, 2000);
  assert.is(instances('dashboard')?.peak, 8000);
  // Topics get as many partitions as their busiest reader has instances: both are read by the dashboard.
  for (const { partitions } of topics) {
    assert.is(partitions.average, 2000);
    assert.is(partitions.peak, 8000);
  }
});

const SMALL = {
  producers: [
    {
      name: 'a',
      average: '1k/s',
      peak: '3k/s',
      messageSize: 1000,
      compression: '50%',
      growth: 2,
      retention: '1d',
      tiered: { archive: '10d' },
    },
    { name: 'b', average: '3k/s', messageSize: 200, compression: 0, replicationFactor: 1, retention: '1h' },
  ],
  processors: [
    { name: 'p', processingTime: '10ms', sources: ['a', 'b'], passthrough: '50%', outputRetention: '2h' },
  ],
  consumers: [{ name: 'c', processingTime: '1ms', concurrency: 2, sources: ['p', 'a'] }],
};

test('growth is of its producer, and flows on through processors', () => {
  const { topics, tiers } = solveGranular(problemOf(SMALL));
  const p = topics.find((topic) => topic.name === 'p');
  assert.is(p?.eventsPerSec.average, 2000);
  assert.is(p?.eventsPerSec.averageWithGrowth, 2500);
  assert.is(p?.eventsPerSec.peakWithGrowth, 4500);
  const c = tiers.find((tier) => tier.name === 'c');
  // (2500 + 2000) events × 1 ms ÷ 2, and with 60 % utilization.
  assert.is(c?.instances?.averageWithGrowth, 3);
  assert.is(c?.withHeadroom?.averageWithGrowth, 4);
});

test('an output is as large as its sources are on average, and kept as safely as the safest', () => {
  const p = solveGranular(problemOf(SMALL)).topics.find((topic) => topic.name === 'p');
  // A quarter of the events has 1000 bytes, the rest 200; a quarter is halved.
  assert.is(p?.payloadBytesPerSec.average, 2000 * 400);
  assert.is(p?.wireBytesPerSec.average, 2000 * 400 * 0.875);
  assert.is(p?.replicationFactor, 3);
});

test('storage: hot on all replicas, the archive once', () => {
  const [a] = solveGranular(problemOf(SMALL)).topics;
  assert.is(a?.hotBytes.average, 0.5e6 * 86_400 * 3);
  assert.is(a?.archiveBytes.averageWithGrowth, 1e6 * 864_000);
  assert.is(a?.archiveBytes.peak, a?.archiveBytes.average);
});

test('partitions: one for each instance of the busiest reader, or t ÷ p where p is known', () => {
  const problem = problemOf(SMALL);
  const a = (more: Partial<GranularProblem>) =>
    solveGranular({ ...problem, ...more }).topics.find((topic) => topic.name === 'a');
  assert.is(a({})?.partitions.average, 40);
  assert.is(a({})?.partitions.peakWithGrowth, 90);
  // 1 MB/s over 10 kB/s, and at 60 %.
  const known = a({ capacity: capacityOf({ perPartition: 10_000 }, null) });
  assert.is(known?.partitions.average, 100);
  assert.is(known?.partitionsWithHeadroom.average, 167);
});

test('partitions cover the instances that are recommended, so that none would sit idle', () => {
  for (const name of ['eventsizer.yaml', 'shop.yaml']) {
    const { topics, tiers } = solveGranular(problemOf(example(name)));
    const { processors = [], consumers = [] } = example(name) as {
      [tier: string]: { name: string; sources: string[] }[];
    };
    for (const { name: topic, partitionsWithHeadroom } of topics) {
      for (const reader of [...processors, ...consumers].filter((one) => one.sources.includes(topic))) {
        const tier = tiers.find((one) => one.name === reader.name && one.tier !== 'producer');
        for (const variant of VARIANTS) {
          const instances = tier?.withHeadroom?.[variant] ?? Number.POSITIVE_INFINITY;
          assert.ok((partitionsWithHeadroom[variant] ?? 0) >= instances, `${name} ${topic} ${variant}`);
        }
      }
    }
  }
});

test('a small peak never needs less than the average alone', () => {
  const flat = { ...SMALL, producers: [{ ...SMALL.producers[0], peak: '1k/s' }] };
  const consumers = [{ name: 'c', processingTime: '10ms', sources: ['a'] }];
  const { topics, tiers } = solveGranular(problemOf({ ...flat, processors: [], consumers }));
  // 1000 events × 10 ms at 60 % are 17 instances; the same at the 80 % of a peak would be 13.
  for (const counts of [topics[0]?.partitionsWithHeadroom, tiers[1]?.withHeadroom]) {
    assert.is(counts?.average, 17);
    assert.is(counts?.peak, 17);
  }
});

test('measured: read off the curve at its safe end, and nothing beyond it', () => {
  const capacity = measuredCapacity([
    [1, [9e6, 10e6, 11e6]],
    [4, [33e6, 35e6, 37e6]],
    [8, [58e6, 60e6, 62e6]],
  ]);
  const sized = (perSec: string) =>
    solveGranular({
      ...problemOf({ producers: [{ name: 'a', average: perSec, messageSize: 1000 }] }),
      capacity,
    });
  // 30 MB/s fit 4 partitions; with 60 % of headroom taken they are 50 MB/s, and need 8.
  const carried = sized('30k/s');
  assert.is(carried.topics[0]?.partitions.average, 4);
  assert.is(carried.topics[0]?.partitionsWithHeadroom.average, 8);
  assert.equal(carried.infeasible, []);
  // 300 MB/s ÷ (0.6 × 10 MB/s) would be 50 partitions on a curve that ends at 8.
  const beyond = sized('300k/s');
  assert.is(beyond.topics[0]?.partitionsWithHeadroom.average, null);
  assert.match(beyond.topics[0]?.unmet ?? '', /measured only up to 8 partitions/);
  assert.is(beyond.infeasible[0]?.constraint, 'throughput');
  assert.match(beyond.infeasible[0]?.message ?? '', /^a: measured only up to 8/);
});

test('measured: readers that need more partitions than the curve carries on are unmet', () => {
  const capacity = measuredCapacity([
    [1, [10e6]],
    [4, [36e6]],
    [8, [20e6]],
  ]);
  const sized = (processingTime: string) =>
    solveGranular({
      ...problemOf({
        utilizationAverage: 1,
        producers: [{ name: 'a', average: '30k/s', messageSize: 1000 }],
        consumers: [{ name: 'c', processingTime, concurrency: 10, sources: ['a'] }],
      }),
      capacity,
    });
  assert.is(sized('1ms').topics[0]?.partitions.average, 4);
  const many = sized('2ms');
  assert.is(many.topics[0]?.partitions.average, null);
  assert.match(many.infeasible[0]?.message ?? '', /^a: throughput peaks at 4 partitions/);
});

test('brokers: growth and peak never need fewer', () => {
  const { brokers } = solveGranular(
    problemOf({
      ...SMALL,
      producers: SMALL.producers.map((one) => ({ ...one, average: '100k/s', peak: '300k/s' })),
    }),
  );
  assert.ok(brokers.peak.brokers >= brokers.average.brokers);
  assert.ok(brokers.peakWithGrowth.brokers >= brokers.peak.brokers);
  assert.ok(brokers.peakWithGrowth.brokers > brokers.average.brokers);
});

test('a short rebuild time asks for more brokers, each with less to copy', () => {
  const problem = problemOf({
    ...SMALL,
    producers: SMALL.producers.map((one) => ({ ...one, average: '50k/s', peak: '50k/s' })),
  });
  const hurried = solveGranular({ ...problem, rebuildSec: 600 }).brokers.average;
  assert.is(hurried.binding, 'rebuild time');
  assert.ok(hurried.brokers > solveGranular(problem).brokers.average.brokers);
});

test('benchmarked events take what one consumer of the run took', () => {
  const consumers = [{ name: 'c', processingTime: 'benchmarked', sources: ['a'] }];
  const problem = { ...problemOf({ ...SMALL, consumers }), benchmarkedSec: 0.002 };
  assert.is(solveGranular(problem).tiers.find((tier) => tier.name === 'c')?.instances?.average, 2);
});

test('compression that a producer does not state is the usual one: measured, or 60 %', () => {
  const problem = problemOf({ producers: [{ name: 'a', average: '1k/s', messageSize: 1000 }] });
  const wire = (usualCompression: number) =>
    solveGranular({ ...problem, usualCompression }).topics[0]?.wireBytesPerSec.average;
  assert.is(wire(0.6), 0.4e6);
  assert.is(wire(0.25), 0.75e6);
});

test('every example in the documentation can be sized', () => {
  const { brokers } = solveGranular(problemOf(example('shop.yaml')));
  assert.ok(brokers.peak.needs.length > 0);
});

test('refused: what cannot be sized, naming the field', () => {
  const [a] = SMALL.producers;
  assert.match(refusal({}), /producers: is required/);
  assert.match(refusal({ producers: [] }), /producers: expected at least one producer/);
  assert.match(
    refusal({ producers: [{ ...a, average: '0/s' }] }),
    /producers\[0\]\.average: 0\/s is not traffic/,
  );
  assert.match(
    refusal({ producers: [{ ...a, messageSize: '2MB' }] }),
    /producers\[0\]\.messageSize: expected 1 byte to 1MB/,
  );
  assert.match(refusal({ producers: [{ ...a, replicationFactor: 7 }] }), /expected 1 to 6 replicas/);
  assert.match(refusal({ producers: [{ ...a, peak: '1/s' }] }), /producers\[0\]\.peak: is below the average/);
  assert.match(refusal({ producers: [{ ...a, retentoin: '1d' }] }), /did you mean retention\?/);
  assert.match(refusal({ ...SMALL, producers: [a, a] }), /producers\[1\]\.name: "a" is there twice/);
  assert.match(
    refusal({ ...SMALL, consumers: [{ name: 'c', processingTime: '1ms', sources: ['z'] }] }),
    /"z" is not a producer or processor; there are a, b, p/,
  );
  const circle = [
    { name: 'p', processingTime: '1ms', sources: ['q'] },
    { name: 'q', processingTime: '1ms', sources: ['p'] },
  ];
  assert.match(refusal({ ...SMALL, consumers: [], processors: circle }), /"p" reads what it writes/);
  assert.match(
    refusal({ ...SMALL, failures: 3 }),
    /failures: 3 brokers may hold 3 replicas and replicationFactor is 3: every copy may be lost/,
  );
  assert.match(refusal({ ...SMALL, raid10: true, volumes: 3 }), /volumes: RAID 10 mirrors volumes in pairs/);
});

test.run();
