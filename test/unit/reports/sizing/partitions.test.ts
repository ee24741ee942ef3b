import * as assert from 'uvu/assert';
import { exactly } from '../../../../reports/sizing/figure.ts';
import { solvePartitions } from '../../../../reports/sizing/partitions.ts';
import { sensitivitiesOf } from '../../../../reports/sizing/sensitivity.ts';
import { stepsOf } from '../../../../reports/sizing/steps.ts';
import { CURVE, LAW, problemOf } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('partition sizing');

const BASE = { replicationFactor: 3, zones: 3, groups: 0, spares: 0, retention: '1h' };
const solve = (answers: Record<string, unknown>, capacity = CURVE) =>
  solvePartitions(problemOf({ ...BASE, ...answers }, capacity));

test('step 1: the smallest measured number whose lower bound carries the demand with its headroom', () => {
  // T ÷ u = max(12 / 0.6, 24 / 0.8) = 30 MB/s: 2 carry at most 22, 4 at least 36.
  const { produce, requiredPerSec } = solve({ average: '12MB/s', peak: '24MB/s' });
  assert.is(requiredPerSec, 30e6);
  assert.equal(produce.low, { partitions: 4, how: 'measured' });
});

test('step 1: the interval gives the number at both ends, and the safe one is recommended', () => {
  // 62 MB/s: the median of 8 carries it, its lower bound does not.
  const between = solve({ average: '10MB/s', peak: '49.6MB/s' });
  assert.equal([between.needed.low, between.needed.point, between.needed.high], [8, 8, null]);
  assert.match(between.infeasible[0]?.message ?? '', /measured only up to 8 partitions/);
  const inside = solve({ average: '1MB/s', peak: '16.8MB/s' });
  assert.equal([inside.needed.low, inside.needed.point, inside.needed.high], [2, 4, 4]);
});

test('step 1: one partition is never multiplied out beyond what was measured', () => {
  const { recommended, infeasible } = solve({ average: '50MB/s', peak: '80MB/s' });
  assert.is(recommended, null);
  assert.is(infeasible[0]?.constraint, 'throughput');
});

test('step 1: where the generator was the limit, it says so', () => {
  const limited = {
    ...CURVE,
    points: CURVE.points.map((point) => ({ ...point, atLeast: point.partitions === 8 })),
  };
  assert.match(
    solve({ average: '90MB/s' }, limited).infeasible[0]?.message ?? '',
    /^Unbounded: client-limited/,
  );
});

test('step 1: the scalability law carries on to twice the largest number, not to its peak and beyond', () => {
  const fitted = { ...CURVE, model: LAW };
  // 75 MB/s with headroom: the law gives 74.0 at 13 and 76.4 at 14; at 16, its last, 80.4.
  const carried = solve({ average: '1MB/s', peak: '60MB/s', zones: 1 }, fitted);
  assert.equal(carried.produce.low, { partitions: 14, how: 'model' });
  assert.is(solve({ average: '1MB/s', peak: '75MB/s' }, fitted).recommended, null);
});

test('step 2: reading and handling each can bind a group', () => {
  const reading = solve(
    { average: '1MB/s', peak: '16MB/s', groups: 1, perConsumer: '5MB/s' },
    { ...CURVE, perConsumer: exactly(5e6) },
  );
  assert.is(reading.groups[0]?.consumers, 4);
  assert.is(reading.groups[0]?.bound, 'reading');
  // 1000 events/s at peak, 6 ms each, one at a time, at 80 %: 7.5.
  const handling = solve({ average: '500/s', peak: '1k/s', recordSize: 1000, groups: 1, handler: '6ms' });
  assert.is(handling.groups[0]?.consumers, 8);
  assert.is(handling.groups[0]?.bound, 'handler');
  const concurrent = solve({
    average: '500/s',
    peak: '1k/s',
    recordSize: 1000,
    groups: 1,
    handler: '6ms',
    concurrency: 4,
  });
  assert.is(concurrent.groups[0]?.consumers, 2);
});

test('step 3: spares raise the floor; running consumers do only where nothing is known of them', () => {
  const groups = [{ name: 'billing', consumers: 50, spares: 2 }];
  const unknown = solve({ average: '1MB/s', groups });
  assert.is(unknown.floor, 52);
  assert.is(unknown.groups[0]?.bound, 'running already');
  const known = solve({ average: '1MB/s', groups: [{ ...groups[0], perConsumer: '5MB/s' }] });
  assert.is(known.floor, 3);
  assert.is(known.groups[0]?.bound, 'reading');
});

