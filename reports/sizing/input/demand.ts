import { z } from 'zod';
import { type Failures, lostOf, mayBeLost, usualMinInsync } from '../formulas/failures.ts';
import {
  capacityField,
  countField,
  durationField,
  failuresField,
  groupsField,
  multiplierField,
  networkField,
  rateField,
  retentionField,
  shareField,
  sizeField,
  throughputField,
  usedShareField,
} from './quantity.ts';

/** The demand files of sizing. What each key asks for stands in questions.ts; the units in quantity.ts. */

/** More of these than anybody runs: beyond them is a slip of the keyboard. */
const MOST_BROKERS = 10_000;
const MOST_CONSUMERS = 100_000;
const MOST_REPLICAS = 1e8;

/** One consumer group as the user writes it; what is left out is answered by the questions of the same name. */
const groupSchema = z.strictObject({
  name: z.string().min(1),
  /** Consumers that the group runs today. */
  consumers: countField(1, MOST_CONSUMERS).optional(),
  spares: countField(0, MOST_CONSUMERS).optional(),
  handler: durationField.optional(),
  concurrency: countField(1, 1e6).optional(),
  perConsumer: throughputField.optional(),
});

/** Questions about the hardware; shared by the modes that choose brokers. */
export const hardwareShape = {
  instance: z.string().optional(),
  platform: z.enum(['self-managed', 'msk']).default('self-managed'),
  region: z.string().default('us-east-1'),
  volume: z.enum(['gp3', 'io2', 'local']).optional(),
  volumes: countField(1, 100).optional(),
  volumeThroughput: throughputField.optional(),
  network: networkField.optional(),
  memory: capacityField.optional(),
  cores: countField(1, 10_000).optional(),
  diskSize: capacityField.optional(),
  diskThroughput: throughputField.optional(),
  diskFill: usedShareField.optional(),
  diskOverhead: multiplierField.optional(),
  networkWatermark: usedShareField.optional(),
  diskWatermark: usedShareField.optional(),
  perCore: throughputField.optional(),
  maxReplicas: countField(1, MOST_REPLICAS).optional(),
  zones: countField(1, 100).optional(),
  failures: failuresField.optional(),
  maxBrokers: countField(1, MOST_BROKERS).optional(),
  followerFetching: z.boolean().default(false),
};

/** Questions about the data that every mode asks. */
const dataShape = {
  recordSize: sizeField.optional(),
  compression: shareField.optional(),
  retention: retentionField.default(7 * 86_400),
  phase: z.enum(['test', 'some-loss', 'no-loss']).optional(),
  replicationFactor: countField(1).optional(),
  minInsyncReplicas: countField(1).optional(),
  utilizationAverage: usedShareField.default(0.6),
  utilizationPeak: usedShareField.default(0.8),
};

/** Average and peak of what is produced, and their growth. */
const trafficShape = {
  average: rateField.optional(),
  peak: rateField.optional(),
  peakFactor: multiplierField.optional(),
  growth: multiplierField.default(1),
};

interface Shared {
  average?: { kind: string; perSec: number } | undefined;
  peak?: { kind: string; perSec: number } | undefined;
  peakFactor?: number | undefined;
  recordSize?: number | undefined;
  compression?: number | undefined;
  replicationFactor?: number | undefined;
  minInsyncReplicas?: number | undefined;
  phase?: 'test' | 'some-loss' | 'no-loss' | undefined;
  zones?: number | undefined;
  failures?: number | 'zone' | undefined;
  utilizationAverage: number;
  utilizationPeak: number;
  brokers?: number | undefined;
  maxBrokers?: number | undefined;
}

type Refuse = (key: keyof Shared, message: string) => void;

/** The replication factor of each phase. Source: the user's Kafka notes. */
export const RF_OF_PHASE = { test: 1, 'some-loss': 2, 'no-loss': 3 } as const;

function checkTraffic({ average, peak, peakFactor }: Shared, refuse: Refuse): void {
  if (average === undefined || peak === undefined) return;
  if (peakFactor !== undefined) refuse('peakFactor', 'contradicts peak: give one of the two');
  if (average.kind !== peak.kind) {
    refuse('peak', 'is in another unit than average: give both in bytes or both in records per second');
  } else if (peak.perSec < average.perSec) refuse('peak', 'is below the average; expected at least as much');
}

function checkReplicas({ replicationFactor, minInsyncReplicas, phase }: Shared, refuse: Refuse): void {
  const byPhase = phase === undefined ? undefined : RF_OF_PHASE[phase];
  const rf = replicationFactor ?? byPhase ?? RF_OF_PHASE['no-loss'];
  if (rf > 6) refuse('replicationFactor', `${rf} replicas: expected 1 to 6`);
  if (byPhase !== undefined && rf < byPhase) {
    refuse('replicationFactor', `${rf} contradicts phase ${phase}, which needs ${byPhase}`);
  }
  if (minInsyncReplicas !== undefined && minInsyncReplicas > rf) {
    refuse(
      'minInsyncReplicas',
      `${minInsyncReplicas} of ${rf} replicas can never be in sync; expected at most ${rf}`,
    );
  }
}

