import * as assert from 'uvu/assert';
import { fitUsl } from '../../../../bench/stats/usl.ts';
import { partitionsToCarry } from '../../../../reports/sizing/capacity.ts';
import { instancesByHandler } from '../../../../reports/sizing/formulas/partitions.ts';
import {
  broMax,
  broMin,
  type RaptisProblem,
  raptisMaxPartitions,
  raptisMinPartitions,
} from '../../../../reports/sizing/formulas/raptis.ts';
import { storedBytes } from '../../../../reports/sizing/formulas/traffic.ts';
import { solvePartitions } from '../../../../reports/sizing/partitions.ts';
import { measuredCapacity, problemOf } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

/** Cases that others have published, with what they printed. */
const test = suite('published sizing cases');

test('eventsizer (NetApp): 1 M and 4 M events/s of 1000 B at 60 % compression', () => {
  const compressed = (eventsPerSec: number) => eventsPerSec * 1000 * (1 - 0.6);
  assert.is(compressed(1e6), 400e6);
  assert.is(compressed(4e6), 1.6e9);
  // A processor of 1 ms a message.
  assert.is(instancesByHandler(1e6, 0.001), 1000);
  assert.is(instancesByHandler(4e6, 0.001), 4000);
  // A consumer of 1 ms that reads the producer and a processor with 100 % passthrough: twice the events.
  assert.is(instancesByHandler(2e6, 0.001), 2000);
  assert.is(instancesByHandler(8e6, 0.001), 8000);
});

test('eventsizer (NetApp): one day at RF 3 is 103.68 TB, not the 31,104 TB that its page prints', () => {
  assert.is(storedBytes(400e6, 86_400, 3), 103.68e12);
});

test('Confluent (Jun Rao): t = 250, p = 50, c = 25 gives 10 partitions', () => {
  const { recommended, produce, groups } = solvePartitions(
    problemOf({
      average: '250MB/s',
      peak: '250MB/s',
      utilizationAverage: 1,
      utilizationPeak: 1,
      perPartition: '50MB/s',
      perConsumer: '25MB/s',
      spares: 0,
      zones: 1,
    }),
  );
  assert.is(produce.low.partitions, 5);
  assert.is(groups[0]?.consumers, 10);
  assert.is(recommended, 10);
});

test('USL on specsdm91 (R package usl): α .0277, β .000104, γ 90.0, peak 96.5', () => {
  const n = [1, 18, 36, 72, 108, 144, 216];
  const x = [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2];
  const fit = fitUsl(n.map((count, i) => ({ n: count, throughput: x[i] ?? 0 })));
  assert.ok(Math.abs(fit.alpha - 0.0277285) < 1e-6, `α ${fit.alpha}`);
  assert.ok(Math.abs(fit.beta - 0.0001044) < 1e-7, `β ${fit.beta}`);
  assert.ok(Math.abs(fit.gamma - 89.995) < 0.01, `γ ${fit.gamma}`);
  assert.ok(Math.abs((fit.peakN ?? 0) - 96.5) < 0.1, `peak ${fit.peakN}`);
});

const RAPTIS: RaptisProblem = {
  targetPerSec: 100e6,
  perPartitionPerSec: 10e6,
  perConsumerPerSec: 20e6,
  consumers: 200,
  replicationFactor: 4,
  maxBrokers: 20,
  maxReplicasPerBroker: 30_000,
  latencySec: 0.2,
  latencySecPerReplica: 0.001,
  unavailabilitySec: 2,
  unavailabilitySecPerPartition: 0.005,
};

test('Raptis and Passarella: BroMin (200, 4) and BroMax (1000, 20)', () => {
  assert.is(raptisMinPartitions(RAPTIS), 200);
  assert.equal(broMin(RAPTIS), { brokers: 4, partitions: 200 });
  assert.equal(broMax(RAPTIS), { brokers: 20, partitions: 1000 });
});

test('Raptis and Passarella: each of the three caps can be the one that binds', () => {
  assert.is(raptisMaxPartitions(RAPTIS, 4), 200);
  assert.is(raptisMaxPartitions({ ...RAPTIS, maxReplicasPerBroker: 100 }, 4), 100);
  assert.is(raptisMaxPartitions({ ...RAPTIS, unavailabilitySec: 0.1 }, 4), 80);
});

test('Raptis and Passarella: an infeasible problem has no answer from either side', () => {
  const tight = { ...RAPTIS, latencySec: 0.01 };
  assert.is(broMin(tight), undefined);
  assert.is(broMax(tight), undefined);
});

test('KIP-578: the curve of 3 × m5.large is read as measured, never multiplied out', () => {
  // 10 → 100 partitions gave 52 → 101 "Mbps" and then fell; ten times the partitions in a line would be 520.
  const capacity = measuredCapacity([
    [10, [52]],
    [100, [101]],
    [200, [90]],
  ]);
  const carried = partitionsToCarry(capacity, 100, 'low');
  assert.is(carried.partitions, 100);
  const beyond = partitionsToCarry(capacity, 520, 'low');
  assert.is(beyond.partitions, null);
  assert.match((beyond as { reason: string }).reason, /peaks at 100 partitions/);
});

test.run();
