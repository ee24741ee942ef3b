import type { Driver } from '../driver.ts';
import Kafka, { version } from './addon.ts';
import { ConfluentAdmin } from './admin.ts';
import { ConfluentConsumer } from './consumer.ts';
import { ConfluentProducer } from './producer.ts';

/** Kafka's clients by librdkafka, through Confluent's addon. */
export const confluentDriver: Driver = {
  versions: { client: `@confluentinc/kafka-javascript ${version}`, librdkafka: Kafka.librdkafkaVersion },
  createProducer: (settings, reports, handlers) => new ConfluentProducer(settings, reports, handlers),
  createConsumer: (settings, handlers) => new ConfluentConsumer(settings, handlers),
  createAdmin: (settings) => new ConfluentAdmin(settings),
};
