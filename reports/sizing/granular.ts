import type { BrokerHardware } from './broker-hardware.ts';
import { type BrokerCpu, loadOf, type TopicTraffic } from './broker-load.ts';
import { type BrokerSizing, sizeBrokers } from './brokers.ts';
import { type Capacity, partitionsToCarry } from './capacity.ts';
import { instancesByHandler, roundUp } from './formulas/partitions.ts';
import { storedBytes } from './formulas/traffic.ts';
import {
  type ByVariant,
  type TierAnswer,
  type TopicAnswer,
  VARIANTS,
  type Variant,
} from './granular-answer.ts';
import type { GranularDemand } from './input/granular.ts';
import { TINY_START } from './partitions.ts';
import type { Broken } from './report.ts';
import { policyOf } from './resolve-policy.ts';

function byVariant<T>(of: (variant: Variant) => T): ByVariant<T> {
  return Object.fromEntries(VARIANTS.map((variant) => [variant, of(variant)])) as Record<Variant, T>;
}

export interface GranularProblem {
  readonly demand: GranularDemand;
  readonly hardware: BrokerHardware;
  readonly zones: number;
  readonly failures: number | 'zone';
  /** Longest time to copy the replicas of a lost broker again; null where its disks outlive it. */
  readonly rebuildSec: number | null;
  /** Share that compression saves where a producer does not say. */
  readonly usualCompression: number;
  /** Seconds that a "benchmarked" event takes; null where nothing was measured. */
  readonly benchmarkedSec: number | null;
  /** What one topic carries by its partitions: measured, a figure for one of them, or not known. */
  readonly capacity: Capacity;
  readonly brokerCpu: BrokerCpu | null;
}

export interface GranularSolution {
  readonly topics: readonly TopicAnswer[];
  readonly tiers: readonly TierAnswer[];
  readonly brokers: ByVariant<BrokerSizing>;
  readonly infeasible: readonly Broken[];
}

interface Stream {
  readonly eventsPerSec: ByVariant<number>;
  readonly messageBytes: number;
  readonly wireShare: number;
  readonly replicationFactor: number;
}

/** What flows out of each producer and, through their sources, each processor. */
function streamsOf({ demand, usualCompression }: GranularProblem): Map<string, Stream> {
  const streams = new Map<string, Stream>();
  for (const producer of demand.producers) {
    const peak = producer.peak ?? producer.average;
    streams.set(producer.name, {
      eventsPerSec: {
        average: producer.average.perSec,
        peak: peak.perSec,
        averageWithGrowth: producer.average.perSec * producer.growth,
        peakWithGrowth: peak.perSec * producer.growth,
      },
      messageBytes: producer.messageSize,
      wireShare: 1 - (producer.compression ?? usualCompression),
      replicationFactor: producer.replicationFactor,
    });
  }
  // Sources are checked to be there and free of cycles, so every round resolves at least one processor.
  const open = new Map(demand.processors.map((processor) => [processor.name, processor]));
  while (open.size > 0) {
    for (const [name, processor] of open) {
      const sources = processor.sources.map((source) => streams.get(source));
      if (sources.some((source) => source === undefined)) continue;
      streams.set(name, through(sources as Stream[], processor.passthrough));
      open.delete(name);
    }
  }
  return streams;
}

/** A processor's output: its events are as large, and compress as well, as those of its sources on average. */
function through(sources: readonly Stream[], passthrough: number): Stream {
  const total = (of: (source: Stream) => number) => sources.reduce((sum, source) => sum + of(source), 0);
  const events = total((source) => source.eventsPerSec.average);
  const weighted = (of: (source: Stream) => number) =>
    events === 0
      ? total(of) / sources.length
      : total((source) => of(source) * source.eventsPerSec.average) / events;
  return {
    eventsPerSec: byVariant((variant) => total((source) => source.eventsPerSec[variant]) * passthrough),
    messageBytes: weighted((source) => source.messageBytes),
    wireShare: weighted((source) => source.wireShare),
    replicationFactor: Math.max(...sources.map((source) => source.replicationFactor)),
  };
}

/** The average flow that belongs to a variant. */
const averageOf = (variant: Variant): Variant =>
  variant.endsWith('Growth') ? 'averageWithGrowth' : 'average';

/** T ÷ u: a count for the peak has to leave the average its headroom as well. */
function withHeadroom(
  demand: Pick<GranularDemand, 'utilizationAverage' | 'utilizationPeak'>,
  flow: ByVariant<number>,
  variant: Variant,
): number {
  const average = flow[averageOf(variant)] / demand.utilizationAverage;
  return variant.startsWith('peak') ? Math.max(average, flow[variant] / demand.utilizationPeak) : average;
}

type Reader = GranularDemand['processors'][number] | GranularDemand['consumers'][number];

function tierOf(
  problem: GranularProblem,
  reader: Reader,
  tier: TierAnswer['tier'],
  streams: Map<string, Stream>,
): TierAnswer {
  const { demand } = problem;
  const handlerSec =
    reader.processingTime === 'benchmarked' ? (problem.benchmarkedSec ?? 0) : reader.processingTime;
  const eventsPerSec = byVariant((variant) =>
    reader.sources.reduce((sum, source) => sum + (streams.get(source)?.eventsPerSec[variant] ?? 0), 0),
  );
  return {
    name: reader.name,
    tier,
    eventsPerSec,
    instances: byVariant((variant) =>
      instancesByHandler(eventsPerSec[variant], handlerSec, reader.concurrency),
    ),
    withHeadroom: byVariant((variant) =>
      instancesByHandler(withHeadroom(demand, eventsPerSec, variant), handlerSec, reader.concurrency),
    ),
    stated: null,
    statedWithGrowth: null,
  };
}

