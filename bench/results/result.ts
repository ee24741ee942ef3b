import { z } from 'zod';
import { hostFigures } from './host-figures.ts';
import { latencySummary } from './latency-summary.ts';
import { loadHosts } from './load-hosts.ts';

/**
 * result.json: with manifest.json, plan.jsonl and series.csv the only contract between measuring and everything
 * downstream of it (reports, thresholds, compare, sizing, history). JSON Schema: schemas/result.schema.json.
 */

export const RESULT_SCHEMA_VERSION = 1;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Why a repeat is not valid, or failed; `code` is stable, `message` is for people. */
export const reasonSchema = z.strictObject({ code: z.string(), message: z.string() });
export type Reason = z.infer<typeof reasonSchema>;

/** How near a resource was to its limit, 0 to 1, and whether it is what held the repeat back. */
const binding = z.strictObject({
  resource: z.string(),
  share: z.number(),
  evidence: z.string(),
  binds: z.boolean(),
});
export type Binding = z.infer<typeof binding>;

export const repeatResultSchema = z.strictObject({
  schemaVersion: z.literal(RESULT_SCHEMA_VERSION),
  runId: z.string(),
  cellId: z.string(),
  block: z.int(),
  /** 0, or how many invalid attempts this one replaced. */
  attempt: z.int(),
  /** valid: may be compared. invalid: measured, but not to be believed. failed: no measurement. */
  outcome: z.enum(['valid', 'invalid', 'failed']),
  reasons: z.array(reasonSchema),
  /** Facts that weaken the figures without making them invalid, such as a broker on the same host. */
  notes: z.array(reasonSchema),
  settings: z.record(z.string(), scalar),
  startedAt: z.string(),
  finishedAt: z.string(),
  phasesMs: z.record(z.string(), z.number()),
  window: z.strictObject({
    /** Seconds of the series cut off as warm-up (fixed warm-up, then MSER-5). */
    warmupSec: z.number(),
    measuredSec: z.number(),
    /** null where nobody could tell: a window under 10 s, or a load that changes by design. */
    steady: z.boolean().nullable(),
  }),
  rate: z.strictObject({
    kind: z.enum(['fixed', 'max', 'steps', 'shape', 'consume']),
    /** Records that were due in the window, a second; null at max rate. */
    offeredPerSec: z.number().nullable(),
    /** Records acknowledged in the window, a second. */
    achievedPerSec: z.number(),
    achievedBytesPerSec: z.number(),
    /** Records received in the window, a second, summed over groups. */
    receivedPerSec: z.number(),
    receivedBytesPerSec: z.number(),
    /** achieved ÷ offered; null at max rate. */
    achievedOverOffered: z.number().nullable(),
  }),
  /** Whole repeat, warm-up and drain included: nothing may be lost anywhere. */
  counts: z.strictObject({
    due: z.number(),
    sent: z.number(),
    acknowledged: z.number(),
    failed: z.number(),
    received: z.number(),
    /** null where it was not checked: no consumers, or a process without a report. */
    lost: z.number().nullable(),
    duplicated: z.number().nullable(),
    outOfOrder: z.number(),
    foreign: z.number(),
    queueFull: z.number(),
    committedTransactions: z.number(),
    abortedTransactions: z.number(),
    /** Deliveries of share groups; absent where there is none. */
    share: z
      .strictObject({
        /** Of records that had been delivered before. */
        redelivered: z.number(),
        /** Given back by the handler, and refused for good. */
        released: z.number(),
        rejected: z.number(),
        /** Given back at the last delivery that the brokers allow. */
        exhausted: z.number(),
        /** Handled for longer than the lock: another member got them. */
        expired: z.number(),
      })
      .optional(),
  }),
  errorsByCode: z.record(z.string(), z.number()),
  /** null where it was not measured (max rate, counts only, produce-only …). */
  latencyUs: z.strictObject({
    'due-to-ack': latencySummary.nullable(),
    'sent-to-ack': latencySummary.nullable(),
    'due-to-sent': latencySummary.nullable(),
    'end-to-end': latencySummary.nullable(),
  }),
  /** Records between the end offset and the group's position, summed over partitions and groups. */
  lag: z
    .strictObject({
      maxRecords: z.number(),
      finalRecords: z.number(),
      slopePerSec: z.number(),
      growing: z.boolean(),
    })
    .nullable(),
  /** CPU in percent of one core over the window; null where it cannot be seen. */
  cpu: z.strictObject({
    producersPercent: z.number().nullable(),
    consumersPercent: z.number().nullable(),
    brokersPercent: z.number().nullable(),
    producerUsPerMB: z.number().nullable(),
    consumerUsPerMB: z.number().nullable(),
    brokerUsPerMB: z.number().nullable(),
  }),
  bytes: z.strictObject({
    /** Key, value and header bytes of the records acknowledged in the whole repeat. */
    payload: z.number(),
    /** Bytes the producers wrote to and the consumers read from their sockets (librdkafka's tx_bytes, rx_bytes). */
    producerWire: z.number().nullable(),
    consumerWire: z.number().nullable(),
    /** Log bytes of the topic on the brokers' disks, replicas included; null where the broker is not local. */
    brokerDisk: z.number().nullable(),
    /** Produce requests the producers sent, retries included; absent in runs of older versions. */
    produceRequests: z.number().nullable().optional(),
    wirePerRecord: z.number().nullable(),
    diskPerRecord: z.number().nullable(),
    /** payload ÷ producerWire and payload × replicas ÷ brokerDisk. */
    wireCompressionRatio: z.number().nullable(),
    diskCompressionRatio: z.number().nullable(),
  }),
  generator: z.strictObject({
    eventLoopDelayP99Us: z.number(),
    eventLoopDelayMaxUs: z.number(),
    /**
     * From the client's thread taking a report or a record, which is when it is timed, to the generator's reading it; the
     * worst second of any generator. Absent where nothing was read, and in runs of older versions.
     */
    noticeDelayP99Us: z.number().optional(),
    noticeDelayMaxUs: z.number().optional(),
    /** The busiest generator, percent of one core. */
    cpuMaxPercent: z.number(),
    queueFullMs: z.number(),
    wasLimit: z.boolean(),
  }),
  /** Hosts that generated load; absent in runs of older versions. */
  hosts: z.array(hostFigures).optional(),
  /** Absent where all generators were on the coordinator's host. */
  loadHosts: loadHosts.optional(),
  /** What each broker's own metrics said over the window, by its address; absent where none were read. */
  brokers: z.record(z.string(), z.record(z.string(), z.number().nullable())).optional(),
  /** What the protocol told of the topic every few seconds of the window; absent where it told nothing, and in runs of older versions. */
  topicAsSeen: z
    .strictObject({
      looks: z.int(),
      /** Partitions that each broker led at the last look, by its id; −1 are without a leader. */
      leaders: z.record(z.string(), z.int()),
      /** Partitions whose leader was another one than at the look before, summed. */
      leaderChanges: z.int(),
      /** Fewest in-sync replicas of any partition at any look. */
      inSyncMin: z.int(),
      /** Looks at which a partition had fewer in-sync replicas than replicas. */
      underReplicatedLooks: z.int(),
    })
    .optional(),
  /** What the producers saw of each broker over the window, by host:port/id, summed; absent in runs of older versions. */
  brokersAsSeen: z
    .record(
      z.string(),
      z.strictObject({
        requests: z.number(),
        roundTripUs: z.number(),
        roundTripMaxUs: z.number(),
        throttleMs: z.number(),
        sentBytes: z.number(),
      }),
    )
    .optional(),
  /** Resources by how near to their limit they were, the nearest first; absent in runs of older versions. */
  boundBy: z.array(binding).optional(),
  consumers: z.array(
    z.strictObject({
      name: z.string(),
      group: z.string(),
      partitions: z.array(z.int()),
      received: z.number(),
      /** True where the group had no partition left for it. */
      idle: z.boolean(),
      rebalances: z.int(),
      /** Time without an assignment after the first one, ms. */
      rebalancingMs: z.number(),
    }),
  ),
  /** Disruptions as they happened, and how long until records flowed at the offered rate again. */
  disruptions: z.array(
    z.strictObject({ atSec: z.number(), action: z.string(), recoverySec: z.number().nullable() }),
  ),
  /** Groups that began late: how they caught up with the end of the topic; absent where there are none. */
  lateGroups: z
    .array(
      z.strictObject({
        group: z.string(),
        /** After the start of the load, s. */
        beganSec: z.number(),
        behindRecords: z.number().nullable(),
        /** From then until it was a second's records behind; null where the load ended before. */
        caughtUpSec: z.number().nullable(),
        readPerSec: z.number().nullable(),
      }),
    )
    .optional(),
  drain: z.strictObject({ complete: z.boolean(), missing: z.array(z.string()) }),
  /** Where the rate was searched: the answer as an interval; the figures above are those at `lowPerSec`. */
  search: z
    .strictObject({
      lowPerSec: z.number().nullable(),
      highPerSec: z.number().nullable(),
      failed: z.array(z.string()),
      limitedBy: z.enum(['cluster', 'generator', 'range', 'probes', 'time']),
      probes: z.array(
        z.strictObject({
          ratePerSec: z.number(),
          sustained: z.boolean(),
          failed: z.array(z.string()),
          generatorLimited: z.boolean(),
        }),
      ),
    })
    .optional(),
});
export type RepeatResult = z.infer<typeof repeatResultSchema>;
