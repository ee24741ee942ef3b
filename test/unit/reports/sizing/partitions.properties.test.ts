import * as assert from 'uvu/assert';
import { createRandom, type Random } from '../../../../bench/common/random.ts';
import { carriedBy } from '../../../../reports/sizing/capacity.ts';
import type { PartitionProblem } from '../../../../reports/sizing/partition-problem.ts';
import { type PartitionSolution, solvePartitions } from '../../../../reports/sizing/partitions.ts';
import { groupAnswers, intervalOf } from '../../../../reports/sizing/partitions-report.ts';
import { measuredCapacity, problemOf } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

/** Laws that hold for every demand; seeded, so that a failure can be run again. */
const test = suite('partition sizing: properties');
const CASES = 300;

const between = (random: Random, low: number, high: number) => low + random.next() * (high - low);
const pick = <T>(random: Random, items: readonly T[]) => items[random.int(items.length)] as T;

/** A curve that rises, flattens and often falls within the sweep, with runs that scatter. */
function randomCurve(random: Random) {
  const one = between(random, 2e6, 60e6);
  const contention = between(random, 0, 0.2);
  const coherency = random.next() < 0.5 ? between(random, 0, 0.002) : between(random, 0.002, 0.03);
  const law = (n: number) => (one * n) / (1 + contention * (n - 1) + coherency * n * (n - 1));
  // Some sweeps begin above 1, and some end where the scalability law has to go on.
  const swept = pick(random, [
    [1, 2, 4, 8, 16, 32, 64],
    [2, 4, 8, 16],
    [1, 2, 3, 4, 6, 8],
  ]);
  const last = swept.at(-1) ?? 1;
  const peak = Math.sqrt((1 - contention) / coherency);
  const model = {
    alpha: contention,
    beta: coherency,
    gamma: one,
    peakPartitions: peak <= 2 * last ? peak : null,
    peakInterval: peak <= 2 * last ? { low: 0.8 * peak, high: 1.2 * peak } : null,
    relativeResidual: 0.05,
    rSquared: 0.99,
    residuals: [],
    maxPartitions: 2 * last,
    at: (n: number) => ({ low: 0.92 * law(n), point: law(n), high: 1.08 * law(n) }),
  };
  return measuredCapacity(
    swept.map((n) => [n, Array.from({ length: 5 }, () => law(n) * between(random, 0.9, 1.1))] as const),
    {
      model: swept.length >= 6 && random.next() < 0.5 ? model : null,
      ...(random.next() < 0.5 ? { perConsumer: { low: one / 2, point: one / 1.8, high: one / 1.6 } } : {}),
    },
  );
}

function randomProblem(random: Random): PartitionProblem {
  const average = between(random, 0, 80);
  const replicationFactor = 1 + random.int(4);
  const answers: Record<string, unknown> = {
    average: `${average.toFixed(3)}MB/s`,
    peakFactor: between(random, 1, 4).toFixed(2),
    growth: between(random, 1, 3).toFixed(2),
    retention: pick(random, ['1h', '1d', '7d', '30d']),
    replicationFactor,
    minInsyncReplicas: 1,
    groups: random.int(4),
    handler: pick(random, ['0', '50ms', '1ms']),
    concurrency: 1 + random.int(200),
    spares: random.int(3),
    keyed: random.next() < 0.5,
    instance: pick(random, ['m5.large', 'm6i.2xlarge', 'i3en.large', 't3.large', 'm7g.4xlarge']),
    compression: pick(random, ['0%', '50%', '80%']),
    zones: 1 + random.int(3),
    // As many as leave a replica.
    failures: random.int(Math.min(3, replicationFactor)),
  };
  if (random.next() < 0.3) answers['brokers'] = 3 + random.int(60);
  if (random.next() < 0.3) answers['hottestKeyShare'] = between(random, 0, 0.2);
  if (random.next() < 0.3) answers['latencyLimit'] = pick(random, ['20ms', '200ms']);
  if (random.next() < 0.5) return problemOf(answers, randomCurve(random));
  return problemOf({
    ...answers,
    perPartition: `${between(random, 1, 50).toFixed(2)}MB/s`,
    perConsumer: `${between(random, 1, 50).toFixed(2)}MB/s`,
  });
}

const consumersOf = (solution: PartitionSolution) =>
  groupAnswers(solution).map((group) => group.consumers + group.spares);

/** Fails where `more` asks for less than `less` of anything, or makes the infeasible feasible. */
function assertNoLess(less: PartitionSolution, more: PartitionSolution, what: string): void {
  if (less.infeasible.length > 0) {
    assert.ok(more.infeasible.length > 0, `${what}: ${less.infeasible[0]?.message} became feasible`);
    return;
  }
  if (more.infeasible.length > 0) return;
  assert.ok(
    (more.recommended ?? 0) >= (less.recommended ?? 0),
    `${what}: partitions ${less.recommended} → ${more.recommended}`,
  );
  assert.ok(
    (more.brokers?.needed ?? 0) >= (less.brokers?.needed ?? 0),
    `${what}: brokers ${less.brokers?.needed} → ${more.brokers?.needed}`,
  );
  const before = consumersOf(less);
  consumersOf(more).forEach((count, i) => {
    assert.ok(count >= (before[i] ?? 0), `${what}: consumers ${before[i]} → ${count}`);
  });
}

