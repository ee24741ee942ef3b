import { createRandom } from '../common/random.ts';
import type { DesignRecord } from '../results/design.ts';
import type { Scalar, Workload } from './schema.ts';

/** The swept settings of one cell, by axis name, such as { 'linger.ms': 5, 'compression.type': 'zstd' }. */
export type CellSettings = Readonly<Record<string, Scalar>>;

/** A workload with the sweep resolved away: what one cell runs. */
export type CellWorkload = Omit<Workload, 'sweep' | 'repeats' | 'thresholds'>;

/** One combination of the swept settings. */
export interface Cell {
  /** Unique in the plan and safe as a folder name, such as "003-zstd-linger.ms5". */
  readonly id: string;
  /** For people: "compression.type=zstd linger.ms=5", or "baseline" where nothing is swept. */
  readonly label: string;
  readonly settings: CellSettings;
  readonly workload: CellWorkload;
}

/** One execution of a cell; `block` counts from 0, and `position` is its place in the run's whole order. */
export interface PlannedRepeat {
  readonly position: number;
  readonly block: number;
  readonly cellId: string;
  /** Seeds everything random in this repeat (payload order, keys, arrivals). */
  readonly seed: number;
}

/** Cells × blocks, in the order they run: a randomised complete block design. */
export interface Plan {
  readonly cells: readonly Cell[];
  readonly repeats: readonly PlannedRepeat[];
  /** Combinations left out, each with the rule that excluded it. */
  readonly excluded: readonly { settings: CellSettings; reason: string }[];
  readonly seed: number;
  /** How the cells were chosen; absent where every combination runs. */
  readonly design?: DesignRecord;
}

/**
 * Lays the cells out in randomised complete blocks: each block runs every cell once, in an order of its own. Cells of
 * one block share their seed, so that payload order, keys and arrivals are the same and only the setting differs.
 */
export function planCells(
  cells: readonly Cell[],
  excluded: Plan['excluded'],
  blocks: number,
  seed: number,
): Plan {
  const random = createRandom(seed);
  const repeats: PlannedRepeat[] = [];
  for (let block = 0; block < blocks; block++) {
    const order = random.fork(`order ${block}`).shuffle([...cells]);
    const blockSeed = random.fork(`seed ${block}`).uint32();
    for (const { id } of order)
      repeats.push({ position: repeats.length, block, cellId: id, seed: blockSeed });
  }
  return { cells, repeats, excluded, seed };
}
