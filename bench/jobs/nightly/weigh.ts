import type { Policy } from './policy.ts';
import { type Rise, type RisePlace, riseAt, spoilOfSeries } from './rise.ts';
import type { Tail } from './tails.ts';

/** Parts of the limit at which a failure is kept: on a night that is back, and on any other. */
const KEPT_BACK = 1;
const KEPT = 1 / 5;

/** Part of its evidence that a run of just two nights counts for: two spoiled nights in a row are the usual error. */
const PAIR_PART = 1 / 8;

/** All runs of the last nights together, with the place of the likeliest; `evidence` is their sum. */
export interface Weighed extends Rise {
  /** Evidence from which the night fails. */
  readonly limit: number;
  /** Largest p that the evidence leaves. */
  readonly p: number;
  /** Whether that is enough for a warning; two nights alone count in full for it. */
  readonly warns: boolean;
}

export interface WeighInput {
  readonly logs: Float64Array;
  readonly margin: number;
  readonly own: Tail;
  readonly pool: Tail;
  readonly family: number;
  readonly policy: Policy;
}

/** Evidence from which a night fails: more for more series, less for a suite whose nights are often spoiled. */
function limitOf(input: WeighInput): number {
  const { margin, family, policy } = input;
  const { evidence, familyOffset, usualShare, mostShare, sharePower } = policy;
  const counted = Math.min(mostShare, Math.max(usualShare, spoilOfSeries(input, margin).share));
  return evidence * (family + familyOffset) * (usualShare / counted) ** sharePower;
}

/**
 * The evidence of all runs that end tonight: the sum over their first nights (Shiryaev and Roberts), but for tonight
 * as the only one, which fails nothing. Null without a run.
 */
export function weigh(runs: readonly Rise[], to: number, input: WeighInput): Weighed | null {
  const { confirmNights, longestRun, warnEvidence, warnPart } = input.policy;
  const longer = runs.filter(({ from }) => to - from >= confirmNights);
  const all = longer.length > 0 ? longer : runs;
  const counted = all.map((run) =>
    to - run.from <= confirmNights ? { ...run, evidence: PAIR_PART * run.evidence } : run,
  );
  if (counted.length === 0) return null;
  const likeliest = counted.reduce((best, one) => (one.evidence > best.evidence ? one : best));
  const evidence = counted.reduce((sum, one) => sum + one.evidence, 0);
  const lengths = longestRun - confirmNights + 1;
  const limit = limitOf(input);
  const full = all.reduce((sum, one) => sum + one.evidence, 0);
  const warns = full >= Math.min(warnEvidence, warnPart * limit);
  return { ...likeliest, evidence, limit, p: Math.min(1, lengths / evidence), warns };
}

/** Whether the nights since a failure began, the newest of them, would still come close to failing. */
export function stillHolds(place: RisePlace, isBack: boolean, input: WeighInput): boolean {
  const { logs, own, pool, margin, policy } = input;
  const from = Math.max(place.from, place.to - policy.longestRun);
  const newest = { ...place, from, baseTo: place.from };
  const rise = riseAt(logs, newest, { own, pool, direction: 'up' }, margin, Number.NEGATIVE_INFINITY);
  return rise !== null && rise.evidence >= limitOf(input) * (isBack ? KEPT_BACK : KEPT);
}
