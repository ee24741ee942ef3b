import type { Manifest } from '../../bench/results/manifest.ts';
import type { RepeatResult } from '../../bench/results/result.ts';

/** A run folder as far as sizing reads it. */
export interface MeasuredRun {
  readonly manifest: Manifest;
  readonly repeats: readonly RepeatResult[];
  /**
   * Records a second that the brokers' end offsets grew by in the measured window of a repeat, by
   * `cell/block/attempt`; absent where they were not recorded.
   */
  readonly endOffsetsPerSec?: ReadonlyMap<string, number>;
}

/** One repeat as a point's value. */
export interface Sample {
  readonly partitions: number;
  readonly repeat: RepeatResult;
  readonly bytesPerSec: number;
  /** The load could not be raised further: the generator, the offered rate or the search's range was the limit. */
  readonly loadLimited: boolean;
}
