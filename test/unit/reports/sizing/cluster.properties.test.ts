import * as assert from 'uvu/assert';
import { createRandom, type Random } from '../../../../bench/common/random.ts';
import { capacityOf } from '../../../../reports/sizing/build.ts';
import { type ClusterProblem, solveCluster } from '../../../../reports/sizing/cluster.ts';
import type { Figure } from '../../../../reports/sizing/figure.ts';
import { type GranularProblem, solveGranular } from '../../../../reports/sizing/granular.ts';
import { VARIANTS } from '../../../../reports/sizing/granular-answer.ts';
import { resolveHardware } from '../../../../reports/sizing/hardware.ts';
import { checkInput } from '../../../../reports/sizing/input/check.ts';
import { granularDemandSchema } from '../../../../reports/sizing/input/granular.ts';
import { resolveData } from '../../../../reports/sizing/resolve.ts';
import { measuredCapacity, measuredCpu, shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

/** Laws that hold for every cluster and every pipeline; seeded, so that a failure can be run again. */
const test = suite('cluster and granular sizing: properties');
const CASES = 200;

const between = (random: Random, low: number, high: number) => low + random.next() * (high - low);
const pick = <T>(random: Random, items: readonly T[]) => items[random.int(items.length)] as T;
const TYPES = ['m5.large', 'm6i.2xlarge', 'i3en.large', 't3.large', 'm7g.4xlarge'];

function forEach<P>(
  name: string,
  problemOf: (random: Random) => P,
  check: (problem: P, random: Random, label: string) => void,
): void {
  test(name, () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const random = createRandom(seed).fork(name);
      check(problemOf(random), random, `seed ${seed}`);
    }
  });
}

const hardwareOf = (random: Random) =>
  resolveHardware(shippedCatalog, { instance: pick(random, TYPES), platform: 'self-managed' });

function randomCluster(random: Random): ClusterProblem {
  const averageBytesPerSec = between(random, 0, 300e6);
  const answers = {
    replicationFactor: 1 + random.int(4),
    zones: 1 + random.int(3),
    failures: random.int(3),
    compression: between(random, 0, 0.9),
  };
  return {
    averageBytesPerSec,
    peakBytesPerSec: averageBytesPerSec * between(random, 1, 4),
    data: resolveData(answers, null, [] as Figure[]),
    fanOut: random.int(5),
    retentionSec: 3600 * (1 + random.int(300)),
    utilizationAverage: between(random, 0.2, 1),
    utilizationPeak: between(random, 0.2, 1),
    maxBrokers: null,
    hardware: hardwareOf(random),
    brokerCpu: random.next() < 0.5 ? null : measuredCpu(between(random, 1000, 50_000)),
  };
}

forEach('simple: more demand never gives fewer brokers', randomCluster, (problem, random, label) => {
  const factor = between(random, 1, 3);
  const more = {
    ...problem,
    averageBytesPerSec: problem.averageBytesPerSec * factor,
    peakBytesPerSec: problem.peakBytesPerSec * factor,
  };
  assert.ok(solveCluster(more).brokers >= solveCluster(problem).brokers, label);
  const peak = { ...problem, peakBytesPerSec: problem.peakBytesPerSec * factor };
  assert.ok(solveCluster(peak).brokers >= solveCluster(problem).brokers, `${label}, peak alone`);
});

forEach('simple: more utilization never gives more brokers', randomCluster, (problem, random, label) => {
  const bolder = {
    ...problem,
    utilizationAverage: between(random, problem.utilizationAverage, 1),
    utilizationPeak: between(random, problem.utilizationPeak, 1),
  };
  assert.ok(solveCluster(bolder).brokers <= solveCluster(problem).brokers, label);
});

