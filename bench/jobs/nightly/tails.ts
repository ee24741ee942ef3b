import { quantileOfAscending } from '../../stats/describe.ts';

/** Nights before and after a night whose median is its own level. */
const BEFORE = 7;
const AFTER = 5;
/** Oldest nights still counted. */
const LOOK_BACK = 400;
/** Weight of the others' nights in a series' own tail, in nights. */
export const POOL_NIGHTS = 200;
/** Beyond what was ever seen, the tail falls with this power of the distance: a heavy one. */
const TAIL_INDEX = 4;

/** How far single nights have strayed from their neighbours, in either direction, as |ln|, ascending. */
export interface Tail {
  readonly up: Float64Array;
  readonly down: Float64Array;
  readonly nights: number;
  /** Root mean square of those that are not spoiled. */
  readonly sigma: number;
  /** Nights that stray far, and how many of those that follow one do. */
  readonly far: number;
  readonly farAfterFar: number;
}

/** Times σ at which a night strays far. */
const FAR_SIGMAS = 3.5;

/**
 * Each night's distance from the median of the nights around it, as ln: a step of the level leaves none but at its
 * edge. It never changes once the five nights after it are there, which those that are missing here lack.
 */
export function strays(logs: Float64Array): Float64Array {
  const last = Math.max(0, logs.length - AFTER);
  const first = Math.max(0, last - LOOK_BACK);
  const out = new Float64Array(last - first);
  for (let i = first; i < last; i++) {
    const near = logs.slice(Math.max(0, i - BEFORE), i + AFTER + 1).sort();
    out[i - first] = (logs[i] ?? 0) - quantileOfAscending(near, 0.5);
  }
  return out;
}

/** Strays with the time from which each is known, ascending; crosses into worker threads. */
export interface StrayLog {
  readonly knownAt: Float64Array;
  readonly strays: Float64Array;
  /** The stray of the same series' night before; 0 where there is none. */
  readonly before: Float64Array;
}

/** The value before each one; 0 for the first. */
function shifted(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  if (values.length > 1) out.set(values.subarray(0, -1), 1);
  return out;
}

/** The strays of several series, by the time from which they are known. */
export function strayLog(
  series: readonly { readonly logs: Float64Array; readonly times: Float64Array }[],
): StrayLog {
  const all = series.flatMap(({ logs, times }) => {
    const own = strays(logs);
    const first = Math.max(0, logs.length - AFTER) - own.length;
    return Array.from(own, (stray, i): [number, number, number] => [
      times[first + i + AFTER] ?? 0,
      stray,
      own[i - 1] ?? 0,
    ]);
  });
  all.sort(([a], [b]) => a - b);
  return {
    knownAt: Float64Array.from(all, ([time]) => time),
    strays: Float64Array.from(all, ([, stray]) => stray),
    before: Float64Array.from(all, ([, , before]) => before),
  };
}

/** Strays from which on a week's more changes little. */
const MANY = 2_000;
const WEEK_MS = 7 * 86_400_000;

/** Tails as of any time: a night is judged by what was known then, so that its verdict stays when nights follow. */
export class TailHistory {
  readonly #log: StrayLog;
  readonly #byCount = new Map<number, Tail>();

  constructor(log: StrayLog) {
    this.#log = log;
  }

  at(time: number): Tail {
    const { knownAt, strays: all, before } = this.#log;
    const until = (limit: number): number => knownAt.length - countFrom(knownAt, limit + 1);
    let count = until(time);
    if (count > MANY) count = Math.max(MANY, until(Math.floor(time / WEEK_MS) * WEEK_MS));
    let tail = this.#byCount.get(count);
    if (tail === undefined) {
      tail = tailOf([all.subarray(0, count)], [before.subarray(0, count)]);
      this.#byCount.set(count, tail);
    }
    return tail;
  }
}

/** The strays of several series together, and those of the nights before them: of one series a part, unless given. */
export function tailOf(parts: readonly Float64Array[], befores = parts.map(shifted)): Tail {
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
  const isFar = (stray = 0): boolean => Math.abs(stray) > FAR_SIGMAS * sigma;
  let [far, farAfterFar] = [0, 0];
  for (const [i, part] of parts.entries()) {
    for (const [j, value] of part.entries()) {
      if (!isFar(value)) continue;
      far++;
      if (isFar(befores[i]?.[j])) farAfterFar++;
    }
  }
  return {
    up: Float64Array.from(up).sort(),
    down: Float64Array.from(down).sort(),
    nights,
    sigma,
    far,
    farAfterFar,
  };
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
