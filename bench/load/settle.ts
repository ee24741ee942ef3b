import type { Reports } from './reports.ts';

/** What became of a producer's records, as far as its client told. */
export interface Account {
  /** Records acknowledged and not taken back by an aborted transaction. */
  readonly acked: number;
  readonly ackedBytes: number;
  /** Records of which nobody knows whether they arrived. */
  readonly unsettled: number;
  /** Sequences that no consumer has to have read: failed, or of an aborted transaction. */
  readonly failedSequences: Float64Array;
}

/**
 * Draws a producer's account at its end. Without reports the client alone knows how many records it still holds.
 * @param handed what was handed to the client; `held` of it are still there, infinity where it cannot say: then none is known to have arrived
 * @param abortedSequences from and to (exclusive) of each aborted transaction
 */
export function settle(
  handed: {
    readonly sent: number;
    readonly sentBytes: number;
    readonly timed: boolean;
    readonly held: number;
  },
  reports: Pick<Reports, 'acked' | 'ackedBytes' | 'failed' | 'failedSequences'>,
  abortedSequences: readonly (readonly [from: number, to: number])[],
): Account {
  const { sent, sentBytes, timed, held } = handed;
  const unsettled = Math.min(sent - reports.failed, held);
  const acked = timed ? reports.acked : sent - reports.failed - unsettled;
  // Of an aborted transaction's records some may have failed before: each is taken off once.
  const notToBeRead = new Set(reports.failedSequences);
  let aborted = 0;
  for (const [from, to] of abortedSequences) {
    for (let sequence = from; sequence < to; sequence++) {
      if (!notToBeRead.has(sequence)) aborted++;
      notToBeRead.add(sequence);
    }
  }
  return {
    acked: Math.max(0, acked - aborted),
    ackedBytes: timed ? reports.ackedBytes : sent === 0 ? 0 : (sentBytes * acked) / sent,
    unsettled,
    failedSequences: Float64Array.from(notToBeRead),
  };
}
