import * as assert from 'uvu/assert';
import type { RepeatResult } from '../../bench/results/result.ts';

export function only(results: readonly RepeatResult[]): RepeatResult {
  assert.is(results.length, 1);
  return results[0] as RepeatResult;
}

/** Whatever the machine's noise makes of the latency: every record arrived, once, in order. */
export function assertComplete(result: RepeatResult, groups = 1): void {
  const { counts } = result;
  assert.is.not(result.outcome, 'failed', JSON.stringify(result.reasons));
  assert.is(counts.acknowledged, counts.due);
  assert.is(counts.received, counts.acknowledged * groups);
  assert.equal([counts.lost, counts.duplicated, counts.outOfOrder, counts.failed], [0, 0, 0, 0]);
  assert.ok(result.drain.complete);
}
