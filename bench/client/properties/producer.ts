import type { Scalar } from '../../common/scalar.ts';
import { socketBuffer } from './common.ts';
import { boolean, integer, oneOf, type Property, text } from './property.ts';

const kbytes = (value: Scalar): Scalar => Math.max(1, Math.ceil(Number(value) / 1024));
const javaPartitioner = (value: Scalar): Scalar => (value === 'murmur2' ? 'murmur2_random' : value);

/** Java takes zstd up to 22; librdkafka refuses every level above 12. */
export const CODEC_LEVELS = { gzip: [1, 9], lz4: [1, 12], zstd: [1, 12] } as const;

const NARROWER = {
  lz4: 'Java takes up to 17, librdkafka up to 12',
  zstd: 'Java takes up to 22, librdkafka up to 12',
} as const;

export const PRODUCER: readonly Property[] = [
  {
    kafka: 'request.timeout.ms',
    role: 'producer',
    librdkafka: 'request.timeout.ms',
    check: integer(1, 900_000),
    javaDefault: 30_000,
  },
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
      ...(codec in NARROWER ? { narrower: NARROWER[codec as keyof typeof NARROWER] } : {}),
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
  {
    kafka: 'retries',
    role: 'producer',
    librdkafka: 'retries',
    check: integer(0),
    javaDefault: 2_147_483_647,
  },
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
    kafka: 'receive.buffer.bytes',
    role: 'producer',
    librdkafka: 'socket.receive.buffer.bytes',
    check: integer(-1, 100_000_000),
    javaDefault: 32_768,
    librdkafkaDefault: 0,
    convert: socketBuffer,
  },
];