test('steps 3 and 4: unknown demand starts at 4, tiny demand at 2, each a multiple of the brokers', () => {
  assert.is(solve({}).floor, 4);
  assert.is(solve({ zones: 1 }).recommended, 4);
  assert.is(solve({ average: '1kB/s', zones: 1 }).recommended, 2);
  assert.is(solve({ average: '1kB/s', zones: 1, brokers: 5 }).recommended, 5);
});

test('next to no demand: the floor, and the brokers that the replicas need', () => {
  const zero = solve({ average: '1B/s', peak: '1B/s', zones: 1 });
  assert.is(zero.recommended, 2);
  assert.is(zero.brokers?.brokers, 3);
});

test('one broker: one replica, no failure to survive', () => {
  const one = solve({ average: '1MB/s', replicationFactor: 1, zones: 1, brokers: 1 });
  assert.is(one.brokers?.brokers, 1);
  assert.is(one.recommended, 2);
  const replicated = solve({ average: '1MB/s', replicationFactor: 3, zones: 1, brokers: 1 });
  assert.is(replicated.infeasible[0]?.constraint, 'replication factor');
});

test('step 5: a floor above a cap is infeasible, with the reason', () => {
  const { recommended, infeasible, caps } = solve({
    average: '1MB/s',
    zones: 1,
    brokers: 3,
    existingReplicas: 11_990,
    groups: [{ name: 'g', consumers: 8 }],
  });
  assert.is(caps[0]?.partitions, 3);
  assert.is(recommended, null);
  assert.match(infeasible[0]?.message ?? '', /at least \d+ partitions are needed and at most 3 are possible/);
});

test('step 5: rounding stops at a cap instead of breaking it', () => {
  // 4 are needed, 6 would be the multiple of 6 brokers, 5 are free.
  const solution = solve({
    average: '12MB/s',
    peak: '24MB/s',
    zones: 1,
    brokers: 6,
    existingReplicas: 23_985,
  });
  assert.is(solution.caps[0]?.partitions, 5);
  assert.is(solution.recommended, 4);
});

test('step 5: latency and unavailability limits cap a cluster of fixed size', () => {
  // P·3·20 µs ≤ 3·3 ms and P·5 ms ≤ 3·50 ms.
  const latency = solve({ average: '1MB/s', brokers: 3, latencyLimit: '3ms' });
  assert.is(latency.caps[0]?.partitions, 150);
  // 100·3·3 replicas on each of 3 brokers.
  const rao = latency.caps.find((cap) => cap.constraint.endsWith('where latency matters'));
  assert.is(rao?.partitions, 900);
  const unavailability = solve({ average: '1MB/s', brokers: 3, unavailabilityLimit: '50ms' });
  assert.is(unavailability.caps[0]?.partitions, 30);
});

test('a fixed number of brokers keeps its zones: those of a lost one are missing, and the rest carry the peak', () => {
  const zone = (peak: string, zones = 3) =>
    solvePartitions(
      problemOf({
        ...BASE,
        average: '10MB/s',
        peak,
        perPartition: '50MB/s',
        brokers: 6,
        zones,
        failures: 'zone',
      }),
    );
  // Three replicas at 80 % of an EBS baseline of 81.25 MB/s: 80 MB/s ask for 4 brokers, 90 MB/s for 5.
  const enough = zone('80MB/s');
  assert.equal(enough.infeasible, []);
  assert.is(enough.brokers?.brokers, 6);
  assert.match(zone('90MB/s').infeasible[0]?.message ?? '', /^8 brokers are needed.*there are 6$/);
  assert.match(zone('80MB/s', 1).infeasible[0]?.message ?? '', /^one zone/);
});

