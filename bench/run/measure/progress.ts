import { formatDuration } from '../../common/terminal.ts';

/** Where a run stands; sent at each phase and each second. */
export interface Progress {
  readonly runId: string;
  /** Repeats finished, and all there are. */
  readonly finished: number;
  readonly total: number;
  readonly cell: string;
  readonly cellId: string;
  readonly block: number;
  readonly attempt: number;
  readonly phase: string;
  /** Estimate for the whole run, ms. */
  readonly leftMs: number;
}

/** As a status line says it: the repeat under way, and how it stands. */
export function describeProgress(progress: Progress): { readonly step: string; readonly standing: string } {
  const { finished, total, cell, block, attempt, phase, leftMs } = progress;
  const again = attempt > 0 ? ' (again)' : '';
  return {
    step: `[${Math.min(finished + 1, total)}/${total}] ${cell} · block ${block}${again}`,
    standing: `${phase} · ${formatDuration(leftMs)} left`,
  };
}

/** Estimates what is left of a plan: each repeat's own length, and what the ones before cost on top of theirs. */
export class TimeLeft {
  readonly #plannedMs: readonly number[];
  #finished = 0;
  #overheadMs: number;
  #overheads = 0;
  #startedAt: number | undefined;

  /** @param assumedOverheadMs a repeat's time that is not measurement, until one has been seen */
  constructor(plannedMs: readonly number[], assumedOverheadMs: number) {
    this.#plannedMs = plannedMs;
    this.#overheadMs = assumedOverheadMs;
  }

  start(nowMs: number): void {
    this.#startedAt = nowMs;
  }

  /** The repeat under way is tried again from its beginning. */
  again(nowMs: number): void {
    this.#startedAt = nowMs;
  }

  finish(nowMs: number): void {
    const planned = this.#plannedMs[this.#finished] ?? 0;
    const overhead = Math.max(0, nowMs - (this.#startedAt ?? nowMs) - planned);
    this.#overheadMs = (this.#overheadMs * this.#overheads + overhead) / (this.#overheads + 1);
    this.#overheads++;
    this.#finished++;
    this.#startedAt = undefined;
  }

  leftMs(nowMs: number): number {
    const [current = 0, ...rest] = this.#plannedMs
      .slice(this.#finished)
      .map((planned) => planned + this.#overheadMs);
    const passed = this.#startedAt === undefined ? 0 : nowMs - this.#startedAt;
    // A repeat that takes longer than expected takes nothing away from those that follow.
    return Math.max(0, current - passed) + rest.reduce((sum, one) => sum + one, 0);
  }
}
