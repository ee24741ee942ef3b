import type { CellSummary } from '../../../../reports/run/cell-summary.ts';
import { median } from '../../../stats/describe.ts';
import { type Comparison, type ComparisonInput, compareFamily } from '../../../stats/verdict.ts';
import type { Aim } from './aims.ts';
import { pairedByBlock } from './paired.ts';

/** One finalist held against the recommended one, in one aim; paired by block. */
interface AimRow {
  readonly cellId: string;
  readonly aim: Aim;
  readonly median: number;
  readonly recommendedMedian: number;
  /** Of the other one against the recommended one: "regressed" is in the recommended one's favour. */
  readonly comparison: Comparison;
}

export interface Recommendation {
  readonly cellId: string;
  /** True where it is shown to be better than every other finalist in the priority. */
  readonly shown: boolean;
  /** Finalists that the priority does not tell from the recommended one. */
  readonly tiedIds: readonly string[];
  /** Which aim took out which finalists, in the order of deciding. */
  readonly steps: readonly {
    readonly aim: Aim;
    readonly leaderId: string;
    readonly outIds: readonly string[];
  }[];
  readonly rows: readonly AimRow[];
}

interface Task {
  readonly cell: CellSummary;
  readonly aim: Aim;
  readonly input: ComparisonInput;
}

function compared(base: CellSummary, others: readonly CellSummary[], aim: Aim, askRepeats: boolean) {
  const tasks = others.flatMap((cell): Task[] => {
    const input = pairedByBlock(aim.metric, aim.delta, base, cell);
    return input === null ? [] : [{ cell, aim, input }];
  });
  const comparisons = compareFamily(
    tasks.map(({ input }) => input),
    askRepeats,
  );
  return tasks.flatMap((task, i) => {
    const comparison = comparisons[i];
    return comparison === undefined ? [] : [{ ...task, comparison }];
  });
}

function leaderBy(aim: Aim, cells: readonly CellSummary[]): CellSummary | undefined {
  const measured = cells.filter((cell) => cell.of(aim.metric) !== null);
  return measured.toSorted((a, b) => (a.of(aim.metric)?.median ?? 0) - (b.of(aim.metric)?.median ?? 0))[0];
}

/**
 * Recommends one of the finalists from their own, fresh repeats. The aims decide one after the other, the priority
 * first: each takes out the finalists that are shown to be worse in it than its leader (paired by block, as
 * {@link compareFamily} does); what a difference is not shown for stays in. Of those left after the last aim the
 * one with the best median in the priority is taken. Null where none has a valid repeat.
 */
export function recommend(finalists: readonly CellSummary[], aims: readonly Aim[]): Recommendation | null {
  const [priority] = aims;
  if (priority === undefined) return null;
  let left = finalists.filter((cell) => cell.of(priority.metric) !== null);
  const steps: Recommendation['steps'][number][] = [];
  let tied: readonly CellSummary[] = left;
  for (const aim of aims) {
    const leader = leaderBy(aim, left);
    if (leader === undefined) continue;
    const others = left.filter((cell) => cell !== leader);
    const worse = new Set(
      compared(leader, others, aim, false)
        .filter(({ comparison }) => comparison.verdict === 'regressed')
        .map(({ cell }) => cell),
    );
    left = left.filter((cell) => !worse.has(cell));
    steps.push({ aim, leaderId: leader.id, outIds: [...worse].map(({ id }) => id) });
    if (aim === priority) tied = left;
  }
  const best = leaderBy(priority, left);
  if (best === undefined) return null;
  const others = finalists.filter((cell) => cell !== best);
  // An aim is a family of its own, here as in deciding: the table can't contradict the decision.
  const rows = aims
    .flatMap((aim) => compared(best, others, aim, true))
    .map(({ cell, aim, input, comparison }) => ({
      cellId: cell.id,
      aim,
      median: median(input.candidate),
      recommendedMedian: median(input.base),
      comparison,
    }));
  const tiedIds = tied.filter((cell) => cell !== best).map(({ id }) => id);
  return {
    cellId: best.id,
    shown: tiedIds.length === 0 && others.length > 0,
    tiedIds,
    steps,
    rows,
  };
}

const percent = (ratio: number): string =>
  `${ratio >= 1 ? '+' : '−'}${Math.abs((ratio - 1) * 100).toFixed(1)} %`;

/** "+12.0 % [+8.1 %, +15.3 %]". */
export function effectText({ effect, interval }: Comparison): string {
  if (interval === null) return percent(effect);
  return `${percent(effect)} [${percent(interval.low)}, ${percent(interval.high)}]`;
}

/** What a comparison with the recommended one comes to, in words that claim no more than was shown. */
export function verdictText(comparison: Comparison, delta: number): string {
  const { verdict, procedure, baseRuns, repeatsNeeded, interval } = comparison;
  const how = procedure === 'few-repeats' ? ` (${baseRuns} repeats, by t on logarithms)` : '';
  if (verdict === 'regressed') return `shown to be worse${how}`;
  if (verdict === 'improved') return `shown to be better${how}`;
  if (verdict === 'equivalent')
    return `no difference that matters (within ±${Math.round(delta * 100)} %)${how}`;
  if (interval === null) return 'one repeat: how far it strays is not known';
  return `too noisy to tell${repeatsNeeded === null ? '' : `; about ${repeatsNeeded} repeats would decide`}`;
}
