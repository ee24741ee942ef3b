import type { Consumed } from './consume.ts';
import { latencyText, type Verdict } from './verdict.ts';

export interface ConsumerFacts {
  readonly numRecords: number;
  readonly records: number;
  readonly bytes: number;
  readonly timeoutMs: number;
  readonly consumed: Consumed;
  /** Whether records that were sent before are read, or only new ones. */
  readonly fromLatest: boolean;
}

/** What can be believed of a consumer's figures, and the figures that the tool does not have. Pure. */
export function judgeConsumer(facts: ConsumerFacts): Verdict {
  const { numRecords, records, bytes, timeoutMs, consumed, fromLatest } = facts;
  const { skippedOffsets, duplicated, ageUs, elapsedMs, rebalances } = consumed;
  const reasons: string[] = [];
  if (consumed.interrupted) reasons.push(`interrupted after ${records} of ${numRecords} records`);
  else if (records < numRecords) {
    const why = consumed.assigned ? '' : ': no partition was ever assigned';
    reasons.push(`${records} of ${numRecords} records: none came for ${timeoutMs} ms${why}`);
  }
  if (duplicated !== null && duplicated > 0) reasons.push(`${duplicated} records came twice`);
  return {
    valid: reasons.length === 0,
    reasons,
    notes: [
      'MB count the values of records, not their keys; the tool counts both',
      'the time to join the group is in MB.sec and nMsg.sec, and not in the fetch figures, as in the tool',
      ...(skippedOffsets !== null && skippedOffsets > 0
        ? [
            `${skippedOffsets} offsets hold no record: transaction markers, aborted records, compaction, or loss`,
          ]
        : []),
      ...(skippedOffsets === null ? ['of several topics neither loss nor duplicates are told'] : []),
      ...(rebalances > 0 ? [`${rebalances} rebalances`] : []),
    ],
    lines: [
      `received ${records} of ${numRecords} records, ${duplicated ?? 'not checked'} twice, ${skippedOffsets ?? 'not checked'} offsets without a record`,
      ...(ageUs === null
        ? []
        : [
            latencyText(
              fromLatest ? 'from its timestamp to received' : 'age when received (a backlog’s is no latency)',
              ageUs,
            ),
          ]),
    ],
    figures: {
      records: { asked: numRecords, received: records, duplicated, skippedOffsets },
      bytes,
      rate: {
        receivedPerSec: elapsedMs > 0 ? (records * 1000) / elapsedMs : 0,
        receivedBytesPerSec: elapsedMs > 0 ? (bytes * 1000) / elapsedMs : 0,
      },
      ageUs,
      rebalances,
      generator: { cpuPercent: consumed.cpuPercent },
      errorsByCode: consumed.errorsByCode,
    },
  };
}
