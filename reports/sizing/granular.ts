import { loadOf, type TopicTraffic } from './broker-load.ts';
import { type BrokerSizing, sizeBrokers } from './brokers.ts';
import { instancesByHandler, roundUp } from './formulas/partitions.ts';
import { storedBytes } from './formulas/traffic.ts';
import type { BrokerHardware } from './hardware.ts';
import type { GranularDemand } from './input/granular.ts';
import { TINY_START } from './partitions.ts';

/** Average or peak, today or at the horizon: what eventsizer prints each of its counts for. */
export const VARIANTS = ['average', 'peak', 'average with growth', 'peak with growth'] as const;
type Variant = (typeof VARIANTS)[number];
type ByVariant<T> = Readonly<Record<Variant, T>>;

function byVariant<T>(of: (variant: Variant) => T): ByVariant<T> {
  return Object.fromEntries(VARIANTS.map((variant) => [variant, of(variant)])) as Record<Variant, T>;
}

/** One topic: of a producer, or the output of a processor. */
export interface TopicFlow {
  readonly name: string;
  readonly eventsPerSec: ByVariant<number>;
  /** Uncompressed and on the wire. */
  readonly payloadBytesPerSec: ByVariant<number>;
  readonly wireBytesPerSec: ByVariant<number>;
  readonly replicationFactor: number;
  readonly retentionSec: number;
  readonly archiveSec: number | null;
  /** Consumers and processors that read it. */
  readonly readers: number;
  readonly partitions: ByVariant<number>;
  readonly hotBytes: ByVariant<number>;
  /** One copy: object storage keeps its own redundancy. */
  readonly archiveBytes: ByVariant<number>;
}

/** A tier's instances: as eventsizer counts them, and with the headroom that the utilization leaves. */
export interface TierInstances {
  readonly name: string;
  readonly tier: 'producer' | 'processor' | 'consumer';
  readonly eventsPerSec: ByVariant<number>;
  /** Events a second × processing seconds ÷ concurrency; null where nothing is processed (producers). */
  readonly instances: ByVariant<number> | null;
  readonly withHeadroom: ByVariant<number> | null;
  /** Producers say themselves how many they are. */
  readonly stated: number | null;
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
  /** Payload bytes a second that one partition carries, at the safe end; null where not known. */
  readonly perPartitionBytesPerSec: number | null;
  readonly brokerCpuUsPerMB: number | null;
}

export interface GranularSolution {
  readonly topics: readonly TopicFlow[];
  readonly tiers: readonly TierInstances[];
  readonly brokers: ByVariant<BrokerSizing>;
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
        'average with growth': producer.average.perSec * producer.growth,
        'peak with growth': peak.perSec * producer.growth,
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

type Reader = GranularDemand['processors'][number] | GranularDemand['consumers'][number];

function tierOf(
  problem: GranularProblem,
  reader: Reader,
  tier: TierInstances['tier'],
  streams: Map<string, Stream>,
): TierInstances {
  const { demand } = problem;
  const handlerSec =
    reader.processingTime === 'benchmarked' ? (problem.benchmarkedSec ?? 0) : reader.processingTime;
  const eventsPerSec = byVariant((variant) =>
    reader.sources.reduce((sum, source) => sum + (streams.get(source)?.eventsPerSec[variant] ?? 0), 0),
  );
  const utilization = (variant: Variant) =>
    variant.startsWith('peak') ? demand.utilizationPeak : demand.utilizationAverage;
  return {
    name: reader.name,
    tier,
    eventsPerSec,
    instances: byVariant((variant) =>
      instancesByHandler(eventsPerSec[variant], handlerSec, reader.concurrency),
    ),
    withHeadroom: byVariant((variant) =>
      instancesByHandler(eventsPerSec[variant], handlerSec, reader.concurrency, utilization(variant)),
    ),
    stated: null,
  };
}

function topicOf(
  problem: GranularProblem,
  name: string,
  stream: Stream,
  keep: { retentionSec: number; archiveSec: number | null },
  readers: readonly TierInstances[],
): TopicFlow {
  const payload = byVariant((variant) => stream.eventsPerSec[variant] * stream.messageBytes);
  const wire = byVariant((variant) => payload[variant] * stream.wireShare);
  const averageOf = (variant: Variant): Variant =>
    variant.endsWith('growth') ? 'average with growth' : 'average';
  return {
    name,
    eventsPerSec: stream.eventsPerSec,
    payloadBytesPerSec: payload,
    wireBytesPerSec: wire,
    replicationFactor: stream.replicationFactor,
    retentionSec: keep.retentionSec,
    archiveSec: keep.archiveSec,
    readers: readers.length,
    // Each instance of the busiest reader needs a partition; where p is known, t ÷ p as well.
    partitions: byVariant((variant) =>
      Math.max(
        TINY_START,
        ...readers.map((reader) => reader.instances?.[variant] ?? 0),
        problem.perPartitionBytesPerSec === null
          ? 0
          : roundUp(
              payload[variant] /
                (problem.perPartitionBytesPerSec *
                  (variant.startsWith('peak')
                    ? problem.demand.utilizationPeak
                    : problem.demand.utilizationAverage)),
            ),
      ),
    ),
    hotBytes: byVariant((variant) =>
      storedBytes(wire[averageOf(variant)], keep.retentionSec, stream.replicationFactor),
    ),
    archiveBytes: byVariant((variant) =>
      keep.archiveSec === null ? 0 : storedBytes(wire[averageOf(variant)], keep.archiveSec, 1),
    ),
  };
}

/** Average and peak flows of one variant: a count "for the average" is of a cluster that never sees a peak. */
function topicTraffic(topic: TopicFlow, variant: Variant): TopicTraffic {
  const average: Variant = variant.endsWith('growth') ? 'average with growth' : 'average';
  return {
    averageBytesPerSec: topic.wireBytesPerSec[average],
    peakBytesPerSec: topic.wireBytesPerSec[variant],
    groups: topic.readers,
    replicationFactor: topic.replicationFactor,
    retentionSec: topic.retentionSec,
    partitions: topic.partitions[variant],
  };
}

/** Flows, instances, partitions, storage and brokers of a whole pipeline. Pure. */
export function solveGranular(problem: GranularProblem): GranularSolution {
  const { demand, hardware } = problem;
  const streams = streamsOf(problem);
  const processors = demand.processors.map((one) => tierOf(problem, one, 'processor', streams));
  const consumers = demand.consumers.map((one) => tierOf(problem, one, 'consumer', streams));
  const producers = demand.producers.map(
    (one): TierInstances => ({
      name: one.name,
      tier: 'producer',
      eventsPerSec: (streams.get(one.name) as Stream).eventsPerSec,
      instances: null,
      withHeadroom: null,
      stated: one.instances ?? null,
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
        { brokerCpuUsPerMB: problem.brokerCpuUsPerMB },
      ),
      hardware,
      {
        utilizationAverage: demand.utilizationAverage,
        utilizationPeak: demand.utilizationPeak,
        failures: problem.failures,
        zones: problem.zones,
        maxBrokers: demand.maxBrokers,
        rebuildSec: problem.rebuildSec,
      },
    ),
  );
  return { topics, tiers: [...producers, ...processors, ...consumers], brokers };
}
