import { createRandom } from '../common/random.ts';
import type { DesignRecord } from '../results/design.ts';
import type { CellSettings, PlannedRepeat } from '../results/planned.ts';
import type { Workload } from './schema.ts';

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

/** Generators of a cell by role, a backlog's producer counted. */
export const generatorsOf = ({
  load,
  consumers,
}: CellWorkload): { readonly producers: number; readonly consumers: number } => ({
  producers: load.producers + (consumers.backlog > 0 ? 1 : 0),
  consumers: consumers.groups * consumers.perGroup,
});

/** Length of the measured window as planned, ms: the steps' own lengths where there are any. */
export function plannedWindowMs(workload: CellWorkload): number {
  const { rate, duration } = workload.load;
  return rate !== 'max' && 'steps' in rate ? rate.steps.reduce((sum, step) => sum + step.for, 0) : duration;
}
