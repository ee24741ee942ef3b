import { type Moments, pooledT } from './edivisive-t.ts';

export interface ChangePointOptions {
  /** Points looked at together; windows overlap by half. */
  readonly window: number;
  /** Largest p of a change point; the first pass takes ten times as much. */
  readonly maxP: number;
  /** Least difference of the means on either side, in the values' own unit. */
  readonly minMagnitude: number;
}

/** As published with arXiv 2301.03034. */
export const PUBLISHED_OPTIONS: ChangePointOptions = { window: 50, maxP: 0.001, minMagnitude: 0 };

export interface ChangePoint {
  /** First point of the new level. */
  readonly index: number;
  readonly p: number;
  /** Means of the stretches up to the neighbouring change points. */
  readonly before: number;
  readonly after: number;
}

/** Sums from the start of a series, so that the moments of any stretch cost the same; centred, lest digits cancel. */
class Prefix {
  readonly #sum: Float64Array;
  readonly #square: Float64Array;
  readonly #centre: number;

  constructor(values: Float64Array) {
    this.#centre = values[0] ?? 0;
    this.#sum = new Float64Array(values.length + 1);
    this.#square = new Float64Array(values.length + 1);
    let sum = 0;
    let square = 0;
    for (let i = 0; i < values.length; i++) {
      const value = (values[i] ?? 0) - this.#centre;
      sum += value;
      square += value * value;
      this.#sum[i + 1] = sum;
      this.#square[i + 1] = square;
    }
  }

  moments(from: number, to: number): Moments {
    const n = to - from;
    const centred = ((this.#sum[to] ?? 0) - (this.#sum[from] ?? 0)) / n;
    const square = ((this.#square[to] ?? 0) - (this.#square[from] ?? 0)) / n;
    return { n, mean: centred + this.#centre, variance: Math.max(0, square - centred * centred) };
  }
}

/**
 * The split of [from, to) with the greatest scaled energy distance (arXiv 1306.4933, equations 5 to 7, α = 1):
 * Q̂ = nm/(n+m) · (2/(nm)·Σ|xᵢ−yⱼ| − Σ|xᵢ−xₖ| ÷ C(n,2) − Σ|yⱼ−yₖ| ÷ C(m,2)), a single point having no within-term.
 * Moving the split by one point moves that point's distances from one sum to another: n² steps for all splits.
 */
function bestSplit(values: Float64Array, from: number, to: number): number {
  let withinRight = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] ?? 0;
    for (let j = i + 1; j < to; j++) withinRight += Math.abs(value - (values[j] ?? 0));
  }
  const total = withinRight;
  let withinLeft = 0;
  let best = from;
  let bestQ = Number.NEGATIVE_INFINITY;
  for (let split = from + 1; split < to; split++) {
    const moved = values[split - 1] ?? 0;
    for (let i = from; i < split - 1; i++) withinLeft += Math.abs(moved - (values[i] ?? 0));
    for (let j = split; j < to; j++) withinRight -= Math.abs(moved - (values[j] ?? 0));
    const n = split - from;
    const m = to - split;
    const cross = total - withinLeft - withinRight;
    const left = n > 1 ? (2 * withinLeft) / (n * (n - 1)) : 0;
    const right = m > 1 ? (2 * withinRight) / (m * (m - 1)) : 0;
    const q = ((n * m) / (n + m)) * ((2 * cross) / (n * m) - left - right);
    if (q > bestQ) {
      bestQ = q;
      best = split;
    }
  }
  return best;
}

/** Splits [from, to) again and again while the t-test finds a difference; adds the places to `found`. */
function bisect(
  values: Float64Array,
  prefix: Prefix,
  range: { readonly from: number; readonly to: number },
  maxP: number,
  found: Set<number>,
): void {
  const { from, to } = range;
  if (to - from < 3) return;
  const split = bestSplit(values, from, to);
  if (pooledT(prefix.moments(from, split), prefix.moments(split, to)) > maxP) return;
  found.add(split);
  bisect(values, prefix, { from, to: split }, maxP, found);
  bisect(values, prefix, { from: split, to }, maxP, found);
}

/**
 * First pass (arXiv 2301.03034, section 3): windows that overlap by half, so that neither a long history nor one
 * large change hides a small one. The last window always ends with the last point: tonight is judged by a full one.
 */
function weakPoints(values: Float64Array, prefix: Prefix, window: number, maxP: number): number[] {
  const found = new Set<number>();
  const last = Math.max(0, values.length - window);
  const step = Math.max(1, window >> 1);
  for (let from = 0; from < last; from += step) {
    bisect(values, prefix, { from, to: from + window }, maxP, found);
  }
  bisect(values, prefix, { from: last, to: values.length }, maxP, found);
  return [...found].sort((a, b) => a - b);
}

/**
 * Second pass: while a point fails, the one with the largest p, or else the smallest magnitude, is taken out and its
 * neighbours are tested anew over the longer stretches.
 */
function merge(
  indexes: number[],
  prefix: Prefix,
  length: number,
  options: ChangePointOptions,
): ChangePoint[] {
  const test = (place: number): ChangePoint => {
    const index = indexes[place] ?? 0;
    const left = prefix.moments(indexes[place - 1] ?? 0, index);
    const right = prefix.moments(index, indexes[place + 1] ?? length);
    return { index, p: pooledT(left, right), before: left.mean, after: right.mean };
  };
  const points = indexes.map((_, place) => test(place));
  const size = (point: ChangePoint): number => Math.abs(point.after - point.before);
  while (points.length > 0) {
    let weakest = 0;
    let smallest = 0;
    for (const [place, point] of points.entries()) {
      if (point.p > (points[weakest]?.p ?? 0)) weakest = place;
      if (size(point) < size(points[smallest] ?? point)) smallest = place;
    }
    if ((points[weakest]?.p ?? 0) < options.maxP) {
      const least = points[smallest];
      if (least === undefined || size(least) >= options.minMagnitude) break;
      weakest = smallest;
    }
    points.splice(weakest, 1);
    indexes.splice(weakest, 1);
    for (const place of [weakest - 1, weakest]) {
      if (place >= 0 && place < points.length) points[place] = test(place);
    }
  }
  return points;
}

/**
 * Changes of level in a series, in order: E-divisive means (Matteson and James, arXiv 1306.4933) over windows, with
 * Student's t-test in place of permutations and a weak first pass that is merged bottom-up (Fleming et al.,
 * arXiv 2301.03034). Nothing in it is random. Values must be finite; time grows linearly with their number.
 */
export function changePoints(values: Float64Array, options: ChangePointOptions): ChangePoint[] {
  if (options.window < 4) throw new RangeError('a window holds at least 4 points');
  const prefix = new Prefix(values);
  const weak = weakPoints(values, prefix, options.window, Math.min(1, options.maxP * 10));
  return merge(weak, prefix, values.length, options);
}
