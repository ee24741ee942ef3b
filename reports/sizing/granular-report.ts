import { formatNumber } from '../../bench/common/format-number.ts';
import { brokersAnswer } from './brokers-answer.ts';
import { controllersFigure, costFigure } from './common-figures.ts';
import { compareTypes, typesTable } from './compare-types.ts';
import { clusterCost } from './cost.ts';
import { emptyReport } from './empty-report.ts';
import { figure } from './figure.ts';
import { formatBytes, formatBytesPerSec, formatDuration } from './format.ts';
import { type GranularProblem, type GranularSolution, solveGranular } from './granular.ts';
import { granularAdvice, inSyncWarnings, sweepWarnings } from './granular-advice.ts';
import { type TierAnswer, type TopicAnswer, VARIANT_NAMES, VARIANTS } from './granular-answer.ts';
import { granularWaysOut } from './granular-ways-out.ts';
import type { ReportContext } from './partitions-report.ts';
import { priceWarnings } from './price-warnings.ts';
import type { Sensitivity, SizingReport, Table } from './report.ts';

const names = VARIANTS.map((variant) => VARIANT_NAMES[variant]);

/** A count without headroom and, in brackets, with it; null is more than any run has measured. */
function bracketed(count: number | null, withHeadroom: number | null): string {
  const shown = (one: number | null) => (one === null ? 'beyond the sweep' : formatNumber(one));
  return count === null ? shown(count) : `${shown(count)} [${shown(withHeadroom)}]`;
}

function topicTables(topics: readonly TopicAnswer[]): Table[] {
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
    formatBytes(topic.hotBytes.averageWithGrowth),
    topic.archiveSec === null ? '–' : formatDuration(topic.archiveSec),
    topic.archiveSec === null ? '–' : formatBytes(topic.archiveBytes.average),
    topic.archiveSec === null ? '–' : formatBytes(topic.archiveBytes.averageWithGrowth),
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
      title: 'Partitions that each topic likely needs (in brackets: with the headroom of the utilization)',
      columns: ['Topic', ...names],
      rows: topics.map((topic) => [
        topic.name,
        ...VARIANTS.map((variant) =>
          bracketed(topic.partitions[variant], topic.partitionsWithHeadroom[variant]),
        ),
      ]),
    },
  ];
}

function tierTable(tiers: readonly TierAnswer[]): Table {
  return {
    title: 'Instances by tier (in brackets: with the headroom of the utilization)',
    columns: ['Tier', 'Name', ...names],
    rows: tiers.map((tier) => [
      tier.tier,
      tier.name,
      ...VARIANTS.map((variant) =>
        tier.instances === null
          ? tier.stated === null
            ? 'not stated'
            : `${formatNumber((variant.endsWith('Growth') ? tier.statedWithGrowth : null) ?? tier.stated)} stated`
          : bracketed(tier.instances[variant], tier.withHeadroom?.[variant] ?? null),
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
        VARIANT_NAMES[variant],
        Number.isFinite(sizing.brokers) ? formatNumber(sizing.brokers) : 'none is enough',
        sizing.binding,
      ];
    }),
  };
}

function answerByVariant({ brokers }: GranularSolution): SizingReport['brokersByVariant'] {
  const of = ({ brokers: count, binding }: GranularSolution['brokers']['average']) => ({
    brokers: Number.isFinite(count) ? count : null,
    binding,
  });
  return {
    average: of(brokers.average),
    peak: of(brokers.peak),
    averageWithGrowth: of(brokers.averageWithGrowth),
    peakWithGrowth: of(brokers.peakWithGrowth),
  };
}