test('step 5: where latency matters and the brokers are free, 100·b·r replicas a broker decide their number', () => {
  // 1000 partitions: P ≤ 100·b² asks for 4 brokers.
  const answers = {
    average: '1MB/s',
    recordSize: 1000,
    groups: [{ name: 'g', handler: '800ms', spares: 0 }],
    utilizationAverage: 1,
    utilizationPeak: 1,
    peakFactor: 1.25,
    zones: 1,
    perPartition: '10MB/s',
  };
  const needed = (more: Record<string, unknown>) => {
    const solution = solvePartitions(
      problemOf({ ...answers, replicationFactor: 3, retention: '1h', ...more }),
    );
    assert.is(solution.recommended, 1000);
    return solution.brokers?.needs.find((need) => need.resource === 'replicas where latency matters')
      ?.brokers;
  };
  assert.is(needed({ latencyLimit: '1s' }), 4);
  assert.is(needed({}), undefined);
});

test('step 5: more brokers are asked for where their number is free', () => {
  const solution = solve({
    average: '1kB/s',
    unavailabilityLimit: '5ms',
    groups: [{ name: 'g', consumers: 30 }],
  });
  assert.is(solution.brokers?.binding, 'latency and unavailability');
  assert.ok((solution.brokers?.brokers ?? 0) >= 30);
});

test('step 5: a p99 above the limit at some number of partitions caps it below that', () => {
  const slow = {
    ...CURVE,
    points: CURVE.points.map((point) => ({ ...point, p99Us: point.partitions * 10_000 })),
  };
  const { caps, infeasible } = solve({ average: '10MB/s', peak: '40MB/s', latencyLimit: '50ms' }, slow);
  assert.is(caps[0]?.constraint, 'measured latency');
  assert.is(caps[0]?.partitions, 7);
  assert.is(infeasible[0]?.constraint, 'measured latency');
});

test('step 6: a hot key that one partition or one consumer cannot carry is refused', () => {
  const partition = solve({ average: '12MB/s', peak: '24MB/s', hottestKeyShare: '50%' });
  assert.is(partition.infeasible[0]?.constraint, 'hot key');
  assert.match(partition.infeasible[0]?.message ?? '', /more partitions do not help/);
  const handler = solve({
    average: '2MB/s',
    recordSize: 1000,
    groups: 1,
    handler: '2ms',
    concurrency: 64,
    hottestKeyShare: '20%',
  });
  assert.match(handler.infeasible[0]?.message ?? '', /one consumer of group 1/);
  assert.is(solve({ average: '12MB/s', peak: '24MB/s', hottestKeyShare: '10%' }).infeasible.length, 0);
});

test('step 7: keyed topics are sized for the horizon, unkeyed ones for today', () => {
  const answers = { average: '6MB/s', peak: '12MB/s', growth: 3, zones: 1 };
  assert.is(solve({ ...answers, keyed: true }).recommended, 8);
  assert.is(solve({ ...answers, keyed: false }).recommended, 2);
});

test('infinite retention is ten years of disk', () => {
  const { brokers } = solve({ average: '1MB/s', retention: -1 });
  assert.is(brokers?.load.storedBytes, 1e6 * 315_360_000 * 3);
  assert.is(brokers?.binding, 'disk space');
});

test('what would change the answer: the turning point is where the answer turns', () => {
  const problem = problemOf({ ...BASE, average: '12MB/s', peak: '24MB/s', zones: 1 }, CURVE);
  const [turn] = sensitivitiesOf(problem, solvePartitions(problem));
  // 4 partitions carry 36 MB/s at least, and 30 are asked for: ×1.2.
  assert.match(turn?.change ?? '', /^×1\.2\d? is where the partitions change$/);
  assert.match(turn?.effect ?? '', /partitions 4 → 8/);
});

test('the seven steps come in order, and each number says what it rests on', () => {
  const problem = problemOf(
    { ...BASE, average: '12MB/s', groups: 1, latencyLimit: '1s', unavailabilityLimit: '10s' },
    CURVE,
  );
  const steps = stepsOf(problem, solvePartitions(problem));
  assert.equal(
    steps.map((step) => step.number),
    [1, 2, 3, 4, 5, 6, 7],
  );
  for (const step of steps) {
    for (const figure of [step.result, ...step.figures]) {
      assert.ok(figure.source.length > 0 && figure.kind.length > 0, `${step.title}: ${figure.name}`);
    }
  }
  const names = steps[4]?.figures.map((figure) => figure.name) ?? [];
  assert.ok(names.includes('BroMin') && names.includes('BroMax'), names.join(', '));
});

test.run();
