import { formatNumber } from '../../bench/common/format-number.ts';
import { carriedBy } from './capacity.ts';
import { formatBytesPerSec, plural } from './format.ts';
import type { PartitionProblem } from './partition-problem.ts';
import { type PartitionSolution, TINY_START, UNKNOWN_START } from './partitions.ts';
import type { GroupAnswer, Note, SizingReport } from './report.ts';

/** Rules of the user's Kafka notes and of the model, each where it applies. */
export function partitionAdvice(
  problem: PartitionProblem,
  solution: PartitionSolution,
  groups: readonly GroupAnswer[],
  phase: string | undefined,
): Note[] {
  const { demand } = problem;
  const notes: Note[] = [];
  const say = (code: string, text: string) => notes.push({ code, text });
  const partitions = solution.recommended;

  if (!demand.known) {
    say(
      'start-small',
      `The demand is not known: start at ${TINY_START} or ${UNKNOWN_START} partitions, watch throughput and consumer lag, and grow.`,
    );
  } else if (partitions !== null && partitions <= UNKNOWN_START && !demand.keyed) {
    say(
      'start-small',
      'Start small and grow with the lag: records without keys lose nothing when partitions are added.',
    );
  }
  say('never-shrink', 'A partition count can be raised at any time and never lowered.');
  if (demand.keyed) {
    say(
      'keys-remap',
      demand.growth > 1
        ? `Adding partitions sends keys to other partitions and breaks their order across the change: the count covers the growth of ${formatNumber(demand.growth)}× from the start.`
        : 'Adding partitions sends keys to other partitions and breaks their order across the change: state the growth (--growth) to have it covered from the start.',
    );
  }
  // Members of a share group may be more than the partitions; the price is the order within a partition (KIP-932).
  const byThroughput = solution.produce.low.partitions;
  if (demand.known && !demand.keyed && byThroughput !== null && solution.consumeFloor > byThroughput) {
    say(
      'share-group',
      `The consumers decide on the count: ${plural(byThroughput, 'partition')} would carry the throughput, and ${solution.consumeFloor} give each consumer one. Where order does not matter, a share group (Kafka 4.2 and later) would do with ${byThroughput}: workloads/share-or-partitions.yaml measures both.`,
    );
  }
  const rf = demand.replicationFactor;
  const byPhase = { 1: 'tests and development', 2: 'production that tolerates a little loss' }[rf];
  if (rf <= 2 && byPhase !== undefined) {
    say(
      'replication-factor',
      `Replication factor ${rf} is for ${byPhase}; where no record may be lost, use 3.`,
    );
  } else if (phase === 'test' || phase === 'some-loss') {
    say(
      'replication-factor',
      `Replication factor ${rf} is more than the phase "${phase}" needs: each replica costs network and disk.`,
    );
  }
  for (const group of groups) groupAdvice(group, partitions, say);
  return notes;
}

function groupAdvice(
  group: GroupAnswer,
  partitions: number | null,
  say: (code: string, text: string) => void,
): void {
  if (partitions === null) return;
  const started = Math.max(group.consumers, group.running ?? 0) + group.spares;
  if (group.idle > 0) {
    say(
      'idle-consumers',
      `${group.name}: ${plural(group.idle, 'consumer')} of ${started} above the ${partitions} partitions would sit idle: stop them, or keep them as spares.`,
    );
  }
  const working = Math.min(started, partitions);
  if (group.uneven) {
    say(
      'uneven-assignment',
      `${group.name}: ${partitions} partitions over ${working} consumers${group.spares > 0 ? ' (spares take their share)' : ''} leave a remainder of ${partitions % working}, so some carry one partition more; one consumer per partition is ideal.`,
    );
  } else if (started === partitions) {
    say('one-to-one', `${group.name}: one consumer per partition, the ideal.`);
  }
}

/** How long lag may stay above the trigger before it means that the headroom is gone. */
const LAG_WINDOW_SEC = 300;
/** Traffic that may wait in a group before it counts as behind. */
const LAG_TOLERANCE_SEC = 60;

/**
 * When to add partitions or consumers. LAG is what was published and not yet consumed (the user's notes); the trigger
 * is a minute of average traffic, held for five minutes, or the rate at which the headroom is used up.
 */
export function whenToGrow(problem: PartitionProblem, solution: PartitionSolution): SizingReport['growth'] {
  const { demand, capacity } = problem;
  const { recommended } = solution;
  if (recommended === null) return null;
  const recordsPerSec = (demand.averageBytesPerSec * solution.sizedFor) / demand.recordSizeBytes;
  const lagRecords = Math.max(1, Math.ceil(recordsPerSec * LAG_TOLERANCE_SEC));
  const carried = carriedBy(capacity, recommended, 'low');
  const rate = carried === null ? null : carried * problem.utilizationPeak;
  const what = demand.known
    ? `${formatNumber(lagRecords)} records (${LAG_TOLERANCE_SEC} s of average traffic)`
    : `${LAG_TOLERANCE_SEC} s of traffic`;
  const byRate =
    rate === null
      ? ''
      : `, or as soon as the topic sustains ${formatBytesPerSec(rate)} (${formatNumber(problem.utilizationPeak * 100)} % of what ${recommended} partitions carry at least)`;
  const how =
    capacity.basis === 'measured' ? 'to the next measured step of the curve' : 'by a multiple of the brokers';
  return {
    lagRecords,
    lagForSec: LAG_WINDOW_SEC,
    rateBytesPerSec: rate,
    text: `Grow ${how} when a group's lag stays above ${what} for ${LAG_WINDOW_SEC / 60} minutes${byRate}. First check that it is not one slow consumer or one hot key.`,
  };
}
