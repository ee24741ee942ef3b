import { pooledT } from './edivisive-t.ts';
import { bestSplit, type Split } from './energy-split.ts';
import { MomentsPrefix } from './moments-prefix.ts';

export interface ChangePointOptions {
  /** Points looked at together; windows overlap by half. */
  readonly window: number;
  /** Largest p of a change point; the first pass takes ten times as much. */
  readonly maxP: number;
  /** Least magnitude of a change point. */
  readonly minMagnitude: number;
  /**
   * What a magnitude is: the difference of the means in the values' own unit, for logarithms, or the relative change
   * (the greater of new ÷ old and old ÷ new, less one), as Apache Otava takes it.
   */
  readonly magnitude: 'difference' | 'relative';
}

/** As published with arXiv 2301.03034, and the defaults of Apache Otava. */
export const PUBLISHED_OPTIONS: ChangePointOptions = {
  window: 50,
  maxP: 0.001,
  minMagnitude: 0,
  magnitude: 'relative',
};

export interface ChangePoint {
  /** First point of the new level. */
  readonly index: number;
  readonly p: number;
  /** Means of the stretches up to the neighbouring change points. */
  readonly before: number;
  readonly after: number;
}

/**
 * The change points of [from, to): of all stretches' best splits the one with the greatest Q̂ is tested, whole stretch
 * against whole stretch; the first that is not significant ends the search (arXiv 1306.4933, section 3.1, with
 * Student's t-test in place of permutations).
 */
function divide(
  values: Float64Array,
  prefix: MomentsPrefix,
  from: number,
  to: number,
  maxP: number,
): number[] {
  const bounds = [from, to];
  // Only the stretch that was cut needs a new search.
  const splits: (Split | null)[] = [to - from > 1 ? bestSplit(values, from, to) : null];
  for (;;) {
    let place = -1;
    for (const [i, split] of splits.entries()) {
      if (split !== null && split.q > (splits[place]?.q ?? Number.NEGATIVE_INFINITY)) place = i;
    }
    const split = splits[place];
    if (split === undefined || split === null) break;
    const [start = 0, end = 0] = [bounds[place], bounds[place + 1]];
    if (pooledT(prefix.moments(start, split.index), prefix.moments(split.index, end)) > maxP) break;
    const parts = [
      split.index - start > 1 ? bestSplit(values, start, split.index) : null,
      end - split.index > 1 ? bestSplit(values, split.index, end) : null,
    ];
    bounds.splice(place + 1, 0, split.index);
    splits.splice(place, 1, ...parts);
  }
  return bounds.slice(1, -1);
}

/** p of the first pass: ten times as lenient, and never beyond what is left of 1. */
function weakP(maxP: number): number {
  if (maxP < 0.05) return maxP * 10;
  return maxP < 0.5 ? maxP * 2 : maxP;
}

/**
 * First pass (arXiv 2301.03034, section 3): windows that overlap by half, so that neither a long history nor one
 * large change hides a small one. A window begins anew at the last change that the one before it found, where that
 * lies further on than half a window.
 */
function weakPoints(values: Float64Array, prefix: MomentsPrefix, window: number, maxP: number): number[] {
  const found = new Set<number>();
  const step = window >> 1;
  for (let from = 0; from < values.length; ) {
    const points = divide(values, prefix, from, Math.min(from + window, values.length), maxP);
    for (const point of points) found.add(point);
    from = Math.max(points.at(-1) ?? 0, from + step);
  }
  return [...found].sort((a, b) => a - b);
}

/**
 * Second pass: while a point fails, the one with the largest p, or else the smallest magnitude, is taken out. As in
 * Otava 0.8, the two points after it are tested anew and the one before it keeps its p: it was the smaller one.
 */
function merge(
  indexes: number[],
  prefix: MomentsPrefix,
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
  const size = ({ before, after }: ChangePoint): number =>
    options.magnitude === 'difference'
      ? Math.abs(after - before)
      : Math.max(
          before === 0 ? 0 : Math.abs(after / before - 1),
          after === 0 ? 0 : Math.abs(before / after - 1),
        );
  while (points.length > 0) {
    let weakest = 0;
    let smallest = 0;
    for (const [place, point] of points.entries()) {
      if (point.p > (points[weakest]?.p ?? 0)) weakest = place;
      if (size(point) < size(points[smallest] ?? point)) smallest = place;
    }
    if ((points[weakest]?.p ?? 0) < options.maxP) {
      const least = points[smallest];
      if (least === undefined || size(least) > options.minMagnitude) break;
      weakest = smallest;
    }
    points.splice(weakest, 1);
    indexes.splice(weakest, 1);
    for (const place of [weakest, weakest + 1]) {
      if (place < points.length) points[place] = test(place);
    }
  }
  return points;
}

/**
 * Changes of level in a series, in order: E-divisive means (Matteson and James, arXiv 1306.4933) over windows, with
 * Student's t-test in place of permutations and a weak first pass that is merged bottom-up (Fleming et al.,
 * arXiv 2301.03034). The same series and settings give the points of Apache Otava 0.8. Nothing in it is random.
 * Values must be finite; time grows linearly with their number.
 */
export function changePoints(values: Float64Array, options: ChangePointOptions): ChangePoint[] {
  if (options.window < 2) throw new RangeError('a window holds at least 2 points');
  const prefix = new MomentsPrefix(values);
  const weak = weakPoints(values, prefix, options.window, weakP(options.maxP));
  return merge(weak, prefix, values.length, options);
}
