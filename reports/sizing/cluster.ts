import { cpuPerWireMB, loadOf } from './broker-load.ts';
import { type BrokerSizing, sizeBrokers } from './brokers.ts';
import { brokersAnswer } from './brokers-answer.ts';
import { clusterCost } from './cost.ts';
import { emptyReport } from './empty-report.ts';
import { figure } from './figure.ts';
import { storedBytes } from './formulas/traffic.ts';
import type { BrokerHardware } from './hardware.ts';
import { mskPriceWarnings } from './msk-lines.ts';
import type { ReportContext } from './partitions-report.ts';
import type { Note, Sensitivity, SizingReport } from './report.ts';
import type { ResolvedData } from './resolve.ts';

/** A cluster by its traffic alone; payload bytes a second, growth included. */
export interface ClusterProblem {
  readonly averageBytesPerSec: number;
  readonly peakBytesPerSec: number;
  readonly data: ResolvedData;
  readonly fanOut: number;
  readonly retentionSec: number;
  readonly utilizationAverage: number;
  readonly utilizationPeak: number;
  readonly maxBrokers: number | null;
  readonly hardware: BrokerHardware;
  readonly brokerCpuUsPerMB: number | null;
}

export function solveCluster(problem: ClusterProblem): BrokerSizing {
  const { data } = problem;
  const traffic = {
    averageBytesPerSec: problem.averageBytesPerSec * data.wireShare,
    peakBytesPerSec: problem.peakBytesPerSec * data.wireShare,
    groups: problem.fanOut,
    replicationFactor: data.replicationFactor,
    retentionSec: problem.retentionSec,
    partitions: 0,
  };
  return sizeBrokers(
    loadOf([traffic], data.zones, {
      brokerCpuUsPerMB: cpuPerWireMB(problem.brokerCpuUsPerMB, data.wireShare),
    }),
    problem.hardware,
    {
      utilizationAverage: problem.utilizationAverage,
      utilizationPeak: problem.utilizationPeak,
      failures: data.failures,
      zones: data.zones,
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
  return variations.map(([input, change, other]) => {
    const after = solveCluster(other);
    const same =
      after.brokers === sizing.brokers && (after.infeasible === null) === (sizing.infeasible === null);
    const effect = same
      ? 'no change'
      : after.infeasible === null
        ? `brokers ${sizing.brokers} → ${after.brokers} (${after.binding})`
        : `infeasible: ${after.infeasible.constraint}`;
    return { input, change, effect, flips: !same };
  });
}

/** Controllers of the KRaft quorum: an odd number, three in production. Source: Kafka documentation, "KRaft". */
export const controllersFor = (phase: string | undefined) => (phase === 'test' ? 1 : 3);

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
  const sizing = solveCluster(problem);
  const { data, hardware } = problem;
  const average = problem.averageBytesPerSec * data.wireShare;
  const feasible = sizing.infeasible === null;
  const cost = feasible
    ? clusterCost(sizing.load, sizing.brokers, hardware, { ...problem, ...data }, context)
    : null;
  const stored = storedBytes(average, problem.retentionSec, data.replicationFactor);
  return {
    ...emptyReport('simple', context.basis),
    feasible,
    infeasible: sizing.infeasible === null ? [] : [sizing.infeasible],
    answers: [
      ...sizing.figures,
      figure(
        'Controllers',
        controllersFor(context.phase),
        '',
        'documented limit',
        'Kafka documentation, KRaft: three in production, one for tests',
      ),
      figure('Stored', stored, 'B', 'assumption', 'average × retention × replicas, after compression'),
      figure(
        'Disk to buy',
        (stored * 1.25) / 0.75,
        'B',
        'assumption',
        'stored × 1.25 ÷ 0.75 (a heuristic of several calculators)',
      ),
    ],
    brokers: brokersAnswer(sizing, hardware.instance),
    cost,
    sensitivities: clusterSensitivities(problem, sizing),
    advice: clusterAdvice(data, context.phase),
    warnings: [...context.warnings, ...hardware.warnings, ...mskPriceWarnings(hardware, context.prices)],
    limits: [...hardware.figures],
    assumptions: [...context.assumptions],
  };
}
