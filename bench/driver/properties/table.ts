import type { Scalar } from '../../workload/schema.ts';

/** What a value of a property may be. */
export type Check =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'one of'; readonly values: readonly Scalar[] }
  | { readonly kind: 'text' };

/** A property of Kafka's own (Java) clients, and what becomes of it in librdkafka. */
export interface Property {
  readonly kafka: string;
  readonly role: 'producer' | 'consumer' | 'both';
  /** librdkafka's name; null where ksweep itself carries it out. */
  readonly librdkafka: string | null;
  readonly check: Check;
  /** Default of the Java client (Kafka 4); undefined where it has none. */
  readonly javaDefault?: Scalar;
  /** librdkafka's default, where it differs: then the Java one is pinned. */
  readonly librdkafkaDefault?: Scalar;
  /** Pinned to this instead, with the reason, where neither default serves a benchmark. */
  readonly ownPin?: { readonly value: Scalar; readonly reason: string };
  readonly convert?: (value: Scalar) => Scalar;
}

const INT_MAX = 2_147_483_647;
const integer = (min: number, max: number = INT_MAX): Check => ({ kind: 'integer', min, max });
const boolean: Check = { kind: 'boolean' };
const text: Check = { kind: 'text' };
const oneOf = (...values: Scalar[]): Check => ({ kind: 'one of', values });

const kbytes = (value: Scalar): Scalar => Math.max(1, Math.ceil(Number(value) / 1024));
const javaPartitioner = (value: Scalar): Scalar => (value === 'murmur2' ? 'murmur2_random' : value);
/** librdkafka calls Java's "none" an error. */
const offsetReset = (value: Scalar): Scalar => (value === 'none' ? 'error' : value);
/** Java takes class names too; only the short names are common ground. */
const strategy = (value: Scalar): Scalar => String(value).replaceAll(/\s/g, '');

/** Java takes zstd up to 22; librdkafka refuses every level above 12. */
export const CODEC_LEVELS = { gzip: [1, 9], lz4: [1, 12], zstd: [1, 12] } as const;

