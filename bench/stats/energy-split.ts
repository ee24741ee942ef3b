export interface Split {
  /** First point of the right side. */
  readonly index: number;
  /** Scaled energy distance of the two sides. */
  readonly q: number;
}

/**
 * The split of [from, to) with the greatest scaled energy distance (arXiv 1306.4933, equations 5 to 9, α = 1), over
 * every place τ and every end κ of the right side: a short stretch between two changes is found because the right
 * side may end before the second one.
 * Q̂(τ, κ) = nm/(n+m) · (2/(nm)·Σ|xᵢ−yⱼ| − Σ|xᵢ−xₖ| ÷ C(n,2) − Σ|yⱼ−yₖ| ÷ C(m,2)); a single point has no
 * within-term. n² steps: with P(k) the sum of all distances among the first k points, cross = P(κ) − left − right,
 * and the right side's own sum grows by one column for each further κ. Ties go to the first τ, then the first κ.
 */
export function bestSplit(values: Float64Array, from: number, to: number): Split {
  const size = to - from;
  // columns[k]: distances of point k to all points of the range before it; within[k]: among the first k points.
  const within = new Float64Array(size + 1);
  for (let k = 0; k < size; k++) {
    const value = values[from + k] ?? 0;
    let column = 0;
    for (let i = 0; i < k; i++) column += Math.abs(value - (values[from + i] ?? 0));
    within[k + 1] = (within[k] ?? 0) + column;
  }
  // rightTo[k]: distances of point k to the points of [τ, k), kept up as τ moves left.
  const rightTo = new Float64Array(size);
  let best = 1;
  let bestQ = Number.NEGATIVE_INFINITY;
  for (let split = size - 1; split >= 1; split--) {
    const joined = values[from + split] ?? 0;
    const left = within[split] ?? 0;
    const n = split;
    let right = 0;
    let own = Number.NEGATIVE_INFINITY;
    for (let end = split + 1; end <= size; end++) {
      const k = end - 1;
      if (k > split) {
        const column = (rightTo[k] ?? 0) + Math.abs(joined - (values[from + k] ?? 0));
        rightTo[k] = column;
        right += column;
      }
      const m = end - split;
      const cross = (within[end] ?? 0) - left - right;
      const leftTerm = n > 1 ? (2 * m * left) / ((n + m) * (n - 1)) : 0;
      const rightTerm = m > 1 ? (2 * n * right) / ((n + m) * (m - 1)) : 0;
      const q = (2 * cross) / (n + m) - leftTerm - rightTerm;
      if (q > own) own = q;
    }
    if (own >= bestQ) {
      bestQ = own;
      best = split;
    }
  }
  return { index: from + best, q: bestQ };
}
