import type { Driver } from '../driver.ts';
import { loadAddon } from './addon.ts';
import { BatchAdmin } from './admin.ts';
import { BatchConsumer } from './consumer.ts';
import { BatchProducer } from './producer.ts';
import { BatchShareConsumer } from './share-consumer.ts';

/** Kafka's clients by librdkafka, through ksweep's own addon: columns instead of objects, in any thread. */
export function batchDriver(): Driver {
  const addon = loadAddon();
  return {
    name: 'batch',
    versions: { client: 'ksweep batch client', librdkafka: addon.librdkafka },
    errorName: addon.errorName,
    createProducer: (settings, options, handlers) => new BatchProducer(settings, options, handlers),
    createConsumer: (settings, options, handlers) => new BatchConsumer(settings, options, handlers),
    createShareConsumer: (settings, options, handlers) => new BatchShareConsumer(settings, options, handlers),
    createAdmin: (settings) => new BatchAdmin(settings),
  };
}
