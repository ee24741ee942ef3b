import type { NightColumns } from './history/compact.ts';
import type { NightLine } from './history/record.ts';
import type { JudgedChange, SeriesVerdict } from './judge.ts';
import type { NightState } from './track.ts';
import type { Direction } from './watched.ts';

/** One series of the history with its judgement. */
export interface SeriesReport {
  readonly name: string;
  readonly cell: string;
  readonly metric: string;
  readonly canary: boolean;
  readonly direction: Direction;
  readonly delta: number;
  /** `missing`: it has no figure of the last night. */
  readonly verdict: SeriesVerdict | 'missing';
  readonly nights: NightColumns;
  /** The last nights in full, oldest first. */
  readonly tail: readonly NightLine[];
  /** Index of the first night of today's definition of the cell: only from there on nights are compared. */
  readonly comparableFrom: number;
  /** Indexes are into `nights`. */
  readonly changes: readonly JudgedChange[];
  /** The state behind the verdict; its indexes count from `comparableFrom`. */
  readonly state: NightState | null;
  /** Nights whose repeats tell that something spoiled a part of them; indexes are into `nights`. */
  readonly spoiled: readonly number[];
  /** Share of the nights of the suite that stray by δ or more though no level moved. */
  readonly strayShare: number;
  readonly accepted: readonly { readonly night: string; readonly by: string; readonly why: string }[];
  /** Nights whose environment was another than the night's before. */
  readonly environmentChanges: readonly number[];
}
