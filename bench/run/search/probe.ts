import type { RepeatResult } from '../../results/result.ts';
import type { LatencyLimit } from '../../workload/latency-limit.ts';
import type { ProbeOutcome } from './search.ts';

const MIN_ACHIEVED = 0.995;
/** Records that may be on their way at the window's edges: at a few hundred in all, one is more than 0.5 %. */
const EDGE_RECORDS = 2;

/**
 * Of a repeat's reasons those that have a criterion of their own here, which is as strict or stricter. Near its capacity
 * a cluster's p99 wanders for longer than a window: a drift that keeps the limits is told, and fails no probe.
 */
const OWN_CRITERIA = new Set([
  'not-sustained',
  'lost',
  'failed-records',
  'lag-growing',
  'generator-limit',
  'host-delayed',
  'host-limit',
  'not-steady',
]);

/** What says that the load, and not the cluster, was the limit. */
const HELD_BACK = new Set(['generator-limit', 'host-delayed', 'host-limit']);

export interface ProbeJudgement extends ProbeOutcome {
  /** Criteria that could not be looked at although none failed: the probe tells nothing of the cluster. */
  readonly unknown: readonly string[];
}

const ms = (us: number): string => (us / 1000).toFixed(1);

/**
 * Sustained: achieved ÷ offered ≥ 0.995, nothing lost or undelivered, lag not growing, the latency limit held, and
 * nothing else that makes a repeat invalid (duplicates, disorder, aborted transactions, no end of the drain). Not for a
 * repeat that failed, which measured nothing.
 */
export function judgeProbe(
  ratePerSec: number,
  result: RepeatResult,
  limit: LatencyLimit | null,
): ProbeJudgement {
  const failed: string[] = [];
  const unknown: string[] = [];
  const { counts, rate, lag, latencyUs, generator, consumers } = result;
  if (counts.lost === null) {
    if (consumers.length > 0) unknown.push('loss was not checked');
  } else if (counts.lost > 0) failed.push(`${counts.lost} records lost`);
  if (counts.failed > 0) failed.push(`${counts.failed} records not delivered`);
  const achieved = rate.achievedOverOffered ?? 0;
  const shortRecords = ((rate.offeredPerSec ?? 0) - rate.achievedPerSec) * result.window.measuredSec;
  if (achieved < MIN_ACHIEVED && shortRecords > EDGE_RECORDS) {
    failed.push(`achieved/offered ${achieved.toFixed(4)} < ${MIN_ACHIEVED}`);
  }
  if (lag?.growing === true) failed.push(`consumer lag growing by ${lag.slopePerSec.toFixed(0)} records/s`);
  if (lag === null && consumers.length > 0) unknown.push('consumer lag was not seen');
  if (limit !== null) {
    const name = `${limit.latency} ${limit.percentile}`;
    const observed = latencyUs[limit.latency]?.percentilesUs[limit.percentile] ?? null;
    if (observed === null) unknown.push(`${name} has too few samples`);
    else if (observed > limit.limitUs) {
      failed.push(`${name} ${ms(observed)} ms > ${limit.limitUs / 1000} ms`);
    }
  }
  for (const { code, message } of result.reasons) if (!OWN_CRITERIA.has(code)) failed.push(message);
  const held = result.reasons.find(({ code }) => HELD_BACK.has(code));
  if (generator.wasLimit) failed.unshift(held?.message ?? 'the load generator was the limit');
  return {
    ratePerSec,
    sustained: failed.length === 0,
    failed,
    generatorLimited: generator.wasLimit,
    unknown: failed.length === 0 ? unknown : [],
  };
}
