import type { MetricSample } from './exposition.ts';

/**
 * What a broker is asked for, and how exporters call it. The names are those of Kafka's own monitoring page, written as
 * the JMX exporter writes them:
 * - `plain`: the exporter without rules of its own, as Amazon MSK's open monitoring has it (MSK developer guide)
 * - `strimzi`: the rules of Strimzi's examples/metrics/kafka-metrics.yaml, which many others use
 * - `redpanda`: Redpanda's own /public_metrics
 */
interface Source {
  readonly name: string;
  /** Labels that a sample must have, in lower case. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What one of its units is in ours; 1 where it is left out. */
  readonly times?: number;
  /** A sample of this name with the same labels, by which it is multiplied. */
  readonly by?: string;
}

interface Definition {
  /** A counter's growth a second is the figure; a gauge is the figure itself. */
  readonly kind: 'counter' | 'gauge';
  /** How several samples of one broker become one: parts are added, extremes are taken. */
  readonly join: 'sum' | 'max' | 'min' | 'count';
  readonly sources: readonly Source[];
}

const topicRate = (mbean: string, strimzi: string, redpanda?: Source): Definition => ({
  kind: 'counter',
  join: 'sum',
  sources: [
    { name: 'kafka_server_brokertopicmetrics_count', labels: { name: mbean } },
    { name: `kafka_server_brokertopicmetrics_${strimzi}_total` },
    ...(redpanda === undefined ? [] : [redpanda]),
  ],
});

const requestTime = (part: string, request: string): Definition => ({
  kind: 'gauge',
  join: 'max',
  sources: [
    { name: 'kafka_network_requestmetrics_99thpercentile', labels: { name: part, request } },
    { name: `kafka_network_requestmetrics_${part.toLowerCase()}`, labels: { request, quantile: '0.99' } },
  ],
});

const state = (name: string, plain: Source[] = [], join: Definition['join'] = 'sum'): Definition => ({
  kind: 'gauge',
  join,
  sources: [{ name }, ...plain],
});

const value = (type: string, name: string): Source => ({
  name: `kafka_server_${type}_value`,
  labels: { name },
});

/** From 4.2 on the second is of a node's broker and controller together, whose threads hardly work (KIP-1207). */
const handlersIdle = ['BrokerRequestHandlerAvgIdlePercent', 'RequestHandlerAvgIdlePercent'] as const;

const produced: Source = {
  name: 'kafka_network_requestmetrics_count',
  labels: { name: 'TotalTimeMs', request: 'Produce' },
};

