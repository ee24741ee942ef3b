import type { Driver } from '../driver.ts';
import Kafka, { version } from './addon.ts';
import { ConfluentAdmin } from './admin.ts';
import { codeName } from './call.ts';
import { ConfluentConsumer } from './consumer.ts';
import { ConfluentProducer } from './producer.ts';

/** Kafka's clients by librdkafka, through Confluent's addon: what a Node application sees. */
export const confluentDriver: Driver = {
  name: 'confluent',
  versions: { client: `@confluentinc/kafka-javascript ${version}`, librdkafka: Kafka.librdkafkaVersion },
  errorName: codeName,
  createProducer: (settings, options, handlers) => new ConfluentProducer(settings, options, handlers),
  createConsumer: (settings, options, handlers) => new ConfluentConsumer(settings, options, handlers),
  createAdmin: (settings) => new ConfluentAdmin(settings),
};