/** The one table between Kafka's names and librdkafka's. What is not in it passes by librdkafka's own name. */
export const PROPERTIES: readonly Property[] = [
  {
    kafka: 'client.dns.lookup',
    role: 'both',
    librdkafka: 'client.dns.lookup',
    check: oneOf('use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'),
    javaDefault: 'use_all_dns_ips',
  },
  {
    kafka: 'request.timeout.ms',
    role: 'producer',
    librdkafka: 'request.timeout.ms',
    check: integer(1, 900_000),
    javaDefault: 30_000,
  },
  {
    kafka: 'metadata.max.age.ms',
    role: 'both',
    librdkafka: 'metadata.max.age.ms',
    check: integer(1, 86_400_000),
    javaDefault: 300_000,
    librdkafkaDefault: 900_000,
  },
  {
    kafka: 'connections.max.idle.ms',
    role: 'both',
    librdkafka: 'connections.max.idle.ms',
    check: integer(0),
    javaDefault: 540_000,
    librdkafkaDefault: 0,
  },
  {
    kafka: 'reconnect.backoff.ms',
    role: 'both',
    librdkafka: 'reconnect.backoff.ms',
    check: integer(0, 3_600_000),
    javaDefault: 50,
    librdkafkaDefault: 100,
  },
  {
    kafka: 'reconnect.backoff.max.ms',
    role: 'both',
    librdkafka: 'reconnect.backoff.max.ms',
    check: integer(0, 3_600_000),
    javaDefault: 1_000,
    librdkafkaDefault: 10_000,
  },
  {
    kafka: 'retry.backoff.ms',
    role: 'both',
    librdkafka: 'retry.backoff.ms',
    check: integer(1, 300_000),
    javaDefault: 100,
  },
  {
    kafka: 'retry.backoff.max.ms',
    role: 'both',
    librdkafka: 'retry.backoff.max.ms',
    check: integer(1, 300_000),
    javaDefault: 1_000,
  },
  { kafka: 'client.rack', role: 'consumer', librdkafka: 'client.rack', check: text },

  {
    kafka: 'acks',
    role: 'producer',
    librdkafka: 'acks',
    check: oneOf('all', -1, 0, 1, '-1', '0', '1'),
    javaDefault: 'all',
  },
  {
    kafka: 'buffer.memory',
    role: 'producer',
    librdkafka: 'queue.buffering.max.kbytes',
    check: integer(1024, 2_147_483_647_000),
    javaDefault: 33_554_432,
    librdkafkaDefault: 1_073_741_824,
    convert: kbytes,
  },
  {
    kafka: 'compression.type',
    role: 'producer',
    librdkafka: 'compression.type',
    check: oneOf('none', 'gzip', 'snappy', 'lz4', 'zstd'),
    javaDefault: 'none',
  },
  ...Object.entries(CODEC_LEVELS).map(
    ([codec, [min, max]]): Property => ({
      kafka: `compression.${codec}.level`,
      role: 'producer',
      librdkafka: null,
      check: integer(min, max),
    }),
  ),
  {
    kafka: 'enable.idempotence',
    role: 'producer',
    librdkafka: 'enable.idempotence',
    check: boolean,
    javaDefault: true,
    librdkafkaDefault: false,
  },
  {
    kafka: 'max.in.flight.requests.per.connection',
    role: 'producer',
    librdkafka: 'max.in.flight.requests.per.connection',
    check: integer(1, 1_000_000),
    javaDefault: 5,
    librdkafkaDefault: 1_000_000,
  },
  { kafka: 'retries', role: 'producer', librdkafka: 'retries', check: integer(0), javaDefault: INT_MAX },
  {
    kafka: 'batch.size',
    role: 'producer',
    librdkafka: 'batch.size',
    check: integer(1),
    javaDefault: 16_384,
    librdkafkaDefault: 1_000_000,
  },
  {
    kafka: 'linger.ms',
    role: 'producer',
    librdkafka: 'linger.ms',
    check: integer(0, 900_000),
    javaDefault: 5,
  },
  { kafka: 'transactional.id', role: 'producer', librdkafka: 'transactional.id', check: text },
  {
    kafka: 'transaction.timeout.ms',
    role: 'producer',
    librdkafka: 'transaction.timeout.ms',
    check: integer(1000),
    javaDefault: 60_000,
  },
  {
    kafka: 'delivery.timeout.ms',
    role: 'producer',
    librdkafka: 'message.timeout.ms',
    check: integer(0),
    javaDefault: 120_000,
    librdkafkaDefault: 300_000,
  },
  {
    kafka: 'max.request.size',
    role: 'producer',
    librdkafka: 'message.max.bytes',
    check: integer(1000, 1_000_000_000),
    javaDefault: 1_048_576,
    librdkafkaDefault: 1_000_000,
  },
  {
    kafka: 'partitioner',
    role: 'producer',
    librdkafka: 'partitioner',
    check: oneOf(
      'murmur2',
      'murmur2_random',
      'random',
      'consistent',
      'consistent_random',
      'fnv1a',
      'fnv1a_random',
    ),
    javaDefault: 'murmur2',
    librdkafkaDefault: 'consistent_random',
    convert: javaPartitioner,
  },
  {
    kafka: 'transaction.size',
    role: 'producer',
    librdkafka: null,
    check: integer(1),
    ownPin: { value: 1_000, reason: 'records in one transaction; only with transactional.id' },
  },

  {
    kafka: 'fetch.min.bytes',
    role: 'consumer',
    librdkafka: 'fetch.min.bytes',
    check: integer(1, 100_000_000),
    javaDefault: 1,
  },
  {
    kafka: 'fetch.max.bytes',
    role: 'consumer',
    librdkafka: 'fetch.max.bytes',
    check: integer(1_000, 2_147_483_135),
    javaDefault: 52_428_800,
  },
  {
    kafka: 'fetch.max.wait.ms',
    role: 'consumer',
    librdkafka: 'fetch.wait.max.ms',
    check: integer(0, 300_000),
    javaDefault: 500,
  },
  {
    kafka: 'max.partition.fetch.bytes',
    role: 'consumer',
    librdkafka: 'max.partition.fetch.bytes',
    check: integer(1, 1_000_000_000),
    javaDefault: 1_048_576,
  },
  {
    kafka: 'session.timeout.ms',
    role: 'consumer',
    librdkafka: 'session.timeout.ms',
    check: integer(1, 3_600_000),
    javaDefault: 45_000,
  },
  {
    kafka: 'heartbeat.interval.ms',
    role: 'consumer',
    librdkafka: 'heartbeat.interval.ms',
    check: integer(1, 3_600_000),
    javaDefault: 3_000,
  },
  {
    kafka: 'max.poll.interval.ms',
    role: 'consumer',
    librdkafka: 'max.poll.interval.ms',
    check: integer(1, 86_400_000),
    javaDefault: 300_000,
  },
  {
    kafka: 'group.id',
    role: 'consumer',
    librdkafka: null,
    check: text,
    ownPin: { value: 'ksweep', reason: 'prefix of the groups’ names; each repeat has groups of its own' },
  },
  { kafka: 'group.instance.id', role: 'consumer', librdkafka: null, check: text },
  {
    kafka: 'group.protocol',
    role: 'consumer',
    librdkafka: 'group.protocol',
    check: oneOf('classic', 'consumer'),
    javaDefault: 'classic',
  },
  {
    kafka: 'group.remote.assignor',
    role: 'consumer',
    librdkafka: 'group.remote.assignor',
    check: oneOf('uniform', 'range'),
  },
  {
    kafka: 'enable.auto.commit',
    role: 'consumer',
    librdkafka: 'enable.auto.commit',
    check: boolean,
    javaDefault: true,
  },
  {
    kafka: 'auto.commit.interval.ms',
    role: 'consumer',
    librdkafka: 'auto.commit.interval.ms',
    check: integer(0, 86_400_000),
    javaDefault: 5_000,
  },
  {
    kafka: 'auto.offset.reset',
    role: 'consumer',
    librdkafka: 'auto.offset.reset',
    check: oneOf('earliest', 'latest', 'none'),
    javaDefault: 'latest',
    ownPin: { value: 'earliest', reason: 'every record of a repeat has to be read' },
    convert: offsetReset,
  },
  {
    kafka: 'isolation.level',
    role: 'consumer',
    librdkafka: 'isolation.level',
    check: oneOf('read_uncommitted', 'read_committed'),
    javaDefault: 'read_uncommitted',
    librdkafkaDefault: 'read_committed',
  },
  {
    kafka: 'max.poll.records',
    role: 'consumer',
    librdkafka: null,
    check: integer(1, 1_000_000),
    javaDefault: 500,
  },
  {
    kafka: 'check.crcs',
    role: 'consumer',
    librdkafka: 'check.crcs',
    check: boolean,
    javaDefault: true,
    librdkafkaDefault: false,
  },
  {
    kafka: 'partition.assignment.strategy',
    role: 'consumer',
    librdkafka: 'partition.assignment.strategy',
    check: text,
    javaDefault: 'range',
    librdkafkaDefault: 'range,roundrobin',
    convert: strategy,
  },
];