const DEFINITIONS = {
  bytesInPerSec: topicRate('BytesInPerSec', 'bytesin', {
    name: 'redpanda_kafka_request_bytes_total',
    labels: { redpanda_request: 'produce' },
  }),
  bytesOutPerSec: topicRate('BytesOutPerSec', 'bytesout', {
    name: 'redpanda_kafka_request_bytes_total',
    labels: { redpanda_request: 'consume' },
  }),
  messagesInPerSec: topicRate('MessagesInPerSec', 'messagesin'),
  /**
   * Of the produce requests of this second, all together, and how many they were. The percentiles below remember five
   * minutes; the mean is of all since the start, so that its growth with the count tells of now.
   */
  produceTimeMsPerSec: {
    kind: 'counter',
    join: 'sum',
    sources: [{ ...produced, name: 'kafka_network_requestmetrics_mean', by: produced.name }],
  },
  produceRequestsPerSec: { kind: 'counter', join: 'sum', sources: [produced] },
  produceTotalP99Ms: requestTime('TotalTimeMs', 'Produce'),
  produceQueueP99Ms: requestTime('RequestQueueTimeMs', 'Produce'),
  produceLocalP99Ms: requestTime('LocalTimeMs', 'Produce'),
  produceRemoteP99Ms: requestTime('RemoteTimeMs', 'Produce'),
  produceThrottleP99Ms: requestTime('ThrottleTimeMs', 'Produce'),
  produceResponseQueueP99Ms: requestTime('ResponseQueueTimeMs', 'Produce'),
  produceSendP99Ms: requestTime('ResponseSendTimeMs', 'Produce'),
  fetchTotalP99Ms: requestTime('TotalTimeMs', 'FetchConsumer'),
  fetchQueueP99Ms: requestTime('RequestQueueTimeMs', 'FetchConsumer'),
  fetchLocalP99Ms: requestTime('LocalTimeMs', 'FetchConsumer'),
  fetchSendP99Ms: requestTime('ResponseSendTimeMs', 'FetchConsumer'),
  /** 0 to 1: the share of time in which the request handlers had nothing to do. */
  requestHandlerIdle: {
    // The meter counts idle nanoseconds (KafkaRequestHandler): its growth tells of this second, its rate of a minute.
    kind: 'counter',
    join: 'min',
    sources: handlersIdle.map((name) => ({
      name: 'kafka_server_kafkarequesthandlerpool_count',
      labels: { name },
      times: 1e-9,
    })),
  },
  /** The same as a mean over a minute, where only that is told. */
  requestHandlerIdleMinute: {
    kind: 'gauge',
    join: 'min',
    sources: [
      ...handlersIdle.map((name) => ({
        name: 'kafka_server_kafkarequesthandlerpool_oneminuterate',
        labels: { name },
      })),
      { name: 'kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent' },
    ],
  },
  networkProcessorIdle: {
    kind: 'gauge',
    join: 'min',
    sources: [
      { name: 'kafka_network_socketserver_networkprocessoravgidlepercent' },
      { name: 'kafka_network_socketserver_value', labels: { name: 'NetworkProcessorAvgIdlePercent' } },
      { name: 'kafka_network_socketserver_networkprocessoravgidle_percent' },
    ],
  },
  underReplicated: state('kafka_server_replicamanager_underreplicatedpartitions', [
    value('replicamanager', 'UnderReplicatedPartitions'),
    { name: 'redpanda_kafka_under_replicated_replicas' },
  ]),
  underMinIsr: state('kafka_server_replicamanager_underminisrpartitioncount', [
    value('replicamanager', 'UnderMinIsrPartitionCount'),
  ]),
  leaders: state('kafka_server_replicamanager_leadercount', [value('replicamanager', 'LeaderCount')]),
  isrShrinksPerSec: {
    kind: 'counter',
    join: 'sum',
    sources: [
      { name: 'kafka_server_replicamanager_count', labels: { name: 'IsrShrinksPerSec' } },
      { name: 'kafka_server_replicamanager_isrshrinks_total' },
    ],
  },
  logFlushP99Ms: {
    kind: 'gauge',
    join: 'max',
    sources: [
      { name: 'kafka_log_logflushstats_99thpercentile', labels: { name: 'LogFlushRateAndTimeMs' } },
      { name: 'kafka_log_logflushstats_logflushrateandtimems', labels: { quantile: '0.99' } },
    ],
  },
  /** Bytes that the log cleaner read and wrote: compaction (storage/internals/utils/Throttler). */
  compactedBytesPerSec: {
    kind: 'counter',
    join: 'sum',
    sources: [{ name: 'kafka_utils_throttler_count', labels: { name: 'cleaner-io' } }],
  },
  /** Time in garbage collections: the growth a second is the share of a second, in ms. */
  gcMsPerSec: {
    kind: 'counter',
    join: 'sum',
    sources: [
      { name: 'java_lang_garbagecollector_collectiontime' },
      { name: 'jvm_gc_collection_seconds_sum', times: 1000 },
    ],
  },
  heapUsedBytes: state('java_lang_memory_heapmemoryusage_used', [
    { name: 'jvm_memory_used_bytes', labels: { area: 'heap' } },
    { name: 'jvm_memory_bytes_used', labels: { area: 'heap' } },
  ]),
  heapMaxBytes: state(
    'java_lang_memory_heapmemoryusage_max',
    [
      { name: 'jvm_memory_max_bytes', labels: { area: 'heap' } },
      { name: 'jvm_memory_bytes_max', labels: { area: 'heap' } },
    ],
    'max',
  ),
  /** CPU time of the process: its growth is in processors. */
  cpuPerSec: {
    kind: 'counter',
    join: 'sum',
    sources: [
      { name: 'process_cpu_seconds_total' },
      { name: 'java_lang_operatingsystem_processcputime', times: 1e-9 },
      { name: 'redpanda_cpu_busy_seconds_total' },
    ],
  },
  /** Processors that the broker's process may use. */
  processors: state('java_lang_operatingsystem_availableprocessors'),
  /** Its control group's periods with a CPU limit, and those in which it ran out of it: told where it runs on this machine. */
  cpuPeriodsPerSec: { kind: 'counter', join: 'sum', sources: [] },
  cpuThrottledPeriodsPerSec: { kind: 'counter', join: 'sum', sources: [] },
  /** Of the whole host, by node_exporter: processors, and how many of them had nothing to do. */
  hostProcessors: {
    kind: 'gauge',
    join: 'count',
    sources: [{ name: 'node_cpu_seconds_total', labels: { mode: 'idle' } }],
  },
  hostIdlePerSec: {
    kind: 'counter',
    join: 'sum',
    sources: [{ name: 'node_cpu_seconds_total', labels: { mode: 'idle' } }],
  },
  diskReadBytesPerSec: {
    kind: 'counter',
    join: 'sum',
    sources: [{ name: 'node_disk_read_bytes_total' }],
  },
  diskWrittenBytesPerSec: {
    kind: 'counter',
    join: 'sum',
    sources: [{ name: 'node_disk_written_bytes_total' }],
  },
  /** Seconds a second that a disk had something to do: of several disks the busiest; on this machine the logs' own. */
  diskBusy: { kind: 'counter', join: 'max', sources: [{ name: 'node_disk_io_time_seconds_total' }] },
  diskFreeBytes: state('redpanda_storage_disk_free_bytes', [{ name: 'node_filesystem_avail_bytes' }], 'min'),
} as const satisfies Readonly<Record<string, Definition>>;