/** The smallest counts that carry the topic and give each instance of its busiest reader a partition. */
function partitionsOf(
  problem: GranularProblem,
  payload: ByVariant<number>,
  readers: readonly TierAnswer[],
): Pick<TopicAnswer, 'partitions' | 'partitionsWithHeadroom' | 'unmet'> {
  let unmet: string | null = null;
  const count = (requiredPerSec: number, instances: readonly number[]): number | null => {
    const floor = Math.max(TINY_START, ...instances);
    const carried = partitionsToCarry(problem.capacity, requiredPerSec, 'low', floor);
    if (carried.partitions !== null) return carried.partitions;
    unmet = carried.reason;
    return null;
  };
  return {
    partitions: byVariant((variant) =>
      count(
        payload[variant],
        readers.map((reader) => reader.instances?.[variant] ?? 0),
      ),
    ),
    partitionsWithHeadroom: byVariant((variant) =>
      count(
        withHeadroom(problem.demand, payload, variant),
        readers.map((reader) => reader.withHeadroom?.[variant] ?? 0),
      ),
    ),
    unmet,
  };
}

function topicOf(
  problem: GranularProblem,
  name: string,
  stream: Stream,
  keep: { retentionSec: number; archiveSec: number | null },
  readers: readonly TierAnswer[],
): TopicAnswer {
  const payload = byVariant((variant) => stream.eventsPerSec[variant] * stream.messageBytes);
  const wire = byVariant((variant) => payload[variant] * stream.wireShare);
  return {
    name,
    eventsPerSec: stream.eventsPerSec,
    payloadBytesPerSec: payload,
    wireBytesPerSec: wire,
    replicationFactor: stream.replicationFactor,
    retentionSec: keep.retentionSec,
    archiveSec: keep.archiveSec,
    readers: readers.length,
    ...partitionsOf(problem, payload, readers),
    hotBytes: byVariant((variant) =>
      storedBytes(wire[averageOf(variant)], keep.retentionSec, stream.replicationFactor),
    ),
    archiveBytes: byVariant((variant) =>
      keep.archiveSec === null ? 0 : storedBytes(wire[averageOf(variant)], keep.archiveSec, 1),
    ),
  };
}

/** Average and peak flows of one variant: a count "for the average" is of a cluster that never sees a peak. */
function topicTraffic(topic: TopicAnswer, variant: Variant): TopicTraffic {
  return {
    averageBytesPerSec: topic.wireBytesPerSec[averageOf(variant)],
    peakBytesPerSec: topic.wireBytesPerSec[variant],
    groups: topic.readers,
    replicationFactor: topic.replicationFactor,
    retentionSec: topic.retentionSec,
    partitions: topic.partitionsWithHeadroom[variant] ?? 0,
  };
}

/** Flows, instances, partitions, storage and brokers of a whole pipeline. Pure. */
export function solveGranular(problem: GranularProblem): GranularSolution {
  const { demand, hardware } = problem;
  const streams = streamsOf(problem);
  const processors = demand.processors.map((one) => tierOf(problem, one, 'processor', streams));
  const consumers = demand.consumers.map((one) => tierOf(problem, one, 'consumer', streams));
  const producers = demand.producers.map(
    (one): TierAnswer => ({
      name: one.name,
      tier: 'producer',
      eventsPerSec: (streams.get(one.name) as Stream).eventsPerSec,
      instances: null,
      withHeadroom: null,
      stated: one.instances ?? null,
      statedWithGrowth: one.instances === undefined ? null : roundUp(one.instances * one.growth),
    }),
  );
  const readersOf = (topic: string) => [
    ...processors.filter((_, i) => demand.processors[i]?.sources.includes(topic)),
    ...consumers.filter((_, i) => demand.consumers[i]?.sources.includes(topic)),
  ];
  const topic = (name: string, keep: { retentionSec: number; archiveSec: number | null }) =>
    topicOf(problem, name, streams.get(name) as Stream, keep, readersOf(name));
  const topics = [
    ...demand.producers.map((one) =>
      topic(one.name, { retentionSec: one.retention, archiveSec: one.tiered?.archive ?? null }),
    ),
    ...demand.processors.map((one) =>
      topic(one.name, { retentionSec: one.outputRetention, archiveSec: null }),
    ),
  ];
  const brokers = byVariant((variant) =>
    sizeBrokers(
      loadOf(
        topics.map((one) => topicTraffic(one, variant)),
        problem.zones,
        { ...policyOf(demand), brokerCpu: problem.brokerCpu },
      ),
      hardware,
      {
        ...policyOf(demand),
        failures: problem.failures,
        zones: problem.zones,
        maxBrokers: demand.maxBrokers,
        rebuildSec: problem.rebuildSec,
      },
    ),
  );
  return {
    topics,
    tiers: [...producers, ...processors, ...consumers],
    brokers,
    infeasible: [
      ...topics.flatMap(({ name, unmet, partitionsWithHeadroom }) =>
        unmet === null || partitionsWithHeadroom.peakWithGrowth !== null
          ? []
          : [{ constraint: 'throughput', message: `${name}: ${unmet}` }],
      ),
      ...brokers.peakWithGrowth.infeasible,
    ],
  };
}
