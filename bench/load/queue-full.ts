import type { Recorder } from './recorder.ts';

/** How often and for how long a client took no record, which is a part of the delay against the schedule. */
export class QueueFull {
  readonly #recorder: Pick<Recorder, 'counters'>;
  #count = 0;
  #sinceUs = 0;

  constructor(recorder: Pick<Recorder, 'counters'>) {
    this.#recorder = recorder;
  }

  /** Records that were refused. */
  get count(): number {
    return this.#count;
  }

  refused(nowUs: number): void {
    this.#count++;
    this.#recorder.counters.queueFull++;
    if (this.#sinceUs === 0) this.#sinceUs = nowUs;
  }

  /** The client took a record again, or will not be asked any more. */
  over(nowUs: number): void {
    if (this.#sinceUs === 0) return;
    this.#recorder.counters.queueFullMs += (nowUs - this.#sinceUs) / 1000;
    this.#sinceUs = 0;
  }

  /** Counts what has passed to the interval that ends now; the rest goes to the next one. */
  split(nowUs: number): void {
    if (this.#sinceUs === 0) return;
    this.over(nowUs);
    this.#sinceUs = nowUs;
  }
}
