import { z } from 'zod';
import { designRecordSchema } from './design.ts';
import { clusterInfoSchema, environmentSchema, loadHostInfosSchema } from './ground.ts';

/** manifest.json: what was run, where and how. JSON Schema: schemas/manifest.schema.json. */

export const MANIFEST_SCHEMA_VERSION = 1;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A run that measured two configurations in the same blocks: which cell belongs to which side. */
const againstSchema = z.strictObject({
  /** The run whose configuration is the base; it was measured again here. */
  runId: z.string(),
  /** That configuration, resolved, and the folder that its payload path is relative to. */
  workload: z.record(z.string(), z.unknown()),
  baseDir: z.string(),
  /** Ids of the cells that are compared. */
  pairs: z.array(z.strictObject({ base: z.string(), candidate: z.string() })),
  /** Settings that differ, such as "producer.linger.ms: 5 against 20"; none for the same against itself. */
  differences: z.array(z.string()),
});
export type Against = z.infer<typeof againstSchema>;

const pinnedSchema = z.strictObject({
  producer: z.record(z.string(), scalar),
  consumer: z.record(z.string(), scalar),
});

export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(MANIFEST_SCHEMA_VERSION),
  runId: z.string(),
  name: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** The workload with every default filled in. */
  workload: z.record(z.string(), z.unknown()),
  workloadFile: z.string().nullable(),
  /** What the workload asks: its first comment. */
  question: z.string().optional(),
  workloadSha256: z.string(),
  /** The --set overrides, in order. */
  set: z.array(z.string()),
  seed: z.int(),
  blocks: z.int(),
  cells: z.array(
    z.strictObject({ id: z.string(), label: z.string(), settings: z.record(z.string(), scalar) }),
  ),
  excluded: z.array(z.strictObject({ settings: z.record(z.string(), scalar), reason: z.string() })),
  /** Client settings that nobody set and that were pinned in every cell, since librdkafka's default differs from Java's. */
  pinned: pinnedSchema,
  /** What further was pinned in single cells, by their ids. */
  pinnedByCell: z.record(z.string(), pinnedSchema).optional(),
  environment: environmentSchema,
  /** Hosts that the run began to generate its load on; absent where it was this one. */
  loadHosts: loadHostInfosSchema.optional(),
  cluster: clusterInfoSchema,
  /** Digest and measured compressibility of the payload corpus. */
  corpus: z.record(z.string(), z.unknown()).nullable(),
  thresholds: z.array(z.string()),
  command: z.string(),
  against: againstSchema.optional(),
  design: designRecordSchema.optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;