export type BrokerFigure = keyof typeof DEFINITIONS;
export const BROKER_FIGURES = Object.keys(DEFINITIONS) as BrokerFigure[];

/** What a broker's page said at one moment; counters as they stand, null where the page has no such metric. */
export type BrokerReading = { readonly [F in BrokerFigure]: number | null };
/** The same over a second: counters a second, gauges as they are. */
export type BrokerFigures = BrokerReading;

const NAMES = new Set(
  Object.values<Definition>(DEFINITIONS).flatMap(({ sources }) => sources.map(({ name }) => name)),
);

/** Whether a metric of this name is asked for. */
export const isWanted = (name: string): boolean => NAMES.has(name);

const matches = (source: Source, { name, labels }: MetricSample): boolean =>
  name === source.name &&
  Object.entries(source.labels ?? {}).every(
    ([label, wanted]) => labels[label]?.toLowerCase() === wanted.toLowerCase(),
  );

const JOIN = {
  sum: (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0),
  max: (values: readonly number[]) => Math.max(...values),
  min: (values: readonly number[]) => Math.min(...values),
  count: (values: readonly number[]) => values.length,
} as const;

function multiplied(sample: MetricSample, by: string | undefined, all: readonly MetricSample[]): number[] {
  if (by === undefined) return [sample.value];
  const labels = JSON.stringify(sample.labels);
  const other = all.find(({ name, labels: own }) => name === by && JSON.stringify(own) === labels);
  return other === undefined ? [] : [sample.value * other.value];
}

/** One broker's page, in our figures. Samples of single topics and partitions would count twice and are left out. */
export function readingOf(samples: readonly MetricSample[]): BrokerReading {
  const whole = samples.filter(
    ({ labels }) => labels['topic'] === undefined && labels['partition'] === undefined,
  );
  const entries = Object.entries<Definition>(DEFINITIONS).map(([figure, { sources, join }]) => {
    for (const source of sources) {
      const values = whole
        .filter((sample) => matches(source, sample))
        .flatMap((sample) => multiplied(sample, source.by, whole));
      if (values.length > 0) return [figure, JOIN[join](values) * (source.times ?? 1)] as const;
    }
    return [figure, null] as const;
  });
  return Object.fromEntries(entries) as BrokerReading;
}

/** Two readings of one broker, `elapsedSec` apart. A counter that went backwards was restarted, and says nothing. */
export function figuresBetween(
  before: BrokerReading,
  after: BrokerReading,
  elapsedSec: number,
): BrokerFigures {
  const entries = BROKER_FIGURES.map((figure) => {
    const now = after[figure];
    if (DEFINITIONS[figure].kind === 'gauge') return [figure, now] as const;
    const then = before[figure];
    if (now === null || then === null || now < then || elapsedSec <= 0) return [figure, null] as const;
    return [figure, (now - then) / elapsedSec] as const;
  });
  return Object.fromEntries(entries) as BrokerFigures;
}
