import type { ConsumerDone, ProducerDone } from '../../load/protocol.ts';
import { countBits, hasBit, unionBits } from '../../load/seen.ts';

export interface LossCount {
  /** Acknowledged records that a group never received, summed over groups. */
  readonly lost: number;
  /** Records that a group received more than once, summed over groups. */
  readonly duplicated: number;
}

/**
 * Compares what producers had acknowledged with what one consumer group saw, sequence by sequence.
 *
 * @param producers by the index in their records' stamps; a hole is a producer without a report
 * @param members every consumer of the group
 */
export function countLoss(
  producers: ReadonlyMap<number, ProducerDone>,
  members: readonly Pick<ConsumerDone, 'seen' | 'received' | 'foreign' | 'share'>[],
): LossCount {
  let lost = 0;
  let distinct = 0;
  const bitmaps = members.flatMap(({ seen }) => seen);
  for (const index of new Set([...producers.keys(), ...bitmaps.map(({ producer }) => producer)])) {
    const union = unionBits(bitmaps.filter(({ producer }) => producer === index).map(({ bits }) => bits));
    const seenCount = countBits(union);
    distinct += seenCount;
    // What a producer without a report had acknowledged is not known; that its records came twice is.
    const done = producers.get(index);
    if (done === undefined) continue;
    // A record may be reported as failed and still have been written: seeing it makes up for no other one's loss.
    const failedButSeen = (done.failedSequences ?? new Float64Array()).filter((sequence) =>
      hasBit(union, sequence),
    );
    lost += Math.max(0, done.acked - (seenCount - failedButSeen.length));
  }
  // What a share group delivers again is no duplicate: it counts its deliveries.
  const once = ({ received, foreign, share }: (typeof members)[number]): number =>
    received - foreign - (share?.redelivered ?? 0);
  const received = members.reduce((sum, member) => sum + once(member), 0);
  return { lost, duplicated: Math.max(0, received - distinct) };
}
