import { z } from 'zod';
import { loadSchema } from './load-schema.ts';
import { payloadSchema } from './payload-schema.ts';
import { durationMs, sizeBytes } from './quantities.ts';

/**
 * The workload file. Input types are what a user writes (units as text), output types what the rest of ksweep
 * reads (milliseconds, bytes, records a second). Kafka settings keep Kafka's own (Java) names throughout.
 */

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const count = z.int().min(0);
const positive = z.int().min(1);
const share = z.number().min(0).max(1);
/** What a producer draws before its order of keys starts over, and holds in memory: of more keys the rest never come up. */
const cardinality = z
  .int()
  .min(1)
  .max(4_194_304, 'at most 4194304 keys: every producer holds them in memory')
  .default(10_000);
/** Arrays of a figure a partition go through every repeat; no cluster has more. */
const partitions = positive.max(1_000_000, 'at most 1000000 partitions');

const topicSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,200}$/, 'expected a legal topic name: letters, digits, ".", "_", "-"')
    .optional()
    .meta({
      description:
        'Used as given where `existing`, else as the prefix of the topics made; default: ksweep-<run>.',
    }),
  existing: z
    .boolean()
    .default(false)
    .meta({ description: 'Use the named topic as it is, and never delete it.' }),
  partitions: partitions.default(6),
  replicationFactor: positive.default(1),
  configs: z
    .record(z.string(), scalar)
    .default({})
    .meta({ description: 'Topic configs by their Kafka names.' }),
});

const sizeSchema = z.union([
  sizeBytes,
  z.strictObject({ distribution: z.literal('uniform'), min: sizeBytes, max: sizeBytes }),
  z.strictObject({ distribution: z.literal('lognormal'), median: sizeBytes, p99: sizeBytes }),
  z.strictObject({
    distribution: z.literal('weighted'),
    weights: z
      .record(
        z.string().regex(/^\d+(-\d+)?$/, 'expected a size or a range in bytes, such as "0-256"'),
        z.number().positive(),
      )
      .meta({ description: 'Weight by size range in bytes, such as {"0-256": 234, "256-1024": 12}.' }),
  }),
]);

const keysSchema = z.union([
  z.literal('none'),
  z.strictObject({ distribution: z.enum(['round-robin', 'uniform']), cardinality }),
  z.strictObject({
    distribution: z.literal('zipf'),
    cardinality,
    exponent: z.number().positive().default(1),
  }),
]);

const recordsSchema = z.strictObject({
  size: sizeSchema.optional().meta({
    description:
      'Payload bytes; default 1024, or the lengths found in the file or that follow from the schema.',
  }),
  payload: payloadSchema.default({ source: 'json' }),
  corpus: sizeBytes.optional().meta({
    description:
      'Bytes of distinct payloads; default: large enough that no batch meets a payload again soon (≥ 32 MiB, ≥ 64 × batch.size).',
  }),
  keys: keysSchema.default('none'),
  headers: z.record(z.string(), z.string()).default({}),
  stamp: z.enum(['payload', 'header', 'none']).default('payload').meta({
    description:
      'Where run, producer, sequence and due time go: over the first 24 payload bytes, into a header, or nowhere (produce-only runs).',
  }),
});

const consumersSchema = z.strictObject({
  type: z.enum(['consumer', 'share']).default('consumer').meta({
    description:
      'consumer: each partition has one reader. share: a share group (KIP-932, Kafka 4.2): members share partitions record by record.',
  }),
  groups: count.default(1).meta({ description: 'Consumer groups; 0 for a produce-only run.' }),
  perGroup: positive.default(1).meta({ description: 'Consumers (processes) in each group.' }),
  handler: durationMs
    .default(0)
    .meta({ description: 'Processing time of one record, such as 1ms (slept, not spun).' }),
  concurrency: positive.default(1).meta({ description: 'Records one consumer handles at a time.' }),
  backlog: count.default(0).meta({
    description: 'Records to produce before the consumers start; they then start behind by that many.',
  }),
  late: z
    .strictObject({
      groups: positive.default(1).meta({ description: 'How many of the groups begin late: the last ones.' }),
      after: durationMs.meta({ description: 'After the start of the measured window.' }),
    })
    .optional()
    .meta({
      description:
        'Groups that read from the beginning of the topic while the others are at its end (cold reads).',
    }),
  release: share.default(0).meta({
    description: 'Share groups: share of the deliveries whose handler gives the record back, 0 to 1.',
  }),
  reject: share.default(0).meta({
    description: 'Share groups: share of the deliveries whose handler wants the record never to come again.',
  }),
  groupConfigs: z.record(z.string(), scalar).default({}).meta({
    description: 'Configs of each group by their Kafka names, such as share.record.lock.duration.ms.',
  }),
});