/** One rule for every mode and topic: why the failures do not leave what producers with acks=all ask for. */
export function whyNotSurvived(
  replicationFactor: number,
  minInsyncReplicas: number | undefined,
  failures: Failures,
  zones: number,
): string | null {
  // With one zone nothing is left of anything: sizing says so itself.
  if (failures === 0 || (failures === 'zone' && zones === 1)) return null;
  const rf = replicationFactor;
  const lost = lostOf(rf, failures, zones);
  const what =
    failures === 'zone'
      ? `a zone holds ${lost} of ${rf} replicas`
      : `${lost} ${lost === 1 ? 'broker' : 'brokers'} may hold ${lost} replicas`;
  if (lost >= rf) {
    return `${what} and replicationFactor is ${rf}: every copy may be lost; raise replicationFactor`;
  }
  const inSync = minInsyncReplicas ?? usualMinInsync(rf);
  const room = mayBeLost(rf, inSync);
  if (lost <= room) return null;
  const origin = minInsyncReplicas === undefined ? ' (default: replicationFactor − 1)' : '';
  return `${what} of ${rf}, and minInsyncReplicas ${inSync}${origin} leaves room for ${room}: producers with acks=all would stop; lower minInsyncReplicas or raise replicationFactor`;
}

/** What is said to survive has to: a replica has to be left, and as many as producers with acks=all ask for. */
function checkFailures(demand: Shared, context: z.core.$RefinementCtx): void {
  const { phase, failures, zones, minInsyncReplicas } = demand;
  if (failures === undefined) return;
  const rf = demand.replicationFactor ?? RF_OF_PHASE[phase ?? 'no-loss'];
  const message = whyNotSurvived(rf, minInsyncReplicas, failures, zones ?? Math.min(rf, 3));
  if (message !== null) context.issues.push({ code: 'custom', path: ['failures'], message, input: demand });
}

/** Rules between the answers; each names the one to change. */
export function checkShared(demand: Shared, context: z.core.$RefinementCtx): void {
  const refuse: Refuse = (key, message) =>
    context.issues.push({ code: 'custom', path: [key], message, input: demand });
  checkTraffic(demand, refuse);
  checkReplicas(demand, refuse);
  if (demand.recordSize === 0) refuse('recordSize', 'expected at least 1 byte');
  if ((demand.recordSize ?? 0) > 100e6) {
    refuse(
      'recordSize',
      `${demand.recordSize} bytes per record; expected bytes (1 kB is written 1kB), at most 100MB`,
    );
  }
  if (demand.compression === 1) refuse('compression', 'saves everything; expected a share below 1');
  const { brokers, maxBrokers } = demand;
  if (brokers !== undefined && maxBrokers !== undefined && brokers > maxBrokers) {
    refuse('maxBrokers', `contradicts brokers: there are ${brokers}, and at most ${maxBrokers} may be`);
  }
}

/** For the modes with one replication factor; a pipeline has one for each topic. */
function checkSharedAndFailures(demand: Shared, context: z.core.$RefinementCtx): void {
  checkShared(demand, context);
  checkFailures(demand, context);
}

/** The demand of `ksweep size partitions`. */
export const partitionsDemandSchema = z
  .strictObject({
    ...trafficShape,
    ...dataShape,
    groups: z.union([groupsField, z.array(groupSchema).max(1000)]).default(1),
    handler: durationField.default(0),
    concurrency: countField(1, 1e6).default(1),
    spares: countField(0, MOST_CONSUMERS).default(1),
    keyed: z.boolean().optional(),
    hottestKeyShare: shareField.default(0),
    perPartition: throughputField.optional(),
    perConsumer: throughputField.optional(),
    latencyLimit: durationField.optional(),
    unavailabilityLimit: durationField.optional(),
    replicationLatency: durationField.optional(),
    electionTime: durationField.optional(),
    brokers: countField(1, MOST_BROKERS).optional(),
    existingReplicas: countField(0, MOST_REPLICAS).default(0),
    ...hardwareShape,
  })
  .superRefine(checkSharedAndFailures);

export type PartitionsDemand = z.output<typeof partitionsDemandSchema>;

/** The demand of `ksweep size simple`: a whole cluster by its traffic. */
export const simpleDemandSchema = z
  .strictObject({
    ...trafficShape,
    fanOut: countField(0, 1000).default(1),
    brokers: countField(1, MOST_BROKERS).optional(),
    ...dataShape,
    ...hardwareShape,
  })
  .superRefine((demand, context) => {
    checkSharedAndFailures(demand, context);
    if (demand.average === undefined && demand.peak === undefined) {
      context.issues.push({
        code: 'custom',
        path: ['average'],
        message: 'is missing; expected the traffic of the whole cluster such as 50MB/s',
        input: demand,
      });
    }
  });

/** The question of `ksweep size reverse`: what given brokers carry. */
export const reverseDemandSchema = z
  .strictObject({
    brokers: countField(1, MOST_BROKERS),
    average: rateField.optional(),
    peakFactor: multiplierField.default(2),
    fanOut: countField(0, 1000).default(1),
    ...dataShape,
    ...hardwareShape,
  })
  .superRefine(checkSharedAndFailures);
