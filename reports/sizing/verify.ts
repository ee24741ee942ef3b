import type { RepeatResult } from '../../bench/results/result.ts';
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
  /** Where it did not hold: whether the cluster is to blame, or the measurement, which then says nothing of it. */
  readonly blame: 'cluster' | 'measurement';
  /** What was seen, worst repeat. */
  readonly observed: string;
  readonly expected: string;
}

interface Verification {
  /** held: every check in every repeat. failed: the cluster did not carry it. unknown: the measurement can't tell. */
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
 * Whether the recommended configuration carried the demand: all planned repeats measured and valid, achieved ÷ offered
 * ≥ 0.995, nothing lost or failed, lag not growing, and every consumer with partitions of its own. One repeat that
 * fails by the cluster's fault fails it all; one that says nothing of the cluster leaves it unknown.
 */
export function verify(results: readonly RepeatResult[], planned: number): Verification {
  const measured = results.filter((result) => result.outcome !== 'failed');
  const invalid = measured.filter((result) => result.outcome === 'invalid');
  const share = (result: RepeatResult) => result.rate.achievedOverOffered ?? 0;
  const short = measured.filter((result) => share(result) < MIN_ACHIEVED);
  const lost = measured.reduce((sum, result) => sum + (result.counts.lost ?? 0) + result.counts.failed, 0);
  const growing = measured.filter((result) => result.lag?.growing === true).length;
  const unseen = measured.filter((result) => result.lag === null).length;
  const idle = Math.max(
    0,
    ...measured.map((result) => result.consumers.filter((consumer) => consumer.idle).length),
  );
  const lowest = worst(measured.map(share), Math.min);
  const checks: Check[] = [
    {
      name: 'repeats measured',
      held: measured.length >= Math.max(1, planned),
      blame: 'measurement',
      observed: `${measured.length} of ${planned}`,
      expected: 'all',
    },
    {
      name: 'valid repeats',
      held: invalid.length === 0,
      blame: 'measurement',
      observed: `${measured.length - invalid.length} of ${measured.length}`,
      expected: 'all',
    },
    {
      name: 'achieved ÷ offered',
      held: lowest >= MIN_ACHIEVED,
      blame: short.some((result) => !result.generator.wasLimit) ? 'cluster' : 'measurement',
      observed: Number.isNaN(lowest) ? 'nothing' : lowest.toFixed(4),
      expected: `at least ${MIN_ACHIEVED}`,
    },
    {
      name: 'records lost or failed',
      held: lost === 0,
      blame: 'cluster',
      observed: String(lost),
      expected: '0',
    },
    {
      name: 'consumer lag',
      held: growing === 0 && unseen === 0,
      blame: growing > 0 ? 'cluster' : 'measurement',
      observed:
        growing > 0 ? `growing in ${growing}` : unseen > 0 ? `not measured in ${unseen}` : 'not growing',
      expected: 'not growing',
    },
    { name: 'idle consumers', held: idle === 0, blame: 'cluster', observed: String(idle), expected: '0' },
  ];
  const broken = checks.filter((check) => !check.held);
  const byCluster = broken.some((check) => check.blame === 'cluster');
  return {
    verdict: broken.length === 0 ? 'held' : byCluster ? 'failed' : 'unknown',
    checks,
    notes: [...limitedNotes(measured), ...reasonNotes(results)],
  };
}

function limitedNotes(measured: readonly RepeatResult[]): Note[] {
  const limited = measured.filter((result) => result.generator.wasLimit).length;
  if (limited === 0) return [];
  const text = `the load generator held the load back in ${limited} of ${measured.length} repeats: they say less of the cluster`;
  return [{ code: 'client-limited', text }];
}

/** Why repeats failed or are invalid. */
function reasonNotes(results: readonly RepeatResult[]): Note[] {
  const texts = results.flatMap(({ outcome, block, reasons }) =>
    outcome === 'valid' ? [] : reasons.map(({ message }) => `repeat ${block} is ${outcome}: ${message}`),
  );
  return texts.map((text) => ({ code: 'invalid-repeat', text }));
}
