import type { HalvingRecord } from '../../results/design.ts';
import type { PlannedRepeat } from '../../results/planned.ts';
import type { RepeatResult } from '../../results/result.ts';
import { metricReader } from '../../results/thresholds/vocabulary.ts';
import { median } from '../../stats/describe.ts';
import type { Plan } from '../plan.ts';
import type { Workload } from '../schema.ts';

/**
 * Successive halving (Jamieson and Talwalkar, Non-stochastic best arm identification, 2016), in blocks: every cell
 * runs one block; the better share goes on to more blocks, and so on until the finalists have all of them. Survivors
 * of a round have run the same blocks, so that blocks stay complete among those that are compared.
 */

export interface HalvingRound {
  /** Cells that run in it. */
  readonly cells: number;
  /** Blocks, from and up to but not including. */
  readonly from: number;
  readonly to: number;
}

/** The rounds for `cells` cells: sizes and blocks are known before anything is measured. */
export function halvingRounds(
  cells: number,
  blocks: number,
  { keep, finalists }: Pick<HalvingRecord, 'keep' | 'finalists'>,
): HalvingRound[] {
  const rounds: HalvingRound[] = [];
  let left = cells;
  for (let from = 0; from < blocks; ) {
    // Where nobody is left to drop, the rest runs in one round.
    const to =
      left <= finalists
        ? blocks
        : Math.min(blocks, Math.max(from + 1, Math.floor((1 / keep) ** rounds.length)));
    rounds.push({ cells: left, from, to });
    from = to;
    left = Math.max(Math.min(left, finalists), Math.ceil(left * keep));
  }
  return rounds;
}

/** Repeats of all rounds, without those that are tried again. */
export const halvingRepeats = (rounds: readonly HalvingRound[]): number =>
  rounds.reduce((sum, { cells, from, to }) => sum + cells * (to - from), 0);

/** One valid figure of a cell. */
export interface Scored {
  readonly cellId: string;
  readonly block: number;
  /** Above zero. */
  readonly value: number;
}

/**
 * The cells that go on, best first: by the mean of ln(value) less its block's median, so that a cell whose repeat in
 * a slow block was invalid gains nothing. A cell without any figure comes last; ties keep their order.
 */
export function bestCells(
  cells: readonly string[],
  figures: readonly Scored[],
  direction: 'lower-is-better' | 'higher-is-better',
  count: number,
): string[] {
  const own = figures.filter(({ cellId }) => cells.includes(cellId));
  const levels = new Map<number, number>();
  for (const block of new Set(own.map((one) => one.block))) {
    levels.set(block, median(own.filter((one) => one.block === block).map(({ value }) => Math.log(value))));
  }
  const sign = direction === 'lower-is-better' ? 1 : -1;
  const score = (cellId: string): number => {
    const strays = own
      .filter((one) => one.cellId === cellId)
      .map(({ block, value }) => Math.log(value) - (levels.get(block) ?? 0));
    if (strays.length === 0) return Number.POSITIVE_INFINITY;
    return (sign * strays.reduce((sum, stray) => sum + stray, 0)) / strays.length;
  };
  const scored = cells.map((cellId, place) => ({ cellId, place, score: score(cellId) }));
  // Infinity less infinity is no number: equal scores are told apart by their places.
  scored.sort((a, b) => (a.score === b.score ? a.place - b.place : a.score - b.score));
  return scored.slice(0, count).map(({ cellId }) => cellId);
}

/** Why a workload cannot be halved by a metric; undefined where it can. */
export function halvingProblem(workload: Workload, metric: string): string | undefined {
  const reader = metricReader(metric);
  if (reader === undefined) return `"${metric}" is not a metric: name one as a threshold does`;
  const { rate, timing, producers } = workload.load;
  if (rate !== 'max' && 'search' in rate) return 'a search has no metric to halve by: give a rate';
  if (reader.timed && (rate === 'max' || timing === 'counts' || producers === 0)) {
    return `without a fixed rate and load.timing: each there is no ${metric}`;
  }
  if (workload.repeats < 2) return 'halving needs 2 repeats or more: the first round takes one';
  return undefined;
}

/** A round's beginning, as the run folder keeps it. */
export interface HalvingStep {
  readonly block: number;
  readonly kept: readonly string[];
  readonly dropped: readonly string[];
}

/**
 * The cells that run in a block, from the results of the blocks before it alone, so that a resumed run drops the same
 * ones. null where no round begins with this block.
 *
 * @param cells of the whole sweep
 * @param running cells of the block before
 */
export function halvingStep(
  cells: number,
  record: HalvingRecord,
  block: number,
  running: readonly string[],
  results: Iterable<RepeatResult>,
): HalvingStep | null {
  const round = halvingRounds(cells, record.blocks, record).find(({ from }) => from === block);
  const reader = metricReader(record.metric);
  if (round === undefined || block === 0 || reader === undefined || round.cells >= running.length)
    return null;
  const figures = [...results].flatMap((result): Scored[] => {
    const value = result.outcome === 'valid' && result.block < block ? reader.read(result) : null;
    return value === null || value <= 0 ? [] : [{ cellId: result.cellId, block: result.block, value }];
  });
  const best = bestCells(running, figures, reader.direction, round.cells);
  const kept = running.filter((id) => best.includes(id));
  return { block, kept, dropped: running.filter((id) => !best.includes(id)) };
}

/** As many repeats of each block as will run, for estimates; which cells these are shows only in the run. */
export function expectedRepeats(plan: Plan): readonly PlannedRepeat[] {
  const { design } = plan;
  if (design?.kind !== 'halving') return plan.repeats;
  const rounds = halvingRounds(plan.cells.length, design.blocks, design);
  const seen = new Map<number, number>();
  return plan.repeats.filter(({ block }) => {
    const place = seen.get(block) ?? 0;
    seen.set(block, place + 1);
    return place < (rounds.find(({ from, to }) => block >= from && block < to)?.cells ?? 0);
  });
}
