import { quantileOfAscending } from '../../stats/describe.ts';

/** Nights on either side whose median is a night's own level. */
const REACH = 7;
/** Nights that a series needs before its strays count. */
const LEAST_NIGHTS = 8;
/** Newest nights that are left out: they are what is judged. */
const NEWEST_LEFT_OUT = 5;
/** Oldest nights still counted. */
const LOOK_BACK = 400;
/** Weight of the others' nights in a series' own tail, in nights. */
const POOL_NIGHTS = 200;
/** Beyond what was ever seen, the tail falls with this power of the distance: a heavy one. */
const TAIL_INDEX = 4;

/** How far single nights have strayed from their neighbours, in either direction, as |ln|, ascending. */
export interface Tail {
  readonly up: Float64Array;
  readonly down: Float64Array;
  readonly nights: number;
  /** Root mean square of those that are not spoiled. */
  readonly sigma: number;
}

/** A night's distance from the median of the nights around it, as ln: a step of the level leaves none. */
export function strays(logs: Float64Array): Float64Array {
  const last = logs.length - NEWEST_LEFT_OUT;
  if (last < LEAST_NIGHTS) return new Float64Array(0);
  const first = Math.max(0, last - LOOK_BACK);
  const out = new Float64Array(last - first);
  for (let i = first; i < last; i++) {
    const near = logs.slice(Math.max(0, i - REACH), i + REACH + 1).sort();
    out[i - first] = (logs[i] ?? 0) - quantileOfAscending(near, 0.5);
  }
  return out;
}

/** The strays of several series together. */
export function tailOf(parts: readonly Float64Array[]): Tail {
  const up: number[] = [];
  const down: number[] = [];
  let nights = 0;
  for (const part of parts) {
    nights += part.length;
    for (const value of part) (value >= 0 ? up : down).push(Math.abs(value));
  }
  const all = Float64Array.from([...up, ...down]).sort();
  const limit = 3 * 1.4826 * (all.length === 0 ? 0 : quantileOfAscending(all, 0.5));
  const usual = all.filter((value) => value <= limit);
  const sigma = Math.sqrt(usual.reduce((sum, value) => sum + value * value, 0) / Math.max(1, usual.length));
  return { up: Float64Array.from(up).sort(), down: Float64Array.from(down).sort(), nights, sigma };
}

/** How many of these are at least `x`. */
function countFrom(ascending: Float64Array, x: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return ascending.length - low;
}

function share(ascending: Float64Array, nights: number, x: number): number {
  const most = ascending.at(-1) ?? 0;
  const beyond = x > most ? (most / x) ** TAIL_INDEX : 1;
  return Math.min(1, (countFrom(ascending, x) + 0.5 * beyond) / (nights + 1));
}

/**
 * The chance that a night strays by `x` or more in one direction though its level has not moved: the share of the
 * suite's nights that did (half a night more for what has not been seen yet, with a Pareto tail beyond the farthest),
 * drawn towards the series' own nights as it has more of them.
 */
export function chanceOfStray(own: Tail, pool: Tail, direction: 'up' | 'down', x: number): number {
  if (x <= 0) return 1;
  const shared = share(pool[direction], pool.nights, x);
  return (countFrom(own[direction], x) + POOL_NIGHTS * shared) / (own.nights + POOL_NIGHTS);
}
