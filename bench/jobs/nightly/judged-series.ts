import type { Direction } from './watched.ts';

/** A series as it crosses into a worker thread. */
export interface JudgedSeries {
  readonly id: string;
  readonly metric: string;
  readonly direction: Direction;
  readonly delta: number;
  /** When each night was, ms since 1970, ascending; nights of different series meet by it. */
  readonly times: Float64Array;
  /** The nights' medians, above zero, and the range of their repeats. */
  readonly values: Float64Array;
  readonly lows?: Float64Array;
  readonly highs?: Float64Array;
  /** Times of nights whose change somebody has accepted. */
  readonly accepted: readonly number[];
}
