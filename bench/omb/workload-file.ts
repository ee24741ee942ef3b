import { z } from 'zod';
import { KsweepError } from '../common/errors.ts';
import { problemsOf } from '../common/yaml/issues.ts';
import type { YamlSource } from '../common/yaml/yaml-source.ts';
import { readYamlFile } from '../workload/read-yaml-file.ts';

/** A workload file of OpenMessaging Benchmark: the fields of its class Workload, and of its forks. */

const count = z.int().min(0);

export const ombWorkloadSchema = z.strictObject({
  name: z.string().optional(),
  topics: z.int().min(1),
  partitionsPerTopic: z.int().min(1),
  keyDistributor: z.enum(['NO_KEY', 'KEY_ROUND_ROBIN', 'RANDOM_NANO']).optional(),
  messageSize: z.int().min(1).optional(),
  /** Weight by range of sizes, such as {"0-256": 234}: of its newer versions. */
  messageSizeDistribution: z.record(z.string(), z.number()).optional(),
  useRandomizedPayloads: z.boolean().optional(),
  randomBytesRatio: z.number().min(0).max(1).optional(),
  randomizedPayloadPoolSize: count.optional(),
  payloadFile: z.string().optional(),
  subscriptionsPerTopic: count.default(0),
  producersPerTopic: count.default(0),
  consumerPerSubscription: count.default(0),
  producerRate: count.default(0),
  consumerBacklogSizeGB: z.number().min(0).default(0),
  backlogDrainRatio: z.number().min(0).max(1).optional(),
  testDurationMinutes: z.number().positive(),
  warmupDurationMinutes: z.number().min(0).default(1),
});
export type OmbWorkload = z.output<typeof ombWorkloadSchema>;

/** Fields of forks that have no place here, and why. */
export const FORK_FIELDS: Readonly<Record<string, string>> = {
  existingTopicList: 'ksweep writes to one topic: name it with topic: {name: …, existing: true}',
  existingProduceTopicList: 'ksweep writes to one topic: name it with topic: {name: …, existing: true}',
  existingConsumeTopicList: 'ksweep reads one topic: name it with topic: {name: …, existing: true}',
  producerRateList: 'write the rates as load.rate: {steps: [{rate: …, for: …}]}',
  partitionsPerTopicList: 'sweep over them: sweep.axes.partitions',
  consumerOnly: 'set load.producers to 0',
  producerOnly: 'set consumers.groups to 0',
  topicPrefix: 'topics that a run makes are named by topic.name',
};

export interface ReadOmbFile<T> {
  readonly file: string;
  readonly value: T;
  /** Fields that were left out, as the file names them. */
  readonly leftOut: readonly string[];
  readonly locate: YamlSource['locate'];
}

/**
 * Reads one of OMB's YAML files by a schema, with every problem told at once.
 * @param known fields that are no error, and are not read
 * @param refuse throws for a file whose other fields say nothing
 * Throws workload-missing or workload-invalid.
 */
export function readOmbFile<S extends z.ZodObject>(
  file: string,
  schema: S,
  known: Readonly<Record<string, string>>,
  refuse?: (yaml: YamlSource) => void,
): ReadOmbFile<z.output<S>> {
  const { yaml } = readYamlFile(file);
  refuse?.(yaml);
  const { value } = yaml;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new KsweepError('workload-invalid', `${file} holds no settings`, {
      details: [`${yaml.locate([])}: expected a map of OpenMessaging Benchmark's fields`],
    });
  }
  const entries = Object.entries(value);
  const leftOut = entries.map(([key]) => key).filter((key) => Object.hasOwn(known, key));
  const input = Object.fromEntries(entries.filter(([key]) => !leftOut.includes(key)));
  const parsed = schema.safeParse(input);
  if (parsed.success) return { file, value: parsed.data, leftOut, locate: yaml.locate };
  const problems = problemsOf(parsed.error.issues, input, (path) =>
    path.length === 0 ? Object.keys(schema.shape) : [],
  );
  throw new KsweepError('workload-invalid', `${file} cannot be imported`, {
    details: problems.map(
      ({ path, at, message }) => `${yaml.locate(path, at)}: ${path.join('.')}: ${message}`,
    ),
  });
}

export const readOmbWorkload = (file: string): ReadOmbFile<OmbWorkload> =>
  readOmbFile(file, ombWorkloadSchema, FORK_FIELDS);
