import { clusterCost } from './cost.ts';
import { type GranularProblem, solveGranular } from './granular.ts';
import type { ReportContext } from './partitions-report.ts';
import type { WayOut } from './report.ts';
import { policyOf, type SharedPolicy } from './resolve-policy.ts';
import {
  failuresDimension,
  hardwareDimensions,
  type Judged,
  moreBrokers,
  retentionDimension,
  utilizationDimension,
  waysOut,
} from './ways-out.ts';

/** A pipeline whose policy lies beside it, as in the problems of the other modes. */
interface Pipeline extends SharedPolicy {
  readonly problem: GranularProblem;
  readonly hardware: GranularProblem['hardware'];
  readonly maxBrokers: number | null;
}

function solved({ problem, hardware, maxBrokers, utilizationAverage, utilizationPeak }: Pipeline) {
  const demand = {
    ...problem.demand,
    utilizationAverage,
    utilizationPeak,
    maxBrokers: maxBrokers ?? undefined,
  };
  const asked = { ...problem, hardware, demand };
  return { asked, solution: solveGranular(asked) };
}

/** The nearest changes that let the brokers carry the pipeline, with their cost. */
export function granularWaysOut(problem: GranularProblem, context: ReportContext): WayOut[] {
  const start: Pipeline = {
    ...policyOf(problem.demand),
    problem,
    hardware: problem.hardware,
    maxBrokers: problem.demand.maxBrokers ?? null,
  };
  const judge = (other: Pipeline): Judged => {
    const { asked, solution } = solved(other);
    const { load, brokers } = solution.brokers.peakWithGrowth;
    const feasible = solution.infeasible.length === 0;
    const archived = solution.topics.reduce((sum, topic) => sum + topic.archiveBytes.averageWithGrowth, 0);
    const policy = { ...asked.demand, failures: asked.failures, zones: asked.zones };
    const cost = feasible ? clusterCost(load, brokers, other.hardware, policy, context, archived) : null;
    return { feasible, answer: `${brokers} brokers`, costPerMonth: cost?.perMonth ?? null };
  };
  const longest = Math.max(...problem.demand.producers.map((producer) => producer.retention));
  const keep = (other: Pipeline, retentionSec: number): Pipeline => {
    const producers = other.problem.demand.producers.map((producer) => ({
      ...producer,
      retention: Math.min(producer.retention, retentionSec),
    }));
    return { ...other, problem: { ...other.problem, demand: { ...other.problem.demand, producers } } };
  };
  const survive = {
    replicationFactor: 1,
    minInsyncReplicas: 1,
    failures: problem.failures,
    zones: problem.zones,
  };
  return waysOut(
    start,
    [
      moreBrokers(start, solved(start).solution.brokers.peakWithGrowth.needed),
      ...hardwareDimensions(start, context.hardwareVariants, judge),
      retentionDimension(longest, keep),
      failuresDimension(survive, (other: Pipeline, { failures }) => ({
        ...other,
        problem: { ...other.problem, failures },
      })),
      utilizationDimension(),
    ],
    judge,
    context.prices.currency,
  );
}
