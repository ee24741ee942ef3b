import type { Scalar } from '../../common/scalar.ts';
import { COMMON } from './common.ts';
import { CONSUMER } from './consumer.ts';
import { PRODUCER } from './producer.ts';
import type { Property } from './property.ts';

/** The one table between Kafka's names and librdkafka's. What is not in it passes by librdkafka's own name. */
export const PROPERTIES: readonly Property[] = [...COMMON, ...PRODUCER, ...CONSUMER];

/** librdkafka settings that have no counterpart in Java, and would otherwise set limits that Java does not have. */
export const LIBRDKAFKA_PINS: Readonly<Record<'producer' | 'consumer', Readonly<Record<string, Scalar>>>> = {
  // Java bounds its buffer and its batches by bytes alone.
  producer: { 'queue.buffering.max.messages': 1_000_000, 'batch.num.messages': 1_000_000 },
  // Its default of 1 s stalls a consumer whose queue was full for a moment (librdkafka issue 3662).
  consumer: { 'fetch.queue.backoff.ms': 5 },
};
