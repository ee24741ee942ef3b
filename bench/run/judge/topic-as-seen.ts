import type { RepeatResult } from '../../results/result.ts';
import type { Measurement } from './measurement.ts';
import type { Window } from './window.ts';

/** Who led the topic's partitions over the window, and what became of their replicas; null where no moment was told. */
export function topicAsSeen(
  { topicStates, replicationFactor }: Measurement,
  window: Window,
): NonNullable<RepeatResult['topicAsSeen']> | null {
  const states = topicStates.filter(({ atSec }) => atSec >= window.fromSec && atSec <= window.endSec + 0.5);
  const last = states.at(-1);
  if (last === undefined) return null;
  const leaders: Record<string, number> = {};
  for (const leader of last.leaders) leaders[leader] = (leaders[leader] ?? 0) + 1;
  const changes = states.slice(1).map(({ leaders: now }, i) => {
    const before = states[i]?.leaders ?? [];
    return now.filter((leader, partition) => leader !== before[partition]).length;
  });
  return {
    looks: states.length,
    leaders,
    leaderChanges: changes.reduce((sum, count) => sum + count, 0),
    inSyncMin: Math.min(...states.flatMap(({ inSync }) => inSync)),
    underReplicatedLooks: states.filter(({ inSync }) => inSync.some((count) => count < replicationFactor))
      .length,
  };
}
