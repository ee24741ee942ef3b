import { z } from 'zod';
import { parseProperties } from '../client/security/properties-file.ts';
import { KsweepError } from '../common/errors.ts';
import type { YamlSource } from '../common/yaml/yaml-source.ts';
import { type ReadOmbFile, readOmbFile } from './workload-file.ts';

/** A Kafka driver file of OpenMessaging Benchmark; its four blocks are Java properties as text. */

const KAFKA_DRIVER = 'io.openmessaging.benchmark.driver.kafka.KafkaBenchmarkDriver';

const driverSchema = z.strictObject({
  name: z.string().optional(),
  driverClass: z.literal(KAFKA_DRIVER),
  replicationFactor: z.int().min(1).default(1),
  topicConfig: z.string().default(''),
  commonConfig: z.string().default(''),
  producerConfig: z.string().default(''),
  consumerConfig: z.string().default(''),
});
export type OmbDriver = z.output<typeof driverSchema>;

/** Fields of forks, and why they are not carried over. */
export const DRIVER_FORK_FIELDS: Readonly<Record<string, string>> = {
  reset: 'a run deletes the topics that it made, and no others',
  zoneAwareConfig: 'clients are not spread over zones: set consumer.client.rack',
};

/** Throws workload-invalid, naming `driverClass`, for the driver of another system. */
export function readOmbDriver(file: string): ReadOmbFile<OmbDriver> {
  return readOmbFile(file, driverSchema, DRIVER_FORK_FIELDS, (yaml) => refuseOtherSystems(file, yaml));
}

/** What else stands in another system's file is no mistake: only that it is another system's has to be said. */
function refuseOtherSystems(file: string, yaml: YamlSource): void {
  const given = (yaml.value as { driverClass?: unknown } | null)?.driverClass;
  if (given === KAFKA_DRIVER) return;
  throw new KsweepError('workload-invalid', `${file} is no driver of Kafka's own clients`, {
    details: [
      `${yaml.locate(['driverClass'])}: driverClass: expected ${KAFKA_DRIVER}, got ${given === undefined ? 'nothing' : String(given)}`,
    ],
    hint: 'ksweep measures Kafka; import the workload with one of OMB’s driver-kafka files, or without a driver',
  });
}

/** The properties of one block, by key. */
export const propertiesOf = (block: string, field: string): ReadonlyMap<string, string> =>
  new Map([...parseProperties(block, field)].map(([key, { value }]) => [key, value.trim()]));
