import type { Scalar } from '../common/scalar.ts';

/** The swept settings of one cell, by axis name, such as { 'linger.ms': 5, 'compression.type': 'zstd' }. */
export type CellSettings = Readonly<Record<string, Scalar>>;

/** One execution of a cell; `block` counts from 0, and `position` is its place in the run's whole order. */
export interface PlannedRepeat {
  readonly position: number;
  readonly block: number;
  readonly cellId: string;
  /** Seeds everything random in this repeat (payload order, keys, arrivals). */
  readonly seed: number;
}
