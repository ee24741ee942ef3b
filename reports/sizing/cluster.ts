import type { BrokerHardware } from './broker-hardware.ts';
import { type BrokerCpu, cpuPerWireMB, loadOf } from './broker-load.ts';
import { type BrokerSizing, sizeBrokers } from './brokers.ts';
import { brokersAnswer } from './brokers-answer.ts';
import { controllersFigure, costFigure } from './common-figures.ts';
import { compareTypes, typesTable } from './compare-types.ts';
import { clusterCost } from './cost.ts';
import { emptyReport } from './empty-report.ts';
import { figure } from './figure.ts';
import { storedBytes } from './formulas/traffic.ts';
import { longestRetention } from './longest-retention.ts';
import type { ReportContext } from './partitions-report.ts';
import { diskFactor, diskFactorSource, diskFactorText } from './policy.ts';
import { priceWarnings } from './price-warnings.ts';
import type { Note, Sensitivity, SizingReport, WayOut } from './report.ts';
import type { ResolvedData } from './resolve.ts';
import type { SharedPolicy } from './resolve-policy.ts';
import { type Judged, moreBrokers, waysOutOfAlike } from './ways-out.ts';

/** A cluster by its traffic alone; payload bytes a second, growth included. */
export interface ClusterProblem extends SharedPolicy {
  readonly averageBytesPerSec: number;
  readonly peakBytesPerSec: number;
  readonly data: ResolvedData;
  readonly fanOut: number;
  readonly retentionSec: number;
  readonly maxBrokers: number | null;
  /** Brokers that there are; null: as many as are needed. */
  readonly fixedBrokers?: number | null;
  readonly hardware: BrokerHardware;
  readonly brokerCpu: BrokerCpu | null;
}

export function solveCluster(problem: ClusterProblem): BrokerSizing {
  const { data } = problem;
  const traffic = {
    averageBytesPerSec: problem.averageBytesPerSec * data.wireShare,
    peakBytesPerSec: problem.peakBytesPerSec * data.wireShare,
    groups: problem.fanOut,
    replicationFactor: data.replicationFactor,
    retentionSec: problem.retentionSec,
    // Nobody asked for partitions here, so their replicas are no resource.
    partitions: null,
  };
  const given = problem.fixedBrokers ?? undefined;
  return sizeBrokers(
    loadOf([traffic], data.zones, {
      ...problem,
      brokerCpu: cpuPerWireMB(problem.brokerCpu, data.wireShare),
    }),
    problem.hardware,
    {
      ...problem,
      failures: data.failures,
      zones: data.zones,
      ...(given === undefined ? {} : { multipleOf: 1 }),
      given,
      maxBrokers: problem.maxBrokers ?? undefined,
    },
  );
}

function scaled(problem: ClusterProblem, factor: number): ClusterProblem {
  return {
    ...problem,
    averageBytesPerSec: problem.averageBytesPerSec * factor,
    peakBytesPerSec: problem.peakBytesPerSec * factor,
  };
}

/** What would change the number of brokers, each input moved on its own. */
function clusterSensitivities(problem: ClusterProblem, sizing: BrokerSizing): Sensitivity[] {
  const shifted = (points: number): ClusterProblem => ({
    ...problem,
    utilizationAverage: Math.min(1, Math.max(0.05, problem.utilizationAverage + points)),
    utilizationPeak: Math.min(1, Math.max(0.05, problem.utilizationPeak + points)),
  });
  const withReplicas = (replicationFactor: number): ClusterProblem => ({
    ...problem,
    data: { ...problem.data, replicationFactor },
  });
  const rf = problem.data.replicationFactor;
  const variations: [string, string, ClusterProblem][] = [
    ['traffic', '−25 %', scaled(problem, 0.75)],
    ['traffic', '+25 %', scaled(problem, 1.25)],
    ['traffic', '×2', scaled(problem, 2)],
    ['utilization', '−10 points', shifted(-0.1)],
    ['utilization', '+10 points', shifted(0.1)],
    ['retention', '×2', { ...problem, retentionSec: problem.retentionSec * 2 }],
    ['read fan-out', '+1', { ...problem, fanOut: problem.fanOut + 1 }],
    ['replication factor', rf > 1 ? '−1' : '+1', withReplicas(rf > 1 ? rf - 1 : rf + 1)],
  ];
  const [before, feasible] = [sizing.needed, sizing.infeasible.length === 0];
  return variations.map(([input, change, other]) => {
    const after = solveCluster(other);
    const met = after.infeasible.length === 0;
    if (!met && !feasible) return { input, change, effect: 'still infeasible', flips: false };
    const same = after.needed === before && met === feasible;
    const effect = same
      ? 'no change'
      : met
        ? `brokers ${before} → ${after.needed} (${after.binding})`
        : `infeasible: ${after.infeasible[0]?.constraint}`;
    return { input, change, effect, flips: !same };
  });
}

