import { formatBytesPerSec } from './format.ts';
import type { PartitionProblem } from './partition-problem.ts';

interface HotKeyVerdict {
  /** Why more partitions do not help; null where they are not known to be too little. */
  readonly refused: string | null;
  /** Who is not known to carry the key, and what would tell. */
  readonly notJudged: readonly string[];
}

const refusal = (what: string) =>
  `the hottest key alone exceeds what one ${what} carries: more partitions do not help; split the key or its handling`;

/**
 * What one partition carries at least and at most. Without X(1) the smallest sweep bounds it: N partitions carry no
 * more than N times one of them, and no less than one alone.
 */
function onePartition({
  capacity,
}: PartitionProblem): { low: number; high: number; measuredAt: number } | null {
  if (capacity.perPartition !== null) {
    const { low } = capacity.perPartition;
    return { low, high: low, measuredAt: 1 };
  }
  const [first] = [...capacity.points].sort((a, b) => a.partitions - b.partitions);
  if (first === undefined) return null;
  return { low: first.low / first.partitions, high: first.high, measuredAt: first.partitions };
}

/** Step 6: one key's records stay in one partition and with one consumer, however many there are. */
export function judgeHotKey(problem: PartitionProblem, factor: number): HotKeyVerdict {
  const { demand, capacity, hottestKeyShare: share } = problem;
  const hotAverage = demand.averageBytesPerSec * factor * share;
  const hotPeak = demand.peakBytesPerSec * factor * share;
  if (share === 0 || hotPeak === 0) return { refused: null, notJudged: [] };
  const required = Math.max(hotAverage / problem.utilizationAverage, hotPeak / problem.utilizationPeak);
  const notJudged: string[] = [];
  const partition = onePartition(problem);
  if (partition === null) {
    notJudged.push('one partition, of which nothing is known (measure it, or give --per-partition)');
  } else if (required > partition.high) {
    return { refused: refusal('partition'), notJudged };
  } else if (required > partition.low) {
    notJudged.push(
      `one partition (the sweep begins at ${partition.measuredAt}, so it carries from ${formatBytesPerSec(partition.low)} to ${formatBytesPerSec(partition.high)}: measure 1 as well)`,
    );
  }
  for (const group of demand.groups) {
    const perConsumer = group.perConsumerBytesPerSec ?? capacity.perConsumer?.low ?? null;
    // Records of one key are handled in order, so the group's concurrency does not help them.
    const busy = (required / demand.recordSizeBytes) * group.handlerSec;
    if ((perConsumer !== null && required > perConsumer) || busy > 1) {
      return { refused: refusal(`consumer of ${group.name}`), notJudged };
    }
    if (perConsumer === null && group.handlerSec === 0) {
      notJudged.push(`one consumer of ${group.name}, of which nothing is known (give --per-consumer)`);
    }
  }
  return { refused: null, notJudged };
}
