import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { findPrices } from '../../../../infra/catalog/catalog.ts';
import { loadOf } from '../../../../reports/sizing/broker-load.ts';
import { sizeBrokers, survivors } from '../../../../reports/sizing/brokers.ts';
import { type ClusterProblem, reportCluster, solveCluster } from '../../../../reports/sizing/cluster.ts';
import type { Figure } from '../../../../reports/sizing/figure.ts';
import { resolveHardware } from '../../../../reports/sizing/hardware.ts';
import { resolveData } from '../../../../reports/sizing/resolve.ts';
import { type ReverseProblem, solveReverse } from '../../../../reports/sizing/reverse.ts';
import { measuredCpu, shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('cluster sizing');
const prices = findPrices(shippedCatalog, 'us-east-1');

const hardware = (instance: string, more = {}) =>
  resolveHardware(shippedCatalog, { instance, platform: 'self-managed', ...more });
const data = (answers: Parameters<typeof resolveData>[0]) => resolveData(answers, null, [] as Figure[]);

const BASE: ClusterProblem = {
  averageBytesPerSec: 10e6,
  peakBytesPerSec: 20e6,
  data: data({ replicationFactor: 3, zones: 1, failures: 0 }),
  fanOut: 2,
  retentionSec: 86_400,
  utilizationAverage: 0.6,
  utilizationPeak: 0.8,
  maxBrokers: null,
  hardware: hardware('m5.large'),
  brokerCpu: null,
};
const needOf = (problem: ClusterProblem, resource: string) =>
  solveCluster(problem).needs.find((need) => need.resource === resource)?.brokers;

test('each resource by hand: m5.large is 93.75 MB/s of network, 81.25 of EBS, 8 GiB', () => {
  const problem = { ...BASE, averageBytesPerSec: 100e6, peakBytesPerSec: 200e6 };
  // in: 600 / (0.8 · 93.75) = 8; out: 200 · (2 + 2) / 75 = 10.67; EBS: 600 / 65 = 9.23.
  assert.is(needOf(problem, 'network in'), 8);
  assert.is(needOf(problem, 'network out'), 11);
  assert.is(needOf(problem, 'disk throughput'), 10);
  // 100 MB/s · 86400 s · 3 · 1.25 / 0.75 = 43.2 TB over 17.59 TB a volume.
  assert.is(needOf(problem, 'disk space'), 3);
  // 600 MB/s · 30 s = 18 GB over 8.59 − 6 GB.
  assert.is(needOf(problem, 'memory'), 7);
  assert.is(solveCluster(problem).binding, 'network out');
});

test('burst is never used: m5.large and its 10 Gb/s give what 0.75 Gb/s gives', () => {
  const figure = BASE.hardware.figures.find((one) => one.name.startsWith('Network'));
  assert.is(BASE.hardware.networkBytesPerSec, 0.75e9 / 8);
  assert.is(figure?.kind, 'documented limit');
});

test('t2 has no documented baselines: nothing is judged by them, and that is said', () => {
  const t2 = hardware('t2.medium');
  assert.is(t2.networkBytesPerSec, null);
  assert.is(t2.cores, 0.4);
  assert.equal(
    t2.warnings.map((warning) => warning.code),
    ['no-network-baseline', 'burstable'],
  );
  assert.is(needOf({ ...BASE, hardware: t2 }, 'network in'), undefined);
});

test('an unknown instance type names the nearest one', () => {
  assert.throws(
    () => hardware('m5.lrage'),
    (error: { code: string; hint: string; message: string }) => {
      assert.is(error.code, 'sizing-input');
      assert.match(error.hint, /did you mean m5\.large\?/);
      return true;
    },
  );
});

test('MSK: the documented partition limits take the place of the rule of thumb', () => {
  assert.is(hardware('m5.large', { platform: 'msk' }).replicasCap, 1000);
  assert.is(hardware('m5.large').replicasCap, 4000);
  assert.is(hardware('kafka.m7g.16xlarge', { platform: 'msk' }).replicasCap, 4000);
});

test('failures: the peak is carried by the brokers that are left', () => {
  const load = { ...BASE, averageBytesPerSec: 20e6, peakBytesPerSec: 40e6, fanOut: 1 };
  // in: 120 / 75 = 1.6 and out the same: 2 brokers, 3 for the replicas.
  const sized = (failures: number | 'zone', zones = 1) =>
    solveCluster({ ...load, data: data({ replicationFactor: 3, zones, failures }) }).brokers;
  assert.is(sized(0), 3);
  assert.is(sized(1), 3);
  assert.is(sized(2), 4);
  assert.is(sized('zone', 3), 3);
  assert.is(survivors(7, 'zone', 3), 4);
  assert.is(survivors(6, 2, 3), 4);
});

test('one zone cannot survive the loss of a zone', () => {
  const { infeasible } = solveCluster({
    ...BASE,
    data: data({ replicationFactor: 1, zones: 1, failures: 'zone' }),
  });
  assert.is(infeasible[0]?.constraint, 'failures');
});

test('a maximum below the need is infeasible, naming the resource', () => {
  const { infeasible } = solveCluster({
    ...BASE,
    averageBytesPerSec: 500e6,
    peakBytesPerSec: 900e6,
    maxBrokers: 5,
  });
  assert.match(infeasible[0]?.message ?? '', /brokers are needed \(network out\), 5 may be/);
});

test('measured CPU is a resource like the others', () => {
  // 20 MB/s of peak × 3 replicas × 40 ms of CPU a MB = 2.4 cores, of 2 at 80 %.
  assert.is(needOf({ ...BASE, brokerCpu: measuredCpu(40_000) }, 'CPU'), 2);
  assert.is(needOf(BASE, 'CPU'), undefined);
});

test('the loads of topics add up', () => {
  const topic = {
    averageBytesPerSec: 1e6,
    peakBytesPerSec: 2e6,
    groups: 1,
    replicationFactor: 2,
    retentionSec: 100,
    partitions: 5,
  };
  const two = loadOf([topic, { ...topic, replicationFactor: 3, groups: 4 }], 3, { existingReplicas: 7 });
  assert.equal(two.average, {
    producedPerSec: 2e6,
    readPerSec: 5e6,
    writtenPerSec: 5e6,
    sentPerSec: 8e6,
  });
  assert.is(two.partitionReplicas, 32);
  assert.is(two.replicationFactor, 3);
  assert.is(two.storedBytes, 5e8);
  const policy = { utilizationAverage: 0.6, utilizationPeak: 0.8, failures: 0, zones: 1 };
  assert.is(sizeBrokers(two, hardware('m5.large'), policy).brokers, 3);
});

test('reverse is the inverse: what a cluster carries needs no more brokers than it has, and a little more does', () => {
  const random = createRandom(3);
  const types = ['m5.large', 'm6i.xlarge', 'i3en.2xlarge', 't3.medium', 'm7g.8xlarge'];
  for (let i = 0; i < 300; i++) {
    const brokers = 3 * (1 + random.int(10));
    const problem: ReverseProblem = {
      brokers,
      peakFactor: 1 + random.next() * 3,
      data: data({
        replicationFactor: 1 + random.int(3),
        zones: 3,
        failures: random.int(3),
        compression: random.next() * 0.9,
      }),
      fanOut: random.int(5),
      retentionSec: 3600 * (1 + random.int(200)),
      utilizationAverage: 0.3 + random.next() * 0.7,
      utilizationPeak: 0.3 + random.next() * 0.7,
      hardware: hardware(types[random.int(types.length)] ?? 'm5.large'),
      brokerCpu: random.next() < 0.5 ? null : measuredCpu(1000 + random.next() * 50_000),
    };
    const { averageBytesPerSec } = solveReverse(problem);
    assert.ok(averageBytesPerSec > 0, `case ${i}`);
    const neededFor = (factor: number) =>
      solveCluster({
        ...problem,
        averageBytesPerSec: averageBytesPerSec * factor,
        peakBytesPerSec: averageBytesPerSec * factor * problem.peakFactor,
        maxBrokers: null,
      }).brokers;
    assert.ok(neededFor(0.999) <= brokers, `case ${i}: ${neededFor(0.999)} for ${brokers}`);
    assert.ok(neededFor(1.001) > brokers, `case ${i}: ${neededFor(1.001)} still fit ${brokers}`);
  }
});

test('reverse: more replicas than brokers, or nothing left after the failures, carries nothing', () => {
  const problem: ReverseProblem = { ...BASE, brokers: 2, peakFactor: 2 };
  assert.is(solveReverse(problem).infeasible[0]?.constraint, 'replication factor');
  const lost = { ...problem, data: data({ replicationFactor: 2, zones: 1, failures: 2 }) };
  assert.is(solveReverse(lost).infeasible[0]?.constraint, 'failures');
  assert.is(solveReverse(lost).averageBytesPerSec, 0);
});

test('the simple report: controllers by phase, and every number with its source', () => {
  const context = {
    basis: 'figures alone',
    phase: 'test',
    assumptions: [],
    warnings: [],
    catalog: shippedCatalog,
    prices,
    followerFetching: false,
  };
  const report = reportCluster(BASE, context);
  assert.is(report.answers.find((one) => one.name === 'Controllers')?.value, 1);
  assert.is(
    reportCluster(BASE, { ...context, phase: 'no-loss' }).answers.find((one) => one.name === 'Controllers')
      ?.value,
    3,
  );
  assert.ok(report.sensitivities.some((one) => one.flips));
  for (const figure of [...report.answers, ...report.limits]) assert.ok(figure.source !== '', figure.name);
});

test.run();
