import type { PlanLine } from '../../results/plan-line.ts';
import type { PlannedRepeat } from '../../results/planned.ts';
import type { RepeatResult } from '../../results/result.ts';
import type { Plan } from '../plan.ts';
import { type HalvingStep, halvingStep } from './halving.ts';

/** Which cells of a plan still run, block by block; all of them where the design is no halving. */
export class Rounds {
  readonly #plan: Plan;
  readonly #steps: HalvingStep[] = [];
  #block = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** What an earlier, cut-off run decided stays decided, whatever its repeats give when they are tried again. */
  remember(lines: readonly PlanLine[]): void {
    for (const line of lines) {
      if (line.type === 'round') {
        const { block, kept, dropped } = line;
        this.#steps.push({ block, kept, dropped });
      }
    }
  }

  /** Begins a block. @returns what was decided with it, where a round begins here and none had been decided before */
  enter(block: number, results: Iterable<RepeatResult>): HalvingStep | null {
    const { design, cells } = this.#plan;
    if (design?.kind !== 'halving' || block === this.#block) return null;
    this.#block = block;
    if (this.#steps.some((step) => step.block === block)) return null;
    const running = this.#steps.findLast((step) => step.block < block)?.kept ?? cells.map(({ id }) => id);
    const step = halvingStep(cells.length, design, block, running, results);
    if (step !== null) this.#steps.push(step);
    return step;
  }

  /** Whether a repeat is left out because its cell was dropped. */
  drops({ cellId, block }: Pick<PlannedRepeat, 'cellId' | 'block'>): boolean {
    return this.#steps.some((step) => step.block <= block && step.dropped.includes(cellId));
  }
}