function randomPipeline(random: Random): GranularProblem {
  const share = (low: number, high: number) => between(random, low, high).toFixed(3);
  const producers = ['a', 'b'].map((name) => {
    const average = 1 + random.int(20_000);
    return {
      name,
      average: `${average}/s`,
      peak: `${Math.ceil(average * between(random, 1, 4))}/s`,
      messageSize: 100 + random.int(2000),
      replicationFactor: 1 + random.int(4),
      retention: pick(random, ['1h', '1d', '30d']),
      growth: share(1, 3),
      compression: share(0, 0.9),
    };
  });
  const reader = (name: string, sources: readonly string[]) => ({
    name,
    processingTime: pick(random, ['1ms', '10ms']),
    concurrency: 1 + random.int(20),
    sources,
  });
  const demand = checkInput(granularDemandSchema, {
    producers,
    processors: [{ ...reader('p', ['a', 'b']), passthrough: share(0, 2) }],
    consumers: [reader('c', ['a', 'p'])],
    utilizationAverage: share(0.2, 1),
    utilizationPeak: share(0.2, 1),
  });
  const one = between(random, 2e6, 60e6);
  const curve = measuredCapacity(
    [1, 2, 4, 8, 16, 32].map((n) => [n, [(one * n) / (1 + 0.05 * (n - 1)), one * n]] as const),
  );
  return {
    demand,
    hardware: hardwareOf(random),
    zones: 1 + random.int(3),
    failures: random.int(3),
    rebuildSec: pick(random, [null, 4 * 3600]),
    usualCompression: 0.6,
    benchmarkedSec: null,
    capacity: pick(random, [curve, capacityOf({}, null), capacityOf({ perPartition: one }, null)]),
    brokerCpu: null,
  };
}

/** Fails where `more` asks for less than `less` of anything. A count that there is none of is above all others. */
function assertNoLess(less: GranularProblem, more: GranularProblem, label: string): void {
  const [before, after] = [solveGranular(less), solveGranular(more)];
  const known = (count: number | null | undefined) => count ?? Number.POSITIVE_INFINITY;
  for (const variant of VARIANTS) {
    const what = `${label}, ${variant}`;
    before.topics.forEach((topic, i) => {
      const other = after.topics[i];
      assert.ok(
        known(other?.partitionsWithHeadroom[variant]) >= known(topic.partitionsWithHeadroom[variant]),
        what,
      );
      assert.ok(known(other?.partitions[variant]) >= known(topic.partitions[variant]), what);
    });
    before.tiers.forEach((tier, i) => {
      const other = after.tiers[i];
      assert.ok(known(other?.withHeadroom?.[variant]) >= (tier.withHeadroom?.[variant] ?? 0), what);
    });
    // Topics that nothing measured carries have no partitions to count.
    if (after.topics.some((topic) => topic.partitionsWithHeadroom[variant] === null)) continue;
    assert.ok(after.brokers[variant].brokers >= before.brokers[variant].brokers, `${what}: brokers`);
  }
}

forEach('granular: more traffic never gives fewer of anything', randomPipeline, (problem, random, label) => {
  const factor = between(random, 1, 3);
  const rate = <R extends { perSec: number }>(one: R): R => ({ ...one, perSec: one.perSec * factor });
  const producers = problem.demand.producers.map((producer) => ({
    ...producer,
    average: rate(producer.average),
    peak: producer.peak === undefined ? undefined : rate(producer.peak),
  }));
  assertNoLess(problem, { ...problem, demand: { ...problem.demand, producers } }, label);
  const peaks = problem.demand.producers.map((producer) => ({
    ...producer,
    peak: rate(producer.peak ?? producer.average),
  }));
  assertNoLess(problem, { ...problem, demand: { ...problem.demand, producers: peaks } }, `${label}, peak`);
});

forEach('granular: more utilization never gives more', randomPipeline, (problem, random, label) => {
  // A rebuild has what the average load leaves, so more utilization may well ask for more brokers there.
  const cautious = { ...problem, rebuildSec: null };
  const demand = {
    ...problem.demand,
    utilizationAverage: between(random, problem.demand.utilizationAverage, 1),
    utilizationPeak: between(random, problem.demand.utilizationPeak, 1),
  };
  assertNoLess({ ...cautious, demand }, cautious, label);
});

forEach(
  'granular: headroom never asks for less, and a peak never for less',
  randomPipeline,
  (problem, _, label) => {
    const { topics, brokers, tiers } = solveGranular(problem);
    const known = (count: number | null) => count ?? Number.POSITIVE_INFINITY;
    for (const { partitions, partitionsWithHeadroom: recommended } of topics) {
      for (const variant of VARIANTS) {
        assert.ok(known(recommended[variant]) >= known(partitions[variant]), `${label}, ${variant}`);
      }
      assert.ok(known(recommended.peak) >= known(recommended.average), label);
      assert.ok(known(recommended.peakWithGrowth) >= known(recommended.averageWithGrowth), label);
    }
    for (const { instances, withHeadroom } of tiers) {
      if (instances === null || withHeadroom === null) continue;
      for (const variant of VARIANTS) assert.ok(withHeadroom[variant] >= instances[variant], label);
    }
    assert.ok(brokers.peakWithGrowth.brokers >= 1, label);
  },
);

test.run();
