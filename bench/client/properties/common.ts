import type { Scalar } from '../../common/scalar.ts';
import { integer, oneOf, type Property } from './property.ts';

/** Java's -1 leaves a buffer to the system; librdkafka's word for that is 0. */
export const socketBuffer = (value: Scalar): Scalar => (value === -1 ? 0 : value);

/** Properties that producers and consumers share. */
export const COMMON: readonly Property[] = [
  {
    kafka: 'client.dns.lookup',
    role: 'both',
    librdkafka: 'client.dns.lookup',
    check: oneOf('use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'),
    javaDefault: 'use_all_dns_ips',
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
  {
    kafka: 'socket.connection.setup.timeout.ms',
    role: 'both',
    librdkafka: 'socket.connection.setup.timeout.ms',
    check: integer(1_000),
    javaDefault: 10_000,
    librdkafkaDefault: 30_000,
  },
  {
    kafka: 'send.buffer.bytes',
    role: 'both',
    librdkafka: 'socket.send.buffer.bytes',
    check: integer(-1, 100_000_000),
    javaDefault: 131_072,
    librdkafkaDefault: 0,
    convert: socketBuffer,
  },
];
