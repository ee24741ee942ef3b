import type { LatencySummary } from '../results/latency.ts';
import type { Produced } from './produce.ts';
import { latencyText, type Verdict } from './verdict.ts';

/** Behind its schedule by more than this share, or this long, a load was not the one that was asked for. */
const LATE_SHARE = 0.01;
const LATE_MS = 100;

export interface ProducerFacts {
  readonly numRecords: number;
  readonly perSec: number | null;
  readonly acksZero: boolean;
  readonly transactional: boolean;
  readonly produced: Produced;
  /** By how much the brokers' end offsets moved; null where it is not known. */
  readonly grown: number | null;
  /** The topic was made by the brokers when the client asked for it. */
  readonly autoCreated: { readonly partitions: number; readonly replicationFactor: number } | null;
}

/** What can be believed of a producer's figures, and the figures that the tool does not have. Pure. */
export function judgeProducer(facts: ProducerFacts): Verdict {
  const { numRecords, perSec, acksZero, transactional, produced, grown, autoCreated } = facts;
  const { sent, acked, failed, unsettled, aborted, abortedRecords, latencyUs, queueFullMs } = produced;
  const reasons: string[] = [];
  if (produced.interrupted) reasons.push(`interrupted after ${sent} of ${numRecords} records`);
  if (failed > 0) reasons.push(`${failed} records failed (${codes(produced.errorsByCode)})`);
  if (unsettled > 0) reasons.push(`${unsettled} records were never reported on`);
  if (aborted > 0) reasons.push(`${aborted} transactions were aborted, with ${abortedRecords} records`);
  const lost = grown === null ? null : Math.max(0, acked - grown);
  if (lost !== null && lost > 0)
    reasons.push(`${lost} acknowledged records are not in the topic, by its end offsets`);
  const plannedMs = perSec === null ? null : ((sent - 1) * 1000) / perSec;
  const lateMs = plannedMs === null ? 0 : produced.sendingMs - plannedMs;
  if (plannedMs !== null && lateMs > Math.max(LATE_MS, LATE_SHARE * plannedMs)) {
    reasons.push(
      `the last record was sent ${Math.round(lateMs)} ms late: --throughput ${perSec} was not offered${
        queueFullMs > 0 ? ` (the client's queue was full for ${Math.round(queueFullMs)} ms)` : ''
      }`,
    );
  }
  const extra = grown === null || transactional ? null : Math.max(0, grown - acked);
  return {
    valid: reasons.length === 0,
    reasons,
    notes: [
      'the lines of the tool count latency from the call of send, in whole ms: a record that had to wait before that call shows nothing of it; due→ack below does',
      ...(perSec === null
        ? ['without --throughput no record has a due time, and latency tells how deep the client’s queue is']
        : []),
      ...(acksZero
        ? ['with acks=0 nothing is acknowledged: latencies end when the record was written to a socket']
        : []),
      ...(autoCreated === null
        ? []
        : [
            `the topic was not there: the brokers made it by their own defaults, with ${autoCreated.partitions} partitions and ${autoCreated.replicationFactor} replicas`,
          ]),
      ...(extra !== null && extra > 0
        ? [`the topic grew by ${extra} records more: another producer's, or sent twice`]
        : []),
      ...(lost === null ? ['loss was not checked: the brokers did not tell the end offsets'] : []),
    ],
    lines: [
      `acknowledged ${acked} of ${numRecords} records, ${failed} failed, ${lost ?? 'not checked'} lost`,
      ...(['due-to-ack', 'sent-to-ack', 'due-to-sent'] as const).flatMap((name) => {
        const summary: LatencySummary | null = latencyUs[name];
        return summary === null ? [] : [latencyText(name.replaceAll('-to-', '→'), summary)];
      }),
    ],
    figures: {
      records: { asked: numRecords, sent, acknowledged: acked, failed, unsettled, lost, extra },
      rate: {
        offeredPerSec: perSec,
        achievedPerSec: produced.elapsedMs > 0 ? (acked * 1000) / produced.elapsedMs : 0,
        achievedBytesPerSec: produced.elapsedMs > 0 ? (produced.ackedBytes * 1000) / produced.elapsedMs : 0,
      },
      latencyUs,
      transactions: { committed: produced.committed, aborted, abortedRecords },
      generator: { cpuPercent: produced.cpuPercent, queueFullMs, lateMs: Math.max(0, lateMs) },
      errorsByCode: produced.errorsByCode,
    },
  };
}

const codes = (errors: Readonly<Record<string, number>>): string =>
  Object.entries(errors)
    .map(([code, count]) => `${code} ${count}`)
    .join(', ');
