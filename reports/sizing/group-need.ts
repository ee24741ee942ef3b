import type { Side } from './figure.ts';
import { consumersByRate, instancesByHandler, roundUp } from './formulas/partitions.ts';
import type { PartitionProblem } from './partition-problem.ts';
import type { GroupAnswer } from './report.ts';
import type { ResolvedGroup } from './resolve.ts';

/** Step 2 for one group. */
export interface GroupNeed {
  readonly group: ResolvedGroup;
  readonly byReading: number | null;
  readonly byHandler: number;
  /** Consumers that the demand needs; spares come on top. */
  readonly consumers: number;
  readonly bound: GroupAnswer['bound'];
}

/**
 * Consumers one group needs, by reading and by handling. Those that run already raise it only where nothing is known
 * of what one of them carries: then they are the one sign of what today's traffic needs, and grow with it.
 */
export function needOf(
  problem: PartitionProblem,
  group: ResolvedGroup,
  factor: number,
  side: Side,
): GroupNeed {
  const { demand, capacity, utilizationAverage, utilizationPeak } = problem;
  const average = demand.averageBytesPerSec * factor;
  const peak = demand.peakBytesPerSec * factor;
  const perConsumer = group.perConsumerBytesPerSec ?? capacity.perConsumer?.[side] ?? null;
  const byReading =
    perConsumer === null
      ? null
      : Math.max(
          consumersByRate(average, perConsumer, utilizationAverage),
          consumersByRate(peak, perConsumer, utilizationPeak),
        );
  const handle = (bytesPerSec: number, utilization: number) =>
    instancesByHandler(
      bytesPerSec / demand.recordSizeBytes,
      group.handlerSec,
      group.concurrency,
      utilization,
    );
  const byHandler = Math.max(handle(average, utilizationAverage), handle(peak, utilizationPeak));
  const unknown = byReading === null && group.handlerSec === 0;
  const consumers = unknown
    ? roundUp((group.runs ?? 1) * (group.runs === null ? 1 : factor))
    : Math.max(byReading ?? 0, byHandler, 1);
  const bound = unknown
    ? group.runs === null
      ? 'unknown'
      : 'running already'
    : byReading === null || byHandler > byReading
      ? 'handler'
      : 'reading';
  return { group, byReading, byHandler, consumers, bound };
}

/** Consumers that are started, spares included: what is needed, or what runs already where that is more. */
export const startedOf = ({ consumers, group }: GroupNeed): number =>
  Math.max(consumers, group.runs ?? 0) + group.spares;
