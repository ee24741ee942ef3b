import { z } from 'zod';
import { checkShared, hardwareShape, whyNotSurvived } from './demand.ts';
import {
  capacityField,
  countField,
  durationField,
  multiplierField,
  rateField,
  retentionField,
  shareField,
  sizeField,
  throughputField,
  usedShareField,
} from './quantity.ts';

/** The demand file of `ksweep size granular`: the questions of eventsizer (NetApp), one list a tier. */

const name = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, 'expected letters, digits, ".", "_", "-"');
const label = z.string().min(1).optional();
/** Events a second, or uncompressed bytes, which the message size turns into events. */
const rate = rateField;
/** eventsizer's largest message is 1 MB. */
const messageSize = sizeField.refine((bytes) => bytes >= 1 && bytes <= 1e6, {
  message: 'expected 1 byte to 1MB, uncompressed',
});
const replicationFactor = countField(1).refine((count) => count <= 6, {
  message: 'expected 1 to 6 replicas',
});
const inEvents = (one: { kind: 'records' | 'bytes'; perSec: number }, messageSize: number) =>
  ({ kind: 'records', perSec: one.kind === 'records' ? one.perSec : one.perSec / messageSize }) as const;
const savedShare = shareField.refine((share) => share < 1, {
  message: 'saves everything; expected a share below 1',
});

const producerSchema = z
  .strictObject({
    name,
    type: label,
    average: rate,
    /** At the daily peak; default: the average. */
    peak: rate.optional(),
    messageSize,
    /** Such as json or avro; for the reader only. */
    format: label,
    replicationFactor: replicationFactor.default(3),
    minInsyncReplicas: countField(1, 6).optional(),
    retention: retentionField.default(7 * 86_400),
    /** Older segments in object storage, kept for `archive`; `retention` is then what stays on the brokers. */
    tiered: z.strictObject({ archive: retentionField }).optional(),
    growth: multiplierField.default(1),
    instances: countField(1, 1e6).optional(),
    /** Default: as the run measured it, else eventsizer's 60 %. */
    compression: savedShare.optional(),
  })
  .transform((producer) => ({
    ...producer,
    average: inEvents(producer.average, producer.messageSize),
    peak: producer.peak === undefined ? undefined : inEvents(producer.peak, producer.messageSize),
  }));

/** How long one event takes, or "benchmarked": what one consumer of the run could read. */
const processingTime = z.union([z.literal('benchmarked'), durationField]);

const processorSchema = z.strictObject({
  name,
  type: label,
  processingTime,
  concurrency: countField(1, 1e6).default(1),
  outputRetention: retentionField.default(7 * 86_400),
  /** Share of the events that come out again; may be above 1 where one event becomes several. */
  passthrough: z
    .union([z.string(), z.number()])
    .transform((value, context) => {
      const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(String(value).trim());
      if (match !== null) return Number(match[1]) / (match[2] === '%' ? 100 : 1);
      context.addIssue({ code: 'custom', message: `"${value}" is not a share; expected 100% or 1` });
      return z.NEVER;
    })
    .default(1),
  sources: z.array(z.string()).min(1, 'expected at least one producer or processor'),
});

const consumerSchema = z.strictObject({
  name,
  type: label,
  processingTime,
  concurrency: countField(1, 1e6).default(1),
  sources: z.array(z.string()).min(1, 'expected at least one producer or processor'),
});

export const granularDemandSchema = z
  .strictObject({
    producers: z.array(producerSchema).min(1, 'expected at least one producer'),
    processors: z.array(processorSchema).default([]),
    consumers: z.array(consumerSchema).default([]),
    utilizationAverage: usedShareField.default(0.6),
    utilizationPeak: usedShareField.default(0.8),
    perPartition: throughputField.optional(),
    rebuildTime: durationField.optional(),
    volumeSize: capacityField.optional(),
    raid10: z.boolean().default(false),
    ...hardwareShape,
  })
  .superRefine((demand, context) => {
    checkShared(demand, context);
    const refuse = (path: PropertyKey[], message: string) =>
      context.issues.push({ code: 'custom', path, message, input: demand });
    demand.producers.forEach((producer, i) => {
      if (producer.peak !== undefined && producer.peak.perSec < producer.average.perSec) {
        refuse(['producers', i, 'peak'], 'is below the average; expected at least as much');
      }
    });
    checkNames(demand, refuse);
    demand.producers.forEach(({ replicationFactor: rf, minInsyncReplicas: inSync }, i) => {
      if (inSync !== undefined && inSync > rf) {
        refuse(
          ['producers', i, 'minInsyncReplicas'],
          `${inSync} of ${rf} replicas can never be in sync; expected at most ${rf}`,
        );
      }
    });
    checkFailures(demand, refuse);
    if (demand.raid10 && (demand.volumes ?? 1) % 2 !== 0) {
      refuse(
        ['volumes'],
        `RAID 10 mirrors volumes in pairs; expected an even number, not ${demand.volumes ?? 1}`,
      );
    }
  });

export type GranularDemand = z.output<typeof granularDemandSchema>;

/** The rule of the other modes for each topic: the one that the brokers to be lost hurt least has to survive. */
function checkFailures(
  demand: {
    readonly failures?: number | 'zone' | undefined;
    readonly zones?: number | undefined;
    readonly producers: readonly { replicationFactor: number; minInsyncReplicas?: number | undefined }[];
  },
  refuse: (path: PropertyKey[], message: string) => void,
): void {
  const { failures, producers } = demand;
  if (failures === undefined) return;
  const most = Math.max(...producers.map((producer) => producer.replicationFactor));
  const reasons = producers.map((producer) =>
    whyNotSurvived(
      producer.replicationFactor,
      producer.minInsyncReplicas,
      failures,
      demand.zones ?? Math.min(most, 3),
    ),
  );
  const [first] = reasons;
  if (first != null && reasons.every((reason) => reason !== null)) refuse(['failures'], first);
}

function checkNames(
  demand: {
    producers: readonly { name: string }[];
    processors: readonly { name: string; sources: readonly string[] }[];
    consumers: readonly { name: string; sources: readonly string[] }[];
  },
  refuse: (path: PropertyKey[], message: string) => void,
): void {
  const topics = new Set<string>();
  for (const tier of ['producers', 'processors'] as const) {
    demand[tier].forEach((one, i) => {
      if (topics.has(one.name)) refuse([tier, i, 'name'], `"${one.name}" is there twice`);
      topics.add(one.name);
    });
  }
  for (const tier of ['processors', 'consumers'] as const) {
    demand[tier].forEach((one, i) => {
      one.sources.forEach((source, j) => {
        if (!topics.has(source)) {
          refuse(
            [tier, i, 'sources', j],
            `"${source}" is not a producer or processor; there are ${[...topics].join(', ')}`,
          );
        }
      });
    });
  }
  const cycle = findCycle(demand.processors);
  if (cycle !== undefined) {
    const at = demand.processors.findIndex((one) => one.name === cycle);
    refuse(['processors', at, 'sources'], `"${cycle}" reads what it writes, through its sources`);
  }
}

/** A processor that is upstream of itself, if any. */
function findCycle(processors: readonly { name: string; sources: readonly string[] }[]): string | undefined {
  const sourcesOf = new Map(processors.map((one) => [one.name, one.sources]));
  for (const { name: start } of processors) {
    const seen = new Set<string>();
    const open = [...(sourcesOf.get(start) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === start) return start;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(sourcesOf.get(next) ?? []));
    }
  }
  return undefined;
}
