import { formatNumber } from '../../bench/common/format-number.ts';
import { cpuPerWireMB, loadOf } from './broker-load.ts';
import { survivors } from './brokers.ts';
import { clusterCost } from './cost.ts';
import { emptyReport } from './empty-report.ts';
import { type FigureKind, figure } from './figure.ts';
import { formatBytesPerSec } from './format.ts';
import { roundDown } from './formulas/partitions.ts';
import { BROKER_HEAP_BYTES, DISK_FILL, DISK_OVERHEAD, PAGE_CACHE_SEC } from './formulas/traffic.ts';
import type { BrokerHardware } from './hardware.ts';
import { mskPriceWarnings } from './msk-lines.ts';
import type { ReportContext } from './partitions-report.ts';
import type { Allowance, Sensitivity, SizingReport } from './report.ts';
import type { ResolvedData } from './resolve.ts';

/** Brokers that there are; the question is what they carry. */
export interface ReverseProblem {
  readonly brokers: number;
  readonly peakFactor: number;
  readonly data: ResolvedData;
  readonly fanOut: number;
  readonly retentionSec: number;
  readonly utilizationAverage: number;
  readonly utilizationPeak: number;
  readonly hardware: BrokerHardware;
  /** µs for a MB of payload and each of its replicas; null where it was not measured. */
  readonly brokerCpuUsPerMB: number | null;
}

interface ReverseSolution {
  /** Every resource, the one that binds first at the head. */
  readonly allowances: readonly Allowance[];
  readonly averageBytesPerSec: number;
  readonly partitions: number;
  readonly infeasible: { constraint: string; message: string } | null;
}

/**
 * The limits of brokers.ts solved for the traffic: t ≤ u·limit·B/copies with the brokers that are left after the
 * failures, and t ≤ B·disk·fill/(overhead·retention·r) with all of them. Pure.
 */
export function solveReverse(problem: ReverseProblem): ReverseSolution {
  const { brokers, data, hardware, peakFactor } = problem;
  const r = data.replicationFactor;
  const left = Math.max(0, survivors(brokers, data.failures, data.zones));
  const allowances: Allowance[] = [];
  const allow = (resource: string, wirePerSec: number, kind: FigureKind, source: string) =>
    allowances.push({ resource, averageBytesPerSec: wirePerSec / data.wireShare, kind, source });
  const throughput = (
    resource: string,
    copies: number,
    limit: number | null,
    kind: FigureKind,
    source: string,
  ) => {
    if (limit === null || copies === 0) return;
    const share = Math.min(problem.utilizationAverage, problem.utilizationPeak / peakFactor);
    allow(resource, (share * limit * left) / copies, kind, source);
  };
  const blog = 'AWS Big Data Blog, right-sizing Kafka: t ≤ limit × B ÷ copies';
  throughput('network in', r, hardware.networkBytesPerSec, 'documented limit', blog);
  throughput('network out', problem.fanOut + r - 1, hardware.networkBytesPerSec, 'documented limit', blog);
  throughput('disk throughput', r, hardware.storageBytesPerSec, 'documented limit', blog);
  const cpu = cpuPerWireMB(problem.brokerCpuUsPerMB, data.wireShare);
  if (cpu !== null) {
    throughput(
      'CPU',
      r,
      (hardware.cores * 1e12) / cpu,
      'measured',
      'CPU time of the brokers for a MB and replica in the run',
    );
  }
  if (problem.retentionSec > 0) {
    const space = (brokers * hardware.diskBytes * DISK_FILL) / (DISK_OVERHEAD * problem.retentionSec * r);
    allow('disk space', space, 'heuristic', 'disk × 0.75 ÷ (1.25 × retention × RF) (several calculators)');
  }
  const cache = Math.max(hardware.memoryBytes - BROKER_HEAP_BYTES, hardware.memoryBytes / 4);
  allow(
    'memory',
    (cache * left) / (r * PAGE_CACHE_SEC * peakFactor),
    'heuristic',
    'Kafka documentation: memory for 30 s of writes beside a 6 GB heap',
  );
  allowances.sort((a, b) => a.averageBytesPerSec - b.averageBytesPerSec);
  const averageBytesPerSec = allowances[0]?.averageBytesPerSec ?? 0;
  const infeasible =
    r > brokers
      ? { constraint: 'replication factor', message: `${r} replicas need ${r} brokers, there are ${brokers}` }
      : left === 0
        ? {
            constraint: 'failures',
            message: `none of ${brokers} brokers is left after the failures to survive`,
          }
        : null;
  return {
    allowances,
    averageBytesPerSec: infeasible === null ? averageBytesPerSec : 0,
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
      ? `${formatBytesPerSec(after.averageBytesPerSec)}, bound by ${after.infeasible?.constraint ?? after.allowances[0]?.resource ?? 'nothing'}`
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
  const feasible = solution.infeasible === null;
  const load = loadOf(
    [
      {
        averageBytesPerSec: wire,
        peakBytesPerSec: wire * problem.peakFactor,
        groups: problem.fanOut,
        replicationFactor: data.replicationFactor,
        retentionSec: problem.retentionSec,
        partitions: 0,
      },
    ],
    data.zones,
  );
  const cost = feasible ? clusterCost(load, brokers, hardware, { ...problem, ...data }, context) : null;
  const kind = first?.kind ?? 'assumption';
  return {
    ...emptyReport('reverse', context.basis),
    feasible,
    infeasible: solution.infeasible === null ? [] : [solution.infeasible],
    answers: [
      figure('Average traffic', average, 'B/s', kind, `${first?.resource}: ${first?.source}`),
      figure('Average records', average / data.recordSizeBytes, 'records/s', kind, 'average ÷ record size'),
      figure('Peak traffic', average * problem.peakFactor, 'B/s', kind, 'average × peak factor'),
      figure('Binds first', first?.resource ?? 'nothing', '', kind, first?.source ?? ''),
      figure(
        'Partitions, at most',
        solution.partitions,
        '',
        'heuristic',
        'brokers × replicas a broker ÷ replication factor',
      ),
    ],
    allowances: [...solution.allowances],
    tables: [
      {
        title: 'What each resource carries on average',
        columns: ['Resource', 'Payload', 'Of the tightest', 'Kind', 'Source'],
        rows: solution.allowances.map((one) => [
          one.resource,
          formatBytesPerSec(one.averageBytesPerSec),
          average > 0 ? `${formatNumber(one.averageBytesPerSec / average)} ×` : '–',
          one.kind,
          one.source,
        ]),
      },
    ],
    cost,
    sensitivities: reverseSensitivities(problem, solution),
    warnings: [...context.warnings, ...hardware.warnings, ...mskPriceWarnings(hardware, context.prices)],
    limits: [...hardware.figures],
    assumptions: [...context.assumptions],
  };
}
