import { z } from 'zod';

/** What `ksweep size granular --json` gives beside the common parts: numbers for each topic, tier and variant. */

/** Average or peak, today or at the horizon: what eventsizer prints each of its counts for. */
export const VARIANTS = ['average', 'peak', 'averageWithGrowth', 'peakWithGrowth'] as const;
export type Variant = (typeof VARIANTS)[number];
export type ByVariant<T> = Readonly<Record<Variant, T>>;

export const VARIANT_NAMES: ByVariant<string> = {
  average: 'average',
  peak: 'peak',
  averageWithGrowth: 'average with growth',
  peakWithGrowth: 'peak with growth',
};

function byVariantSchema<T extends z.ZodType>(value: T) {
  return z.strictObject({ average: value, peak: value, averageWithGrowth: value, peakWithGrowth: value });
}

const numbers = byVariantSchema(z.number());
const counts = byVariantSchema(z.int());
/** null where no number of partitions that was measured carries it. */
const partitions = byVariantSchema(z.int().nullable());

/** One topic: of a producer, or the output of a processor. */
export const topicAnswer = z.strictObject({
  name: z.string(),
  eventsPerSec: numbers,
  /** Uncompressed, and on the wire. */
  payloadBytesPerSec: numbers,
  wireBytesPerSec: numbers,
  replicationFactor: z.int(),
  retentionSec: z.number(),
  archiveSec: z.number().nullable(),
  /** Consumers and processors that read it. */
  readers: z.int(),
  /** As eventsizer counts them, at full utilization; and as recommended, with the headroom of the utilization. */
  partitions,
  partitionsWithHeadroom: partitions,
  /** Why there is no number of partitions; null where there is one. */
  unmet: z.string().nullable(),
  hotBytes: numbers,
  /** One copy: object storage keeps its own redundancy. */
  archiveBytes: numbers,
});
export type TopicAnswer = z.infer<typeof topicAnswer>;

/** A tier's instances: as eventsizer counts them, and with the headroom that the utilization leaves. */
export const tierAnswer = z.strictObject({
  name: z.string(),
  tier: z.enum(['producer', 'processor', 'consumer']),
  eventsPerSec: numbers,
  /** Events a second × processing seconds ÷ concurrency; null where nothing is processed (producers). */
  instances: counts.nullable(),
  withHeadroom: counts.nullable(),
  /** Producers say themselves how many they are. */
  stated: z.int().nullable(),
  /** The same at the horizon: what runs today grows with the traffic. */
  statedWithGrowth: z.int().nullable(),
});
export type TierAnswer = z.infer<typeof tierAnswer>;

/** null brokers: no number of them is enough. */
export const brokersByVariant = byVariantSchema(
  z.strictObject({ brokers: z.int().nullable(), binding: z.string() }),
);
