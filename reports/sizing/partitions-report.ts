import type { Catalog } from '../../infra/catalog/catalog.ts';
import type { Prices } from '../../infra/catalog/schema.ts';
import { partitionAdvice, whenToGrow } from './advice.ts';
import { brokersAnswer } from './brokers-answer.ts';
import { roundWhereCarried } from './capacity.ts';
import { costFigure } from './common-figures.ts';
import { compareTypes, typesTable } from './compare-types.ts';
import { clusterCost } from './cost.ts';
import { emptyReport } from './empty-report.ts';
import { type Figure, figure } from './figure.ts';
import { startedOf } from './group-need.ts';
import type { PartitionProblem } from './partition-problem.ts';
import { type PartitionSolution, solvePartitions } from './partitions.ts';
import { priceWarnings } from './price-warnings.ts';
import type { GroupAnswer, Note, SizingReport, WayOut } from './report.ts';
import type { ResolvedData } from './resolve.ts';
import { groupRestsOn, partitionsRestOn } from './rests-on.ts';
import { sensitivitiesOf } from './sensitivity.ts';
import { stepsOf } from './steps.ts';
import { type HardwareVariants, type Judged, moreBrokers, waysOutOfAlike } from './ways-out.ts';

/** What the report needs beside the problem itself. */
export interface ReportContext {
  readonly basis: string;
  readonly phase: string | undefined;
  readonly assumptions: readonly Figure[];
  /** What held the fastest point of a run back; absent where nothing was measured. */
  readonly measuredBound?: readonly Figure[];
  readonly warnings: readonly Note[];
  readonly catalog: Catalog;
  readonly prices: Prices;
  readonly followerFetching: boolean;
  /** Other brokers for the same demand; absent where they are not to be changed. */
  readonly hardwareVariants?: HardwareVariants;
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

function costFor(
  problem: PartitionProblem,
  { brokers }: PartitionSolution,
  context: ReportContext,
): SizingReport['cost'] {
  if (brokers === null || brokers.infeasible.length > 0) return null;
  const policy = { ...problem, ...problem.demand };
  return clusterCost(brokers.load, brokers.brokers, problem.hardware, policy, context);
}

/** The recommendation at one end of what was measured, rounded as the recommended count is. */
function roundedEnd(solution: PartitionSolution, needed: number | null, problem: PartitionProblem) {
  const { rounded, caps, multipleOf } = solution;
  if (needed === null) return null;
  if (needed === solution.needed.high) return rounded;
  const end = roundWhereCarried(problem.capacity, needed, multipleOf);
  const most = Math.min(caps[0]?.partitions ?? Number.POSITIVE_INFINITY, rounded ?? Number.POSITIVE_INFINITY);
  return Math.min(end, Math.max(most, needed));
}

function partitionFigures(problem: PartitionProblem, solution: PartitionSolution): Figure[] {
  const rest = partitionsRestOn(problem, solution);
  const { recommended, needed } = solution;
  const ends = intervalOf(problem, solution);
  const one = figure('Partitions', recommended, '', rest.kind, rest.source, {
    low: ends.low,
    high: ends.high,
  });
  return [{ ...one, binds: recommended === needed.high ? rest.binds : `${rest.binds}, then rounding` }];
}

/** The recommendation with both ends of what was measured. */
export function intervalOf(problem: PartitionProblem, solution: PartitionSolution) {
  const { needed } = solution;
  return {
    low: roundedEnd(solution, needed.low, problem),
    point: roundedEnd(solution, needed.point, problem),
    high: roundedEnd(solution, needed.high, problem),
  };
}

function partitionWaysOut(
  problem: PartitionProblem,
  solution: PartitionSolution,
  context: ReportContext,
): WayOut[] {
  const judge = (other: PartitionProblem): Judged => {
    const solved = solvePartitions(other);
    const feasible = solved.infeasible.length === 0;
    const cost = feasible ? costFor(other, solved, context) : null;
    const answer = `${solved.recommended} partitions, ${solved.brokers?.brokers} brokers`;
    return { feasible, answer, costPerMonth: cost?.perMonth ?? null };
  };
  return waysOutOfAlike<PartitionProblem, ResolvedData>(
    problem,
    {
      brokers: moreBrokers(problem, solution.brokers?.needed ?? 0),
      replicas: problem.demand,
      withReplicas: (other, data) => ({ ...other, demand: { ...other.demand, ...data } }),
      judge,
    },
    context.hardwareVariants,
    context.prices.currency,
  );
}

/** Sizes one topic and writes the whole answer: recommendation, steps, cost, what would change it and when to grow. */
export function reportPartitions(problem: PartitionProblem, context: ReportContext): SizingReport {
  const solution = solvePartitions(problem);
  const groups = groupAnswers(solution);
  const horizon = problem.demand.keyed ? solution : solvePartitions(problem, problem.demand.growth);
  const feasible = solution.infeasible.length === 0;
  const cost = costFor(problem, solution, context);
  const answers: Figure[] = [
    ...partitionFigures(problem, solution),
    ...solution.groups.map((need) => {
      const { kind, source } = groupRestsOn(problem, need);
      const { group, consumers } = need;
      const one = figure(`Consumers of ${group.name}`, consumers, `and ${group.spares} spare`, kind, source);
      return { ...one, binds: need.bound };
    }),
    ...(solution.brokers?.figures ?? []),
    ...costFigure(cost),
    ...(context.measuredBound ?? []),
  ];
  const types = compareTypes(context.hardwareVariants, (hardware) => {
    const other = { ...problem, hardware };
    const solved = solvePartitions(other);
    const met = solved.infeasible.length === 0;
    return {
      brokers: met ? (solved.brokers?.brokers ?? null) : null,
      binding: met ? (solved.brokers?.binding ?? '') : (solved.infeasible[0]?.constraint ?? ''),
      costPerMonth: costFor(other, solved, context)?.perMonth ?? null,
    };
  });
  return {
    ...emptyReport('partitions', context.basis),
    feasible,
    infeasible: [...solution.infeasible],
    waysOut: feasible ? [] : partitionWaysOut(problem, solution, context),
    answers,
    partitions: {
      recommended: solution.recommended,
      interval: intervalOf(problem, solution),
      needed: solution.needed,
      atHorizon: horizon.recommended,
      replicationFactor: problem.demand.replicationFactor,
    },
    groups,
    brokers: brokersAnswer(solution.brokers, problem.hardware.instance),
    notJudged: [...(solution.brokers?.notJudged ?? [])],
    types,
    tables: typesTable(types, context.prices.currency),
    steps: stepsOf(problem, solution),
    cost,
    sensitivities: sensitivitiesOf(problem, solution),
    growth: whenToGrow(problem, solution),
    advice: partitionAdvice(problem, solution, groups, context.phase),
    warnings: [
      ...context.warnings,
      ...problem.hardware.warnings,
      ...priceWarnings(problem.hardware, context.prices),
    ],
    limits: [...problem.hardware.figures],
    assumptions: [...context.assumptions],
    curve: curveOf(problem, solution),
  };
}
