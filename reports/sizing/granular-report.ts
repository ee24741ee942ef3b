import { brokersAnswer } from './brokers-answer.ts';
import { controllersFor } from './cluster.ts';
import { clusterCost } from './cost.ts';
import { emptyReport } from './empty-report.ts';
import { figure } from './figure.ts';
import { formatBytes, formatBytesPerSec, formatDuration, formatNumber } from './format.ts';
import {
  type GranularProblem,
  type GranularSolution,
  solveGranular,
  type TierInstances,
  type TopicFlow,
  VARIANTS,
} from './granular.ts';
import { mskPriceWarnings } from './msk-lines.ts';
import type { ReportContext } from './partitions-report.ts';
import type { Note, Sensitivity, SizingReport, Table } from './report.ts';

function topicTables(topics: readonly TopicFlow[]): Table[] {
  const rates = topics.map((topic) => [
    topic.name,
    formatNumber(topic.eventsPerSec.average),
    formatNumber(topic.eventsPerSec.peak),
    formatBytesPerSec(topic.payloadBytesPerSec.average),
    formatBytesPerSec(topic.payloadBytesPerSec.peak),
    formatBytesPerSec(topic.wireBytesPerSec.average),
    formatBytesPerSec(topic.wireBytesPerSec.peak),
  ]);
  const storage = topics.map((topic) => [
    topic.name,
    String(topic.replicationFactor),
    formatDuration(topic.retentionSec),
    formatBytes(topic.hotBytes.average),
    formatBytes(topic.hotBytes['average with growth']),
    topic.archiveSec === null ? '–' : formatDuration(topic.archiveSec),
    topic.archiveSec === null ? '–' : formatBytes(topic.archiveBytes.average),
    topic.archiveSec === null ? '–' : formatBytes(topic.archiveBytes['average with growth']),
  ]);
  return [
    {
      title: 'Throughput by topic, today',
      columns: ['Topic', 'Events/s', 'at peak', 'Uncompressed', 'at peak', 'Compressed', 'at peak'],
      rows: rates,
    },
    {
      title: 'Storage by topic, all replicas',
      columns: ['Topic', 'Replicas', 'Kept', 'Hot', 'with growth', 'Archived', 'Archive', 'with growth'],
      rows: storage,
    },
    {
      title: 'Partitions that each topic likely needs',
      columns: ['Topic', ...VARIANTS],
      rows: topics.map((topic) => [
        topic.name,
        ...VARIANTS.map((variant) => formatNumber(topic.partitions[variant])),
      ]),
    },
  ];
}

function tierTable(tiers: readonly TierInstances[]): Table {
  return {
    title: 'Instances by tier (in brackets: with the headroom of the utilization)',
    columns: ['Tier', 'Name', ...VARIANTS],
    rows: tiers.map((tier) => [
      tier.tier,
      tier.name,
      ...VARIANTS.map((variant) =>
        tier.instances === null
          ? tier.stated === null
            ? 'not stated'
            : `${formatNumber(tier.stated)} stated`
          : `${formatNumber(tier.instances[variant])} [${formatNumber(tier.withHeadroom?.[variant] ?? 0)}]`,
      ),
    ]),
  };
}

function brokerTable(solution: GranularSolution): Table {
  return {
    title: 'Brokers',
    columns: ['For', 'Brokers', 'Bound by'],
    rows: VARIANTS.map((variant) => {
      const sizing = solution.brokers[variant];
      return [
        variant,
        Number.isFinite(sizing.brokers) ? formatNumber(sizing.brokers) : 'none is enough',
        sizing.binding,
      ];
    }),
  };
}

