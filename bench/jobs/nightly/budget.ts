import type { PlannedRepeat } from '../../results/planned.ts';
import type { Plan } from '../../workload/plan.ts';

export interface BudgetInput {
  readonly plan: Plan;
  /** Time that one repeat of a cell takes, overhead included, ms. */
  readonly costMs: (cellId: string) => number;
  readonly budgetMs: number;
  /** Relative spread of a cell's runs in units of δ, from earlier nights; undefined where it has none. */
  readonly spread: (cellId: string) => number | undefined;
}

export interface BudgetOutcome {
  readonly plan: Plan;
  /** In the order they were given up: the least informative first. */
  readonly dropped: readonly PlannedRepeat[];
  /** False where even one repeat a cell takes longer: the deadline will cut the night. */
  readonly fits: boolean;
}

/** A cell without a history is taken to be as unsteady as what is looked for is large. */
const UNKNOWN_SPREAD = 1;

/**
 * Gives up repeats until the plan fits. The standard error of a cell's night is s/√n, so its n-th repeat is worth
 * s·(1/√(n−1) − 1/√n); the repeat that is worth least for its time goes first, from the cell's last block, and each
 * cell keeps one. Of equals, the one that would run last goes.
 */
export function fitBudget(input: BudgetInput): BudgetOutcome {
  const { plan, costMs, budgetMs, spread } = input;
  const left = new Map<string, PlannedRepeat[]>();
  for (const repeat of plan.repeats) left.set(repeat.cellId, [...(left.get(repeat.cellId) ?? []), repeat]);
  let totalMs = plan.repeats.reduce((sum, { cellId }) => sum + costMs(cellId), 0);
  const dropped: PlannedRepeat[] = [];
  while (totalMs > budgetMs) {
    let least: { cellId: string; worth: number; position: number } | undefined;
    for (const [cellId, repeats] of left) {
      const n = repeats.length;
      if (n < 2) continue;
      const gain = (spread(cellId) ?? UNKNOWN_SPREAD) * (1 / Math.sqrt(n - 1) - 1 / Math.sqrt(n));
      const worth = gain / costMs(cellId);
      const position = repeats.at(-1)?.position ?? 0;
      if (
        least === undefined ||
        worth < least.worth ||
        (worth === least.worth && position > least.position)
      ) {
        least = { cellId, worth, position };
      }
    }
    const repeat = least === undefined ? undefined : left.get(least.cellId)?.pop();
    if (repeat === undefined) break;
    dropped.push(repeat);
    totalMs -= costMs(repeat.cellId);
  }
  return {
    plan: withoutRepeats(
      plan,
      dropped.map(({ position }) => position),
    ),
    dropped,
    fits: totalMs <= budgetMs,
  };
}

/** The plan without the repeats at these positions; the others keep theirs. */
export function withoutRepeats(plan: Plan, positions: readonly number[]): Plan {
  const gone = new Set(positions);
  return { ...plan, repeats: plan.repeats.filter(({ position }) => !gone.has(position)) };
}
