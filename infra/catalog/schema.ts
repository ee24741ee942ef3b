import { z } from 'zod';

/**
 * The hardware catalogue's files (infra/catalog/*.json). Every file holds its as-of date and its source; a figure
 * that is not documented is null, and nothing is ever sized with it.
 */

const asOf = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2026-07-20')
  .meta({ description: 'The day for which the figures of this file hold.' });
const positive = z.number().positive();

const instanceTypeSchema = z.strictObject({
  type: z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'expected an instance type such as m6i.large'),
  arch: z.enum(['x86_64', 'arm64']),
  vcpus: z.int().positive(),
  memoryGiB: positive,
  /** Gb/s in each direction (full duplex); burst is best effort, for 5 to 60 minutes. */
  network: z.strictObject({ baselineGbps: positive.nullable(), burstGbps: positive.nullable() }),
  /** MB/s and 16 KiB operations a second to EBS; burst holds for 30 minutes, at least once a day. */
  ebs: z
    .strictObject({
      baselineMBps: positive,
      burstMBps: positive,
      baselineIops: positive,
      burstIops: positive,
    })
    .nullable(),
  /** Instance store, GB (10^9); null where the type has none. */
  localNvmeGB: positive.nullable(),
  /** Share of each vCPU that a burstable type may use forever; null for types that do not burst. */
  cpuBaselineShare: positive.max(1).nullable(),
});
export type InstanceType = z.infer<typeof instanceTypeSchema>;

export const instancesFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  asOf,
  source: z.string().min(1),
  notes: z.array(z.string()).default([]),
  types: z.array(instanceTypeSchema).min(1),
});
export type InstancesFile = z.infer<typeof instancesFileSchema>;

const volumeTypeSchema = z.strictObject({
  type: z.enum(['gp3', 'io2']),
  maxSizeGiB: positive,
  includedIops: z.number().min(0),
  maxIops: positive,
  includedMiBps: z.number().min(0),
  maxMiBps: positive,
  maxMiBpsPerIops: positive,
  maxIopsPerGiB: positive,
});
export type VolumeType = z.infer<typeof volumeTypeSchema>;

export const volumesFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  asOf,
  source: z.string().min(1),
  types: z.array(volumeTypeSchema).min(1),
});

export const mskFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  asOf,
  source: z.string().min(1),
  /** Partition replicas (leaders and followers) a broker: recommended, and the most that still allows updates. */
  brokers: z.array(
    z.strictObject({ type: z.string(), recommended: z.int().positive(), maximum: z.int().positive() }),
  ),
});

/** Sequential writes to instance store, a disk: AWS documents IOPS alone, so somebody else's measurement. */
export const localNvmeFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  asOf,
  source: z.string().min(1),
  notes: z.array(z.string()).default([]),
  types: z.array(z.strictObject({ type: z.string(), disks: z.int().positive(), writeMBpsPerDisk: positive })),
});

/** Amazon MSK Express: what a broker sustains of clients' bytes, replication not counted, and its partitions. */
export const mskExpressFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  asOf,
  source: z.string().min(1),
  notes: z.array(z.string()).default([]),
  brokers: z.array(
    z.strictObject({
      type: z.string().regex(/^express\./, 'expected a type such as express.m7g.large'),
      ingressMBps: positive,
      egressMBps: positive,
      recommended: z.int().positive(),
      maximum: z.int().positive(),
    }),
  ),
});

const price = z.number().min(0);

/** Amazon MSK, Standard brokers; replication between them and their controllers are not charged. */
const mskPricesSchema = z.strictObject({
  brokersPerHour: z.record(z.string(), price).default({}),
  storagePerGBMonth: price.optional(),
  /** Provisioned storage throughput, a MiB/s. */
  throughputPerMBpsMonth: price.optional(),
  /** Tiered storage, a GB. */
  archivePerGBMonth: price.optional(),
});

/** On-demand prices of one region, in its currency. */
export const pricesFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  region: z.string().min(1),
  name: z.string().min(1),
  currency: z.string().length(3),
  asOf,
  source: z.strictObject({
    instances: z.string(),
    volumes: z.string(),
    crossZone: z.string(),
    objectStorage: z.string(),
  }),
  instancesPerHour: z.record(z.string(), price),
  gp3: z.strictObject({ perGBMonth: price, perExtraIopsMonth: price, perExtraMBpsMonth: price }),
  io2: z.strictObject({
    perGBMonth: price,
    /** Tiers in rising order; the last one has no upper end. */
    perIopsMonth: z.array(z.strictObject({ upToIops: positive.nullable(), price })).min(1),
  }),
  /** Traffic between zones of one region, a GB, charged in each direction. */
  crossZonePerGB: z.strictObject({ perDirection: price, directions: z.int().positive() }),
  /** Tiered storage of one's own brokers, a GB. */
  objectStoragePerGBMonth: price,
});

/** The prices that a cost is reckoned with; those of Amazon MSK are never shipped, only given. */
export interface Prices extends z.infer<typeof pricesFileSchema> {
  readonly msk?: (z.infer<typeof mskPricesSchema> & { readonly source: string }) | undefined;
}

/** What `--prices FILE` may replace: any part of a region's prices, with the date they hold for. */
export const priceOverridesSchema = z.strictObject({
  asOf,
  source: z.string().min(1).default('your price file'),
  currency: z.string().length(3).optional(),
  instancesPerHour: z.record(z.string(), price).default({}),
  gp3: pricesFileSchema.shape.gp3.partial().default({}),
  io2: pricesFileSchema.shape.io2.partial().default({}),
  crossZonePerGB: pricesFileSchema.shape.crossZonePerGB.partial().default({}),
  objectStoragePerGBMonth: price.optional(),
  msk: mskPricesSchema.optional(),
});
export type PriceOverrides = z.infer<typeof priceOverridesSchema>;