function sensitivities(problem: GranularProblem, solution: GranularSolution): Sensitivity[] {
  const before = solution.brokers['peak with growth'];
  const { demand } = problem;
  const grown = (factor: number) => demand.producers.map((one) => ({ ...one, growth: one.growth * factor }));
  const kept = demand.producers.map((one) => ({ ...one, retention: one.retention * 2 }));
  const compressed = demand.producers.map((one) => ({
    ...one,
    compression: Math.max(0, (one.compression ?? problem.usualCompression) - 0.2),
  }));
  const asking = (changed: GranularProblem['demand']): GranularProblem => ({ ...problem, demand: changed });
  const variations: [string, string, GranularProblem][] = [
    ['all traffic', '+25 %', asking({ ...demand, producers: grown(1.25) })],
    ['all traffic', '×2', asking({ ...demand, producers: grown(2) })],
    ['retention of producers', '×2', asking({ ...demand, producers: kept })],
    ['compression', '−20 points', asking({ ...demand, producers: compressed })],
  ];
  if (problem.rebuildSec !== null) {
    variations.push(['rebuild time', '÷2', { ...problem, rebuildSec: problem.rebuildSec / 2 }]);
  }
  return variations.map(([input, change, other]) => {
    const after = solveGranular(other).brokers['peak with growth'];
    const flips =
      after.brokers !== before.brokers || (after.infeasible === null) !== (before.infeasible === null);
    const effect = !flips
      ? 'no change'
      : after.infeasible === null
        ? `brokers ${before.brokers} → ${after.brokers} (${after.binding})`
        : `infeasible: ${after.infeasible.constraint}`;
    return { input, change, effect, flips };
  });
}

function adviceOf(problem: GranularProblem, solution: GranularSolution): Note[] {
  const notes: Note[] = [];
  for (const producer of problem.demand.producers) {
    if (producer.replicationFactor < 3) {
      const fits =
        producer.replicationFactor === 1 ? 'tests and development' : 'data of which a little may be lost';
      notes.push({
        code: 'replication-factor',
        text: `${producer.name}: replication factor ${producer.replicationFactor} is for ${fits}; where no record may be lost, use 3.`,
      });
    }
  }
  const most = Math.max(0, ...solution.topics.map((topic) => topic.partitions['peak with growth']));
  if (most >= 1000) {
    notes.push({
      code: 'many-partitions',
      text: `${formatNumber(most)} partitions for one topic come from the processing time: handling several events at a time (concurrency), or in batches, needs far fewer.`,
    });
  }
  notes.push({
    code: 'never-shrink',
    text: 'A partition count can be raised at any time and never lowered.',
  });
  return notes;
}

/** `ksweep size granular`: everything eventsizer prints, for average and peak, with and without growth. */
export function reportGranular(problem: GranularProblem, context: ReportContext): SizingReport {
  const solution = solveGranular(problem);
  const { hardware, demand } = problem;
  const sizing = solution.brokers['peak with growth'];
  const feasible = sizing.infeasible === null;
  const total = (of: (topic: TopicFlow) => number) =>
    solution.topics.reduce((sum, topic) => sum + of(topic), 0);
  const produced = solution.topics.slice(0, demand.producers.length);
  const producedTotal = (of: (topic: TopicFlow) => number) =>
    produced.reduce((sum, topic) => sum + of(topic), 0);
  const archiveBytes = total((topic) => topic.archiveBytes['average with growth']);
  const stated = 'your producers';
  return {
    ...emptyReport('granular', context.basis),
    feasible,
    infeasible: sizing.infeasible === null ? [] : [sizing.infeasible],
    answers: [
      ...sizing.figures,
      figure(
        'Controllers',
        controllersFor(context.phase),
        '',
        'documented limit',
        'Kafka documentation, KRaft: three in production',
      ),
      figure(
        'Produced, compressed',
        producedTotal((topic) => topic.wireBytesPerSec.average),
        'B/s',
        'assumption',
        stated,
      ),
      figure(
        'Produced at peak, compressed',
        producedTotal((topic) => topic.wireBytesPerSec.peak),
        'B/s',
        'assumption',
        stated,
      ),
      figure(
        'Hot storage with growth',
        total((topic) => topic.hotBytes['average with growth']),
        'B',
        'assumption',
        'average × retention × replicas',
      ),
      figure('Archival storage with growth', archiveBytes, 'B', 'assumption', 'average × archival retention'),
    ],
    brokers: brokersAnswer(sizing, hardware.instance),
    tables: [brokerTable(solution), ...topicTables(solution.topics), tierTable(solution.tiers)],
    cost: feasible
      ? clusterCost(
          sizing.load,
          sizing.brokers,
          hardware,
          { ...demand, failures: problem.failures, zones: problem.zones },
          context,
          archiveBytes,
        )
      : null,
    sensitivities: sensitivities(problem, solution),
    advice: adviceOf(problem, solution),
    warnings: [...context.warnings, ...hardware.warnings, ...mskPriceWarnings(hardware, context.prices)],
    limits: [...hardware.figures],
    assumptions: [...context.assumptions],
  };
}
