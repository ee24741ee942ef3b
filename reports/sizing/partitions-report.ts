import type { Catalog } from '../../infra/catalog/catalog.ts';
import type { Prices } from '../../infra/catalog/schema.ts';
import { partitionAdvice, whenToGrow } from './advice.ts';
import { brokersAnswer } from './brokers-answer.ts';
import { clusterCost } from './cost.ts';
import { emptyReport } from './empty-report.ts';
import { type Figure, figure } from './figure.ts';
import { startedOf } from './group-need.ts';
import { mskPriceWarnings } from './msk-lines.ts';
import { type PartitionProblem, type PartitionSolution, solvePartitions } from './partitions.ts';
import type { GroupAnswer, Note, SizingReport } from './report.ts';
import { groupRestsOn, partitionsRestOn } from './rests-on.ts';
import { sensitivitiesOf } from './sensitivity.ts';
import { stepsOf } from './steps.ts';

/** What the report needs beside the problem itself. */
export interface ReportContext {
  readonly basis: string;
  readonly phase: string | undefined;
  readonly assumptions: readonly Figure[];
  readonly warnings: readonly Note[];
  readonly catalog: Catalog;
  readonly prices: Prices;
  readonly followerFetching: boolean;
}

/** Consumers of each group: what the demand needs and spares, and those started that find no partition. */
export function groupAnswers(solution: PartitionSolution): GroupAnswer[] {
  const partitions = solution.recommended;
  return solution.groups.map((need) => {
    const started = startedOf(need);
    return {
      name: need.group.name,
      consumers: need.consumers,
      spares: need.group.spares,
      running: need.group.runs,
      idle: partitions === null ? 0 : Math.max(0, started - partitions),
      // A spare is a member like any other: it is assigned partitions as long as there are any.
      uneven: partitions !== null && partitions % Math.min(started, partitions) !== 0,
      bound: need.bound,
    };
  });
}

function curveOf(problem: PartitionProblem, solution: PartitionSolution): SizingReport['curve'] {
  const { capacity } = problem;
  if (capacity.basis === 'unknown' || (capacity.points.length === 0 && capacity.perPartition === null))
    return null;
  const { model } = capacity;
  const line = [];
  if (model !== null) {
    for (let partitions = 1; partitions <= model.maxPartitions; partitions++) {
      line.push({ partitions, ...model.at(partitions) });
    }
  }
  return {
    points: capacity.points.map(({ partitions, low, point, high, repeats, atLeast }) => ({
      partitions,
      low,
      point,
      high,
      repeats: [...repeats],
      atLeast,
    })),
    assumedPerPartition: capacity.basis === 'figures' ? (capacity.perPartition?.point ?? null) : null,
    model:
      model === null
        ? null
        : {
            alpha: model.alpha,
            beta: model.beta,
            gamma: model.gamma,
            peakPartitions: model.peakPartitions,
            peakInterval: model.peakInterval,
            relativeResidual: model.relativeResidual,
            rSquared: model.rSquared,
            residuals: [...model.residuals],
            line,
          },
    requiredBytesPerSec: solution.requiredPerSec,
    demandBytesPerSec: problem.demand.peakBytesPerSec * solution.sizedFor,
    caps: solution.caps.map(({ partitions, reason }) => ({ partitions, reason })),
    recommended: solution.recommended,
  };
}

/** The number of brokers that the report speaks of: those that there are, else those that are needed. */
function brokerCount(problem: PartitionProblem, solution: PartitionSolution): number | null {
  if (solution.brokers === null || solution.brokers.infeasible !== null) return null;
  return problem.fixedBrokers ?? solution.brokers.brokers;
}

function costFor(
  problem: PartitionProblem,
  solution: PartitionSolution,
  context: ReportContext,
): SizingReport['cost'] {
  const brokers = brokerCount(problem, solution);
  if (brokers === null) return null;
  if (solution.brokers === null) return null;
  return clusterCost(
    solution.brokers.load,
    brokers,
    problem.hardware,
    { ...problem, ...problem.demand },
    context,
  );
}

/** Sizes one topic and writes the whole answer: recommendation, steps, cost, what would change it and when to grow. */
export function reportPartitions(problem: PartitionProblem, context: ReportContext): SizingReport {
  const solution = solvePartitions(problem);
  const groups = groupAnswers(solution);
  const horizon = problem.demand.keyed ? solution : solvePartitions(problem, problem.demand.growth);
  const rest = partitionsRestOn(problem, solution);
  const answers: Figure[] = [
    figure('Partitions', solution.recommended, '', rest.kind, rest.source, {
      low: solution.needed.low,
      high: solution.needed.high,
    }),
    ...solution.groups.map((need) => {
      const { kind, source } = groupRestsOn(problem, need);
      const { group, consumers } = need;
      return figure(`Consumers of ${group.name}`, consumers, `and ${group.spares} spare`, kind, source);
    }),
  ];
  if (solution.brokers !== null) answers.push(...solution.brokers.figures);
  const cost = costFor(problem, solution, context);
  if (cost !== null && cost.perMonth !== null) {
    answers.push(
      figure(
        'Cost',
        cost.perMonth,
        `${cost.currency} a month`,
        'assumption',
        `of these brokers: on demand, ${cost.region}, documented prices as of ${cost.asOf}`,
      ),
    );
  }
  return {
    ...emptyReport('partitions', context.basis),
    feasible: solution.infeasible.length === 0,
    infeasible: [...solution.infeasible],
    answers,
    partitions: {
      recommended: solution.recommended,
      interval: solution.needed,
      atHorizon: horizon.recommended,
      replicationFactor: problem.demand.replicationFactor,
    },
    groups,
    brokers: brokersAnswer(solution.brokers, problem.hardware.instance),
    steps: stepsOf(problem, solution),
    cost,
    sensitivities: sensitivitiesOf(problem, solution),
    growth: whenToGrow(problem, solution),
    advice: partitionAdvice(problem, solution, groups, context.phase),
    warnings: [
      ...context.warnings,
      ...problem.hardware.warnings,
      ...mskPriceWarnings(problem.hardware, context.prices),
    ],
    limits: [...problem.hardware.figures],
    assumptions: [...context.assumptions],
    curve: curveOf(problem, solution),
  };
}