/** What other brokers would answer, and cost. */
function judgeCluster(problem: ClusterProblem, context: ReportContext) {
  const sizing = solveCluster(problem);
  const feasible = sizing.infeasible.length === 0;
  const cost = feasible
    ? clusterCost(sizing.load, sizing.brokers, problem.hardware, { ...problem, ...problem.data }, context)
    : null;
  return { sizing, feasible, cost };
}

function clusterWaysOut(problem: ClusterProblem, context: ReportContext): WayOut[] {
  const judge = (other: ClusterProblem): Judged => {
    const { sizing, feasible, cost } = judgeCluster(other, context);
    return { feasible, answer: `${sizing.brokers} brokers`, costPerMonth: cost?.perMonth ?? null };
  };
  return waysOutOfAlike(
    problem,
    {
      brokers: moreBrokers(problem, solveCluster(problem).needed),
      replicas: problem.data,
      withReplicas: (other, data) => ({ ...other, data }),
      judge,
    },
    context.hardwareVariants,
    context.prices.currency,
  );
}

function clusterAdvice(data: ResolvedData, phase: string | undefined): Note[] {
  const rf = data.replicationFactor;
  const notes: Note[] = [];
  const fits = { 1: 'tests and development', 2: 'production that tolerates a little loss' }[rf];
  if (fits !== undefined) {
    notes.push({
      code: 'replication-factor',
      text: `Replication factor ${rf} is for ${fits}; where no record may be lost, use 3.`,
    });
  }
  if (phase === 'test')
    notes.push({ code: 'test-phase', text: 'Sized for tests: nothing survives the loss of a broker.' });
  return notes;
}

/** `ksweep size simple`: brokers, the binding resource and the cost of a whole cluster. */
export function reportCluster(problem: ClusterProblem, context: ReportContext): SizingReport {
  const { sizing, feasible, cost } = judgeCluster(problem, context);
  const { data, hardware } = problem;
  const average = problem.averageBytesPerSec * data.wireShare;
  const stored = storedBytes(average, problem.retentionSec, data.replicationFactor);
  const types = compareTypes(context.hardwareVariants, (other) => {
    const judged = judgeCluster({ ...problem, hardware: other }, context);
    return {
      brokers: judged.feasible ? judged.sizing.brokers : null,
      binding: judged.sizing.binding,
      costPerMonth: judged.cost?.perMonth ?? null,
    };
  });
  const space = (name: string, bytes: number, source: string) => ({
    ...figure(name, bytes, 'B', 'assumption', source),
    binds: 'retention',
  });
  const disk = `stored ${diskFactorText(problem)} (${diskFactorSource(problem)})`;
  return {
    ...emptyReport('simple', context.basis),
    feasible,
    infeasible: [...sizing.infeasible],
    waysOut: feasible ? [] : clusterWaysOut(problem, context),
    answers: [
      ...sizing.figures,
      controllersFigure(hardware, context.phase),
      space('Stored', stored, 'average × retention × replicas, after compression'),
      ...(hardware.express === null ? [space('Disk to buy', stored * diskFactor(problem), disk)] : []),
      ...longestRetention(average, sizing.brokers, problem),
      ...costFigure(cost),
      ...(context.measuredBound ?? []),
    ],
    brokers: brokersAnswer(sizing, hardware.instance),
    notJudged: [...sizing.notJudged],
    types,
    tables: typesTable(types, context.prices.currency),
    cost,
    sensitivities: clusterSensitivities(problem, sizing),
    advice: clusterAdvice(data, context.phase),
    warnings: [...context.warnings, ...hardware.warnings, ...priceWarnings(hardware, context.prices)],
    limits: [...hardware.figures],
    assumptions: [...context.assumptions],
  };
}
