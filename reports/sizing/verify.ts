import type { RepeatResult } from '../../bench/result.ts';
import type { Capacity } from './capacity.ts';
import type { Note, SizingReport } from './report.ts';

/** Share of the curve's safe end that the demand to verify uses, after the utilization. */
export const DEFAULT_DEMAND_SHARE = 0.8;

/** Traffic to size for and then to offer, payload bytes a second. */
export interface VerifyDemand {
  readonly averageBytesPerSec: number;
  readonly peakBytesPerSec: number;
}

/**
 * A demand that the measured curve can carry: the given share of its highest lower bound, with the utilizations taken
 * off. Average and peak are set so that both ask for the same.
 */
export function demandFor(
  capacity: Capacity,
  share: number,
  utilization: { readonly average: number; readonly peak: number },
): VerifyDemand {
  const carried = Math.max(0, ...capacity.points.map((point) => point.low)) * share;
  return { averageBytesPerSec: carried * utilization.average, peakBytesPerSec: carried * utilization.peak };
}

/** One thing that has to be true of every repeat for the recommendation to have held. */
interface Check {
  readonly name: string;
  readonly held: boolean;
  /** What was seen, worst repeat. */
  readonly observed: string;
  readonly expected: string;
}

interface Verification {
  /** held: every check in every repeat. failed: the cluster did not carry it. unknown: the generator was the limit. */
  readonly verdict: 'held' | 'failed' | 'unknown';
  readonly checks: readonly Check[];
  readonly notes: readonly Note[];
}

/** What was measured, recommended and seen. */
export interface VerifyOutcome {
  readonly sizing: SizingReport;
  readonly demand: VerifyDemand;
  /** null where nothing could be recommended. */
  readonly verification: Verification | null;
  /** Run folders: the sweep, then the recommendation at its demand. */
  readonly runs: readonly string[];
  readonly machine: string;
}

/** As the search for a sustainable rate: achieved ÷ offered of at least this much. */
const MIN_ACHIEVED = 0.995;

const worst = (values: readonly number[], pick: (...numbers: number[]) => number) =>
  values.length === 0 ? Number.NaN : pick(...values);

/**
 * Whether the recommended configuration carried the demand: achieved ÷ offered ≥ 0.995, nothing lost or failed, lag
 * not growing, and every consumer with partitions of its own. Judged over all repeats; one that fails, fails it all.
 */
export function verify(results: readonly RepeatResult[]): Verification {
  const failed = results.filter((result) => result.outcome === 'failed');
  const measured = results.filter((result) => result.outcome !== 'failed');
  const achieved = measured.map((result) => result.rate.achievedOverOffered ?? 0);
  const lost = measured.reduce((sum, result) => sum + (result.counts.lost ?? 0) + result.counts.failed, 0);
  const growing = measured.filter((result) => result.lag?.growing === true).length;
  const unseen = measured.filter((result) => result.lag === null).length;
  const idle = Math.max(
    0,
    ...measured.map((result) => result.consumers.filter((consumer) => consumer.idle).length),
  );
  const lowest = worst(achieved, Math.min);
  const checks: Check[] = [
    {
      name: 'repeats measured',
      held: failed.length === 0 && measured.length > 0,
      observed: `${measured.length} of ${results.length}`,
      expected: 'all',
    },
    {
      name: 'achieved ÷ offered',
      held: lowest >= MIN_ACHIEVED,
      observed: Number.isNaN(lowest) ? 'nothing' : lowest.toFixed(4),
      expected: `at least ${MIN_ACHIEVED}`,
    },
    { name: 'records lost or failed', held: lost === 0, observed: String(lost), expected: '0' },
    {
      name: 'consumer lag',
      held: growing === 0 && unseen === 0,
      observed:
        unseen > 0 ? `not measured in ${unseen}` : growing > 0 ? `growing in ${growing}` : 'not growing',
      expected: 'not growing',
    },
    { name: 'idle consumers', held: idle === 0, observed: String(idle), expected: '0' },
  ];
  const limited = measured.filter((result) => result.generator.wasLimit).length;
  const notes: Note[] =
    limited === 0
      ? []
      : [
          {
            code: 'client-limited',
            text: `the load generator held the load back in ${limited} of ${measured.length} repeats: they say less of the cluster`,
          },
        ];
  const held = checks.every((check) => check.held);
  const onlyGenerator =
    limited > 0 && checks.every((check) => check.held || check.name === 'achieved ÷ offered');
  return { verdict: held ? 'held' : onlyGenerator ? 'unknown' : 'failed', checks, notes };
}
