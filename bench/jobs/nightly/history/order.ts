/**
 * Which of the times break the order they were written in: the fewest that have to be left out for the rest to
 * increase (the complement of a longest increasing subsequence, by patience sorting). A clock that jumped ahead for
 * one night costs that night, not all that follow; the same holds for one that fell back.
 * Returns their indexes in ascending order.
 */
export function outOfOrder(times: readonly number[]): number[] {
  // tails[k]: index of the smallest last time of an increasing subsequence of length k + 1.
  const tails: number[] = [];
  const previous = new Int32Array(times.length).fill(-1);
  for (const [index, time] of times.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[tails[middle] ?? 0] ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  }
  const kept = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) kept.add(index);
  return times.map((_, index) => index).filter((index) => !kept.has(index));
}
