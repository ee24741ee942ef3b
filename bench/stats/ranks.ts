/** Ranks from 1; equal values share the mean of theirs (mid-ranks). */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++;
    for (let i = from; i < to; i++) ranks[order[i] ?? 0] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/** Figures are quotients and ratios: what differs by no more than their rounding (relative) is the same figure. */
const ROUNDING = 1e-10;

/**
 * Logarithms whose numbers are the same but for rounding, made equal: 2 ÷ 1 and 6 ÷ 3 tie, although the differences
 * of their logarithms part in the last digit. What is zero but for rounding is zero. Keeps order and signs.
 */
export function tied(logs: readonly number[]): number[] {
  const order = logs.map((_, index) => index).sort((a, b) => (logs[a] ?? 0) - (logs[b] ?? 0));
  const out = [...logs];
  let first = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    const value = logs[index] ?? 0;
    if (value - first > ROUNDING) first = Math.abs(value) <= ROUNDING ? 0 : value;
    out[index] = first;
  }
  return out;
}

/** How many values are equal, for each distinct value. */
export function tieSizes(values: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()];
}

/** Σ(t³ − t) over the groups of equal values: what ties take from the variance of a rank sum. */
export function tieTerm(values: readonly number[]): number {
  return tieSizes(values).reduce((sum, size) => sum + size ** 3 - size, 0);
}

/**
 * The two-sided p of an observed sum, given how often each sum occurs: the share of outcomes at least as far
 * from `centre`, their mean. `counts[s]` belongs to the (integer) sum s.
 */
export function twoSidedP(counts: Float64Array, observed: number, centre: number): number {
  const distance = Math.abs(observed - centre);
  let total = 0;
  let extreme = 0;
  for (let sum = 0; sum < counts.length; sum++) {
    const count = counts[sum] ?? 0;
    total += count;
    if (Math.abs(sum - centre) >= distance - 1e-9) extreme += count;
  }
  return Math.min(1, extreme / total);
}
