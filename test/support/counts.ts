import type { RepeatResult } from '../../bench/results/result.ts';

/** Counts of a repeat in which every record arrived once. */
export const countsOf = (records: number): RepeatResult['counts'] => ({
  due: records,
  sent: records,
  acknowledged: records,
  failed: 0,
  received: records,
  lost: 0,
  duplicated: 0,
  outOfOrder: 0,
  foreign: 0,
  queueFull: 0,
  committedTransactions: 0,
  abortedTransactions: 0,
});