/** On a cluster that is not yours alone: where it suffers, the run stops itself. */
const guardSchema = z.strictObject({
  underReplicated: count.optional().meta({
    description:
      'Partitions of all topics that may lack replicas in sync or a leader; beyond it the run stops.',
  }),
  lag: z.record(z.string(), count).default({}).meta({
    description: 'Records by which groups of others may be behind, by their names.',
  }),
  roundTrip: durationMs.optional().meta({
    description: 'Mean time that brokers may take to answer a produce request.',
  }),
  for: durationMs.default(5_000).meta({
    description: 'How long a limit has to be exceeded without a break.',
  }),
});

/** What happens to the cluster or the consumers while a repeat is measured, and when. */
const disruptionSchema = z.strictObject({
  at: durationMs.meta({ description: 'After the start of the measured window.' }),
  action: z.enum(['pause-broker', 'kill-broker', 'stop-consumer', 'kill-consumer', 'add-consumer']),
  target: count.default(0).meta({ description: 'Broker or consumer index, from 0.' }),
  for: durationMs
    .optional()
    .meta({ description: 'pause-broker: how long; kill-broker: after which it is started again.' }),
});

const axisValue = z.union([
  scalar,
  z.strictObject({ steps: z.array(z.record(z.string(), scalar)).min(1) }),
  z.record(z.string(), z.union([scalar, z.record(z.string(), scalar)])),
]);

const sweepSchema = z.strictObject({
  axes: z.record(z.string(), z.array(axisValue).min(1)).meta({
    description:
      'Setting → its values: batch.size, linger.ms, acks, compression.type, partitions, producers, consumers, groups, size, rate, or a full path such as consumer.fetch.min.bytes. A value may be a map that sets several at once.',
  }),
  exclude: z
    .array(z.record(z.string(), z.union([scalar, z.array(scalar)])))
    .default([])
    .meta({
      description: 'Combinations to leave out: a cell that matches every entry of one map is dropped.',
    }),
  design: z
    .union([
      z.literal('full'),
      z.strictObject({ screen: z.strictObject({}) }),
      z.strictObject({
        'latin-hypercube': z.strictObject({
          cells: z.int().min(2),
          seed: z
            .int()
            .min(0)
            .max(0xffff_ffff)
            .optional()
            .meta({ description: 'Default: the workload’s seed.' }),
        }),
      }),
      z.strictObject({
        halving: z.strictObject({
          metric: z
            .string()
            .default('due-to-ack p99')
            .meta({ description: 'What the cells are ranked by, as a threshold names it.' }),
          keep: z
            .number()
            .min(0.1)
            .max(0.9)
            .default(0.5)
            .meta({ description: 'Share of the cells that goes on to the next round.' }),
          finalists: z.int().min(1).default(2).meta({ description: 'Number of cells that get all repeats.' }),
        }),
      }),
    ])
    .optional()
    .meta({
      description:
        'Which combinations run. full: all; the default up to 64, and asked for by name beyond. screen: first value against last of each axis, a two-level fraction of resolution IV. latin-hypercube: a number of cells, spread evenly. halving: all in the first block, the better share of them in the next ones, and so on.',
    }),
});

export const workloadSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'expected lower-case letters, digits and hyphens'),
  description: z.string().default(''),
  topic: topicSchema.prefault({}),
  records: recordsSchema.prefault({}),
  load: loadSchema.prefault({}),
  consumers: consumersSchema.prefault({}),
  producer: z
    .record(z.string(), scalar)
    .default({})
    .meta({ description: 'Producer settings by their Kafka names.' }),
  consumer: z
    .record(z.string(), scalar)
    .default({})
    .meta({ description: 'Consumer settings by their Kafka names.' }),
  brokers: z
    .strictObject({
      metrics: z
        .array(z.string())
        .default([])
        .meta({ description: 'Pages of the brokers’ own metrics (Prometheus text), one per broker.' }),
    })
    .prefault({}),
  guard: guardSchema.optional(),
  disruptions: z.array(disruptionSchema).default([]),
  sweep: sweepSchema.optional(),
  repeats: positive
    .max(10_000, 'at most 10000 blocks')
    .default(1)
    .meta({ description: 'Blocks: each runs every cell once, in a seeded random order.' }),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  thresholds: z.array(z.string()).default([]).meta({
    description: 'Such as "due-to-ack p99 < 20ms", "achieved/offered >= 0.99", "lost == 0".',
  }),
});

/** A workload as the user writes it. */
export type WorkloadInput = z.input<typeof workloadSchema>;
/** A workload with every default filled in and every figure in base units. */
export type Workload = z.output<typeof workloadSchema>;
export type RecordsSpec = Workload['records'];
export type SizeSpec = NonNullable<RecordsSpec['size']>;
export type GuardSpec = NonNullable<Workload['guard']>;
export type Disruption = Workload['disruptions'][number];