/** librdkafka settings that have no counterpart in Java, and would otherwise set limits that Java does not have. */
export const LIBRDKAFKA_PINS: Readonly<Record<'producer' | 'consumer', Readonly<Record<string, Scalar>>>> = {
  // Java bounds its buffer and its batches by bytes alone.
  producer: { 'queue.buffering.max.messages': 1_000_000, 'batch.num.messages': 1_000_000 },
  // Its default of 1 s stalls a consumer whose queue was full for a moment (librdkafka issue 3662).
  consumer: { 'fetch.queue.backoff.ms': 5 },
};

/** Properties of the Java client that can't be honoured here, and why. */
export const REFUSED: Readonly<Record<string, string>> = {
  'default.api.timeout.ms': 'librdkafka has no such setting; each call of ksweep has its own limit',
  'max.block.ms': 'a full queue is back-pressure here: ksweep counts it as schedule delay and never blocks',
  'key.serializer': 'payloads and keys are bytes',
  'value.serializer': 'payloads and keys are bytes',
  'key.deserializer': 'payloads and keys are bytes',
  'value.deserializer': 'payloads and keys are bytes',
  'interceptor.classes': 'there are no Java classes to load',
  'partitioner.class': 'there are no Java classes to load; use `partitioner`',
  'metric.reporters': 'there are no Java classes to load',
  'receive.buffer.bytes': 'librdkafka calls it socket.receive.buffer.bytes',
  'send.buffer.bytes': 'librdkafka calls it socket.send.buffer.bytes',
  'request.required.acks': 'write acks',
  'compression.codec': 'write compression.type',
  'max.in.flight': 'write max.in.flight.requests.per.connection',
  'message.send.max.retries': 'write retries',
  'queue.buffering.max.ms': 'write linger.ms',
  'message.timeout.ms': 'write delivery.timeout.ms',
  'fetch.wait.max.ms': 'write fetch.max.wait.ms',
  'metadata.broker.list': 'write bootstrap.servers',
  'plugin.library.paths': 'ksweep loads no foreign libraries into its clients',
  interceptors: 'ksweep loads no foreign libraries into its clients',
  opaque: 'ksweep matches delivery reports by it',
  dr_cb: 'ksweep decides on delivery reports: see load.timing',
  dr_msg_cb: 'ksweep decides on delivery reports: see load.timing',
  rebalance_cb: 'ksweep handles rebalances itself',
  'delivery.report.only.error': 'ksweep decides on delivery reports: see load.timing',
  'enable.partition.eof': 'ksweep knows the end of a partition from the brokers',
};

/** Names that belong into the client properties file, where secrets are kept out of workloads and manifests. */
export const isSecurity = (name: string): boolean =>
  /^(sasl|ssl|security|https|enable\.ssl|enable\.sasl)[._]/.test(name);
