import { formatNumber } from '../../bench/common/format-number.ts';
import type { BrokerHardware } from './broker-hardware.ts';
import { type BrokerCpu, type BrokerLoad, cpuPerWireMB, loadOf } from './broker-load.ts';
import { survivors } from './brokers.ts';
import { clusterCost } from './cost.ts';
import { emptyReport } from './empty-report.ts';
import { figure, weakestKind } from './figure.ts';
import { formatBytesPerSec } from './format.ts';
import { roundDown } from './formulas/partitions.ts';
import { longestRetention } from './longest-retention.ts';
import { notJudged } from './not-judged.ts';
import type { ReportContext } from './partitions-report.ts';
import { priceWarnings } from './price-warnings.ts';
import type { Allowance, Broken, Sensitivity, SizingReport, WayOut } from './report.ts';
import type { ResolvedData } from './resolve.ts';
import type { SharedPolicy } from './resolve-policy.ts';
import { resourcesOf } from './resources.ts';
import { type Dimension, type Judged, waysOutOfAlike } from './ways-out.ts';

/** Brokers that there are; the question is what they carry. */
export interface ReverseProblem extends SharedPolicy {
  readonly brokers: number;
  readonly peakFactor: number;
  readonly data: ResolvedData;
  readonly fanOut: number;
  readonly retentionSec: number;
  readonly hardware: BrokerHardware;
  /** For a MB of payload and each of its replicas; null where it was not measured. */
  readonly brokerCpu: BrokerCpu | null;
  /** Payload bytes a second, where the question is how long records can be kept. */
  readonly averageBytesPerSec?: number | undefined;
}

interface ReverseSolution {
  /** Every resource, the one that binds first at the head. */
  readonly allowances: readonly Allowance[];
  readonly averageBytesPerSec: number;
  readonly partitions: number;
  readonly infeasible: readonly Broken[];
}

/** What one byte a second of traffic on the wire asks of the cluster, the peak included. */
function unitLoad(problem: ReverseProblem, averageWire: number): BrokerLoad {
  const { data, peakFactor } = problem;
  return loadOf(
    [
      {
        averageBytesPerSec: averageWire,
        peakBytesPerSec: averageWire * peakFactor,
        groups: problem.fanOut,
        replicationFactor: data.replicationFactor,
        retentionSec: problem.retentionSec,
        partitions: null,
      },
    ],
    data.zones,
    { ...problem, brokerCpu: cpuPerWireMB(problem.brokerCpu, data.wireShare) },
  );
}

/** Every resource that grows with the traffic, solved for it: the inverse of sizeBrokers. Pure. */
export function solveReverse(problem: ReverseProblem): ReverseSolution {
  const { brokers, data, hardware } = problem;
  const r = data.replicationFactor;
  const left = Math.max(0, survivors(brokers, data.failures, data.zones));
  const policy = { ...problem, failures: data.failures, zones: data.zones };
  const unit = resourcesOf(unitLoad(problem, 1), hardware, policy);
  const allowances = unit
    .filter(({ resource }) => resource !== 'replication factor')
    .flatMap(({ resource, standing, left: needed, limitKind, source }): Allowance[] => {
      const wirePerSec = Math.min(
        standing > 0 ? brokers / standing : Number.POSITIVE_INFINITY,
        needed > 0 ? left / needed : Number.POSITIVE_INFINITY,
      );
      if (!Number.isFinite(wirePerSec)) return [];
      // Utilization, peak factor and failures are answers or defaults, whatever the limit itself rests on.
      const kind = weakestKind(['assumption', limitKind]);
      return [{ resource, averageBytesPerSec: wirePerSec / data.wireShare, kind, limitKind, source }];
    })
    .sort((a, b) => a.averageBytesPerSec - b.averageBytesPerSec);
  const infeasible: Broken[] = [];
  if (r > brokers) {
    const message = `${r} replicas need ${r} brokers, there are ${brokers}`;
    infeasible.push({ constraint: 'replication factor', message });
  }
  if (left === 0) {
    const message = `none of ${brokers} brokers is left after the failures to survive`;
    infeasible.push({ constraint: 'failures', message });
  }
  return {
    allowances,
    averageBytesPerSec: infeasible.length === 0 ? (allowances[0]?.averageBytesPerSec ?? 0) : 0,
    partitions: roundDown((brokers * hardware.replicasCap) / r),
    infeasible,
  };
}

function reverseSensitivities(problem: ReverseProblem, solution: ReverseSolution): Sensitivity[] {
  const rf = problem.data.replicationFactor;
  const variations: [string, string, ReverseProblem][] = [
    ['brokers', '+1', { ...problem, brokers: problem.brokers + 1 }],
    ['brokers', '×2', { ...problem, brokers: problem.brokers * 2 }],
    ['retention', '÷2', { ...problem, retentionSec: problem.retentionSec / 2 }],
    ['read fan-out', '+1', { ...problem, fanOut: problem.fanOut + 1 }],
    ['peak factor', '+1', { ...problem, peakFactor: problem.peakFactor + 1 }],
    [
      'replication factor',
      rf > 1 ? '−1' : '+1',
      { ...problem, data: { ...problem.data, replicationFactor: rf > 1 ? rf - 1 : 2 } },
    ],
  ];
  return variations.map(([input, change, other]) => {
    const after = solveReverse(other);
    const flips = after.averageBytesPerSec !== solution.averageBytesPerSec;
    const effect = flips
      ? `${formatBytesPerSec(after.averageBytesPerSec)}, bound by ${after.infeasible[0]?.constraint ?? after.allowances[0]?.resource ?? 'nothing'}`
      : 'no change';
    return { input, change, effect, flips };
  });
}

