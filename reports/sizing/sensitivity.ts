import { formatNumber } from '../../bench/common/format-number.ts';
import type { PartitionProblem } from './partition-problem.ts';
import { type PartitionSolution, solvePartitions } from './partitions.ts';
import type { Sensitivity } from './report.ts';

/** The parts of a solution that a reader would act on. */
interface Verdict {
  readonly feasible: boolean;
  readonly partitions: number | null;
  /** Those that the demand needs, whatever there are. */
  readonly brokers: number | null;
  readonly consumers: number;
  readonly reason: string;
}

function verdictOf(solution: PartitionSolution): Verdict {
  return {
    feasible: solution.infeasible.length === 0,
    partitions: solution.recommended,
    brokers: solution.brokers?.needed ?? null,
    consumers: solution.groups.reduce((sum, need) => sum + need.consumers + need.group.spares, 0),
    reason: solution.infeasible[0]?.constraint ?? '',
  };
}

function effectOf(before: Verdict, after: Verdict): string {
  if (!after.feasible) return before.feasible ? `infeasible: ${after.reason}` : 'still infeasible';
  if (!before.feasible) return `feasible, with ${after.partitions} partitions`;
  const changes: string[] = [];
  const compare = (name: string, from: number | null, to: number | null) => {
    if (from !== to) changes.push(`${name} ${from ?? '–'} → ${to ?? '–'}`);
  };
  compare('partitions', before.partitions, after.partitions);
  compare('brokers', before.brokers, after.brokers);
  compare('consumers', before.consumers, after.consumers);
  return changes.length === 0 ? 'no change' : changes.join(', ');
}

/** The traffic of today scaled. */
function scaled(problem: PartitionProblem, factor: number): PartitionProblem {
  const { demand } = problem;
  return {
    ...problem,
    demand: {
      ...demand,
      averageBytesPerSec: demand.averageBytesPerSec * factor,
      peakBytesPerSec: demand.peakBytesPerSec * factor,
    },
  };
}

function withDemand(
  problem: PartitionProblem,
  change: Partial<PartitionProblem['demand']>,
): PartitionProblem {
  return { ...problem, demand: { ...problem.demand, ...change } };
}

const clampShare = (share: number) => Math.min(1, Math.max(0.05, share));

/** Each input on its own, moved by about as much as people are wrong about it. */
function variations(
  problem: PartitionProblem,
): { input: string; change: string; problem: PartitionProblem }[] {
  const { demand } = problem;
  const list = [
    { input: 'traffic', change: '−25 %', problem: scaled(problem, 0.75) },
    { input: 'traffic', change: '+25 %', problem: scaled(problem, 1.25) },
    { input: 'traffic', change: '×2', problem: scaled(problem, 2) },
    {
      input: 'utilization',
      change: '−10 points',
      problem: {
        ...problem,
        utilizationAverage: clampShare(problem.utilizationAverage - 0.1),
        utilizationPeak: clampShare(problem.utilizationPeak - 0.1),
      },
    },
    {
      input: 'utilization',
      change: '+10 points',
      problem: {
        ...problem,
        utilizationAverage: clampShare(problem.utilizationAverage + 0.1),
        utilizationPeak: clampShare(problem.utilizationPeak + 0.1),
      },
    },
    {
      input: 'retention',
      change: '×2',
      problem: { ...problem, retentionSec: problem.retentionSec * 2 },
    },
    {
      input: 'replication factor',
      change: demand.replicationFactor > 1 ? '−1' : '+1',
      problem: withDemand(problem, {
        replicationFactor: demand.replicationFactor + (demand.replicationFactor > 1 ? -1 : 1),
      }),
    },
    {
      input: 'consumer groups',
      change: '+1',
      problem: withDemand(problem, {
        groups: [
          ...demand.groups,
          ...demand.groups.slice(0, 1).map((group) => ({ ...group, name: 'one more' })),
        ],
      }),
    },
  ];
  if (demand.keyed && demand.growth > 1) {
    list.push({ input: 'growth', change: 'none', problem: withDemand(problem, { growth: 1 }) });
  }
  if (demand.groups.some((group) => group.handlerSec > 0)) {
    const groups = demand.groups.map((group) => ({ ...group, handlerSec: group.handlerSec * 2 }));
    list.push({ input: 'handler time', change: '×2', problem: withDemand(problem, { groups }) });
  }
  if (problem.hottestKeyShare > 0) {
    list.push({
      input: 'hottest key',
      change: '×2',
      problem: { ...problem, hottestKeyShare: Math.min(1, problem.hottestKeyShare * 2) },
    });
  }
  return list;
}

/** Factors between `low` and `high` are searched to 1 %; traffic beyond sixteen times today's is not looked at. */
const LARGEST_FACTOR = 16;

/** The smallest factor on the traffic at which `changed` holds; it has to stay true from there on. */
function turningFactor(
  problem: PartitionProblem,
  changed: (solution: PartitionSolution) => boolean,
): number | null {
  if (problem.demand.peakBytesPerSec === 0) return null;
  if (!changed(solvePartitions(scaled(problem, LARGEST_FACTOR)))) return null;
  let low = 1;
  let high = LARGEST_FACTOR;
  while (high / low > 1.01) {
    const middle = Math.sqrt(low * high);
    if (changed(solvePartitions(scaled(problem, middle)))) high = middle;
    else low = middle;
  }
  return high;
}

/** "What would change the answer": the traffic at which it turns, and the effect of each other input on its own. */
export function sensitivitiesOf(problem: PartitionProblem, solution: PartitionSolution): Sensitivity[] {
  const before = verdictOf(solution);
  const list: Sensitivity[] = [];
  const turn = (what: string, changed: (other: PartitionSolution) => boolean) => {
    if (!before.feasible) return;
    const factor = turningFactor(problem, changed);
    if (factor === null) return;
    const after = verdictOf(solvePartitions(scaled(problem, factor)));
    list.push({
      input: 'traffic',
      change: `×${formatNumber(Number(factor.toPrecision(3)))} is where ${what}`,
      effect: effectOf(before, after),
      flips: true,
    });
  };
  turn(
    'the partitions change',
    (other) => other.infeasible.length > 0 || (other.recommended ?? 0) > (before.partitions ?? 0),
  );
  turn(
    'the brokers change',
    (other) => other.brokers === null || other.brokers.needed > (before.brokers ?? 0),
  );
  for (const variation of variations(problem)) {
    const effect = effectOf(before, verdictOf(solvePartitions(variation.problem)));
    list.push({ input: variation.input, change: variation.change, effect, flips: effect !== 'no change' });
  }
  return list;
}