function forEachProblem(
  name: string,
  check: (problem: PartitionProblem, random: Random, label: string) => void,
): void {
  test(name, () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const random = createRandom(seed).fork(name);
      check(randomProblem(random), random, `seed ${seed}`);
    }
  });
}

forEachProblem('no recommendation lies outside its interval', (problem, _, label) => {
  const solution = solvePartitions(problem);
  const { low, point, high } = intervalOf(problem, solution);
  const { recommended, needed } = solution;
  if (recommended === null) return;
  assert.is(high, recommended, label);
  for (const [end, least] of [
    [low, needed.low],
    [point, needed.point],
  ] as const) {
    if (end === null || least === null) continue;
    assert.ok(end <= recommended, `${label}: ${end} above ${recommended}`);
    assert.ok(end >= Math.min(least, recommended), `${label}: ${end} below the ${least} that are needed`);
  }
});

forEachProblem('more demand never gives fewer partitions, brokers or consumers', (problem, random, label) => {
  const factor = between(random, 1, 3);
  const { demand } = problem;
  const more = {
    ...problem,
    demand: {
      ...demand,
      averageBytesPerSec: demand.averageBytesPerSec * factor,
      peakBytesPerSec: demand.peakBytesPerSec * factor,
    },
  };
  assertNoLess(solvePartitions(problem), solvePartitions(more), `${label}, ×${factor.toFixed(3)}`);
});

forEachProblem('a higher peak alone never gives less', (problem, random, label) => {
  const peakBytesPerSec = problem.demand.peakBytesPerSec * between(random, 1, 3);
  const more = { ...problem, demand: { ...problem.demand, peakBytesPerSec } };
  assertNoLess(solvePartitions(problem), solvePartitions(more), label);
});

forEachProblem('more utilization never gives more', (problem, random, label) => {
  const raise = (share: number) => between(random, share, 1);
  const bolder = {
    ...problem,
    utilizationAverage: raise(problem.utilizationAverage),
    utilizationPeak: raise(problem.utilizationPeak),
  };
  assertNoLess(solvePartitions(bolder), solvePartitions(problem), label);
});

forEachProblem('longer retention never gives fewer brokers', (problem, random, label) => {
  const longer = { ...problem, retentionSec: problem.retentionSec * between(random, 1, 10) };
  assertNoLess(solvePartitions(problem), solvePartitions(longer), label);
});

forEachProblem(
  'the interval contains the point, and the recommendation is at or above its safe end',
  (problem, _random, label) => {
    const { needed, recommended } = solvePartitions(problem);
    const { low, point, high } = needed;
    const value = (count: number | null) => count ?? Number.POSITIVE_INFINITY;
    assert.ok(value(low) <= value(point), `${label}: ${low} > ${point}`);
    assert.ok(value(point) <= value(high), `${label}: ${point} > ${high}`);
    if (recommended !== null) assert.ok(recommended >= value(high), `${label}: ${recommended} < ${high}`);
  },
);

forEachProblem(
  'what is recommended carries the demand, and respects every cap',
  (problem, _random, label) => {
    const solution = solvePartitions(problem);
    if (solution.recommended === null) return;
    const carried = carriedBy(problem.capacity, solution.recommended, 'low');
    assert.ok(
      carried !== null && carried >= solution.requiredPerSec * (1 - 1e-9),
      `${label}: ${solution.recommended} carry ${carried} of ${solution.requiredPerSec}`,
    );
    for (const { partitions, low } of problem.capacity.points) {
      if (partitions === solution.recommended) {
        assert.ok(low >= solution.requiredPerSec, `${label}: measured ${low} at ${partitions}`);
      }
    }
    for (const cap of solution.caps) {
      assert.ok(
        solution.recommended <= cap.partitions,
        `${label}: ${solution.recommended} above ${cap.reason}`,
      );
    }
    for (const need of solution.brokers?.needs ?? []) {
      const used = need.utilizationAtPeak;
      if (
        used !== null &&
        need.resource !== 'memory' &&
        !need.resource.includes('replicas') &&
        need.resource !== 'latency and unavailability'
      ) {
        assert.ok(used <= problem.utilizationPeak + 1e-9, `${label}: ${need.resource} at ${used}`);
      }
    }
  },
);

test('the problems that the laws are tried on are feasible often enough to mean something', () => {
  let feasible = 0;
  for (let seed = 1; seed <= CASES; seed++) {
    const problem = randomProblem(createRandom(seed).fork('feasible'));
    if (solvePartitions(problem).recommended !== null) feasible++;
  }
  assert.ok(feasible > CASES / 3, `${feasible} of ${CASES}`);
});

test.run();