/** `ksweep size reverse`: what given hardware carries, and which resource binds first. */
export function reportReverse(problem: ReverseProblem, context: ReportContext): SizingReport {
  const solution = solveReverse(problem);
  const { data, hardware, brokers } = problem;
  const average = solution.averageBytesPerSec;
  const wire = average * data.wireShare;
  const [first] = solution.allowances;
  const load = unitLoad(problem, wire);
  const broken = [...solution.infeasible, ...asked(problem, solution)];
  const feasible = broken.length === 0;
  const cost = feasible ? clusterCost(load, brokers, hardware, { ...problem, ...data }, context) : null;
  const kind = weakestKind(['assumption', first?.limitKind ?? 'assumption']);
  const binds = first?.resource ?? 'nothing';
  const carried = (name: string, value: number, unit: string, source: string) => ({
    ...figure(name, value, unit, kind, source),
    binds,
  });
  const kept = problem.averageBytesPerSec ?? average;
  return {
    ...emptyReport('reverse', context.basis),
    feasible,
    infeasible: broken,
    waysOut: feasible ? [] : reverseWaysOut(problem, context),
    answers: [
      carried(
        'Average traffic',
        average,
        'B/s',
        `${binds}: ${first?.source ?? ''} (${first?.limitKind ?? ''})`,
      ),
      carried('Average records', average / data.recordSizeBytes, 'records/s', 'average ÷ record size'),
      carried('Peak traffic', average * problem.peakFactor, 'B/s', 'average × peak factor'),
      { ...figure('Binds first', binds, '', kind, first?.source ?? ''), binds },
      ...longestRetention(kept * data.wireShare, brokers, problem),
      {
        ...figure(
          'Partitions, at most',
          solution.partitions,
          '',
          weakestKind(['assumption', hardware.kinds.replicas]),
          'brokers × replicas a broker ÷ replication factor',
        ),
        binds: 'partition replicas',
      },
      ...(context.measuredBound ?? []),
    ],
    allowances: [...solution.allowances],
    notJudged: notJudged(load, hardware, problem),
    tables: [
      {
        title: 'What each resource carries on average',
        columns: ['Resource', 'Payload', 'Of the tightest', 'The limit is', 'Source'],
        rows: solution.allowances.map((one) => [
          one.resource,
          formatBytesPerSec(one.averageBytesPerSec),
          average > 0 ? `${formatNumber(one.averageBytesPerSec / average)} ×` : '–',
          one.limitKind,
          one.source,
        ]),
      },
    ],
    cost,
    sensitivities: reverseSensitivities(problem, solution),
    warnings: [...context.warnings, ...hardware.warnings, ...priceWarnings(hardware, context.prices)],
    limits: [...hardware.figures],
    assumptions: [...context.assumptions],
  };
}

/** Traffic that was stated has to be carried: every resource that does not is named. */
function asked({ averageBytesPerSec }: ReverseProblem, { allowances }: ReverseSolution): Broken[] {
  if (averageBytesPerSec === undefined) return [];
  return allowances
    .filter((one) => one.averageBytesPerSec < averageBytesPerSec * (1 - 1e-9))
    .map((one) => ({
      constraint: one.resource,
      message: `${formatBytesPerSec(averageBytesPerSec)} on average is asked, ${one.resource} carries ${formatBytesPerSec(one.averageBytesPerSec)}`,
    }));
}

/** Changes that make given brokers carry what is asked. */
function reverseWaysOut(problem: ReverseProblem, context: ReportContext): WayOut[] {
  const judge = (other: ReverseProblem): Judged => {
    const solution = solveReverse(other);
    const feasible = solution.infeasible.length === 0 && asked(other, solution).length === 0;
    if (!feasible) return { feasible, answer: '', costPerMonth: null };
    const wire = (other.averageBytesPerSec ?? solution.averageBytesPerSec) * other.data.wireShare;
    const load = unitLoad(other, wire);
    const cost = clusterCost(load, other.brokers, other.hardware, { ...other, ...other.data }, context);
    const answer = `${other.brokers} brokers carry ${formatBytesPerSec(solution.averageBytesPerSec)}`;
    return { feasible, answer, costPerMonth: cost?.perMonth ?? null };
  };
  const { zones } = problem.data;
  const more: Dimension<ReverseProblem> = Array.from({ length: 8 }, (_, i) => {
    const brokers = problem.brokers + (i + 1) * zones;
    return { change: `brokers ${problem.brokers} → ${brokers}`, apply: (other) => ({ ...other, brokers }) };
  });
  return waysOutOfAlike(
    problem,
    {
      brokers: more,
      replicas: problem.data,
      withReplicas: (other, data) => ({ ...other, data }),
      judge,
    },
    context.hardwareVariants,
    context.prices.currency,
  );
}