function sensitivities(problem: GranularProblem, solution: GranularSolution): Sensitivity[] {
  const before = solution.brokers.peakWithGrowth;
  const feasible = solution.infeasible.length === 0;
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
    const solved = solveGranular(other);
    const after = solved.brokers.peakWithGrowth;
    const [unmet] = solved.infeasible;
    const effect =
      unmet !== undefined
        ? feasible
          ? `infeasible: ${unmet.constraint}`
          : 'still infeasible'
        : !feasible
          ? `feasible, with ${after.brokers} brokers (${after.binding})`
          : after.brokers === before.brokers
            ? 'no change'
            : `brokers ${before.brokers} → ${after.brokers} (${after.binding})`;
    return { input, change, effect, flips: effect !== 'no change' && effect !== 'still infeasible' };
  });
}

function costOfPipeline(
  problem: GranularProblem,
  solution: GranularSolution,
  context: ReportContext,
): SizingReport['cost'] {
  if (solution.infeasible.length > 0) return null;
  const { load, brokers } = solution.brokers.peakWithGrowth;
  const policy = { ...problem.demand, failures: problem.failures, zones: problem.zones };
  const archived = solution.topics.reduce((sum, topic) => sum + topic.archiveBytes.averageWithGrowth, 0);
  return clusterCost(load, brokers, problem.hardware, policy, context, archived);
}

/** `ksweep size granular`: everything eventsizer prints, for average and peak, with and without growth. */
export function reportGranular(problem: GranularProblem, context: ReportContext): SizingReport {
  const solution = solveGranular(problem);
  const { hardware, demand } = problem;
  const sizing = solution.brokers.peakWithGrowth;
  const feasible = solution.infeasible.length === 0;
  const total = (of: (topic: TopicAnswer) => number) =>
    solution.topics.reduce((sum, topic) => sum + of(topic), 0);
  const produced = solution.topics.slice(0, demand.producers.length);
  const producedTotal = (of: (topic: TopicAnswer) => number) =>
    produced.reduce((sum, topic) => sum + of(topic), 0);
  const cost = costOfPipeline(problem, solution, context);
  const types = compareTypes(context.hardwareVariants, (other) => {
    const asked = { ...problem, hardware: other };
    const solved = solveGranular(asked);
    const { brokers, binding } = solved.brokers.peakWithGrowth;
    return {
      brokers: solved.infeasible.length === 0 ? brokers : null,
      binding: solved.infeasible[0]?.constraint ?? binding,
      costPerMonth: costOfPipeline(asked, solved, context)?.perMonth ?? null,
    };
  });
  const archiveBytes = total((topic) => topic.archiveBytes.averageWithGrowth);
  const stated = 'your producers';
  return {
    ...emptyReport('granular', context.basis),
    feasible,
    infeasible: [...solution.infeasible],
    answers: [
      ...[
        ...sizing.figures,
        controllersFigure(hardware, context.phase),
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
          total((topic) => topic.hotBytes.averageWithGrowth),
          'B',
          'assumption',
          'average × retention × replicas',
        ),
        figure(
          'Archival storage with growth',
          archiveBytes,
          'B',
          'assumption',
          'average × archival retention',
        ),
        ...costFigure(cost),
      ].map((one) => ({ binds: 'what the producers send', ...one })),
      ...(context.measuredBound ?? []),
    ],
    brokers: brokersAnswer(sizing, hardware.instance),
    tables: [
      brokerTable(solution),
      ...topicTables(solution.topics),
      tierTable(solution.tiers),
      ...typesTable(types, context.prices.currency),
    ],
    notJudged: [...sizing.notJudged],
    types,
    waysOut: feasible ? [] : granularWaysOut(problem, context),
    topics: [...solution.topics],
    tiers: [...solution.tiers],
    brokersByVariant: answerByVariant(solution),
    cost,
    sensitivities: sensitivities(problem, solution),
    advice: granularAdvice(problem, solution),
    warnings: [
      ...context.warnings,
      ...inSyncWarnings(problem),
      ...sweepWarnings(problem, solution),
      ...hardware.warnings,
      ...priceWarnings(hardware, context.prices),
    ],
    limits: [...hardware.figures],
    assumptions: [...context.assumptions],
  };
}
