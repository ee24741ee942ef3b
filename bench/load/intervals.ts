import type { IntervalSnapshot } from './protocol.ts';
import type { Recorder } from './recorder.ts';

/** Tells of a producer's seconds a step a turn: all histograms of one at once would hold up the records due meanwhile. */
export class Intervals {
  readonly #recorder: Pick<Recorder, 'interval'>;
  readonly #tell: (snapshot: IntervalSnapshot) => void;
  #steps: Generator<undefined, IntervalSnapshot> | undefined;

  constructor(recorder: Pick<Recorder, 'interval'>, tell: (snapshot: IntervalSnapshot) => void) {
    this.#recorder = recorder;
    this.#tell = tell;
  }

  get pending(): boolean {
    return this.#steps !== undefined;
  }

  /** Ends the interval now, its counters and clocks with it; its histograms follow by `proceed`. */
  end(second: number): void {
    this.flush();
    this.#steps = this.#recorder.interval(second);
    this.proceed();
  }

  proceed(): void {
    const step = this.#steps?.next();
    if (step?.done !== true) return;
    this.#steps = undefined;
    this.#tell(step.value);
  }

  flush(): void {
    while (this.pending) this.proceed();
  }
}
