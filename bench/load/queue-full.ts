import type { Counters } from './recorder.ts';

/** How often and for how long a client took no record, which is a part of the delay against the schedule. */
export class QueueFull {
  readonly #counters: () => Counters;
  #count = 0;
  #sinceUs = 0;

  /** @param counters those of the interval that is under way */
  constructor(counters: () => Counters) {
    this.#counters = counters;
  }

  /** Records that were refused. */
  get count(): number {
    return this.#count;
  }

  refused(nowUs: number): void {
    this.#count++;
    this.#counters().queueFull++;
    if (this.#sinceUs === 0) this.#sinceUs = nowUs;
  }

  /** The client took a record again, or will not be asked any more. */
  over(nowUs: number): void {
    if (this.#sinceUs === 0) return;
    this.#counters().queueFullMs += (nowUs - this.#sinceUs) / 1000;
    this.#sinceUs = 0;
  }

  /** Counts what has passed to the interval that ends now; the rest goes to the next one. */
  split(nowUs: number): void {
    if (this.#sinceUs === 0) return;
    this.over(nowUs);
    this.#sinceUs = nowUs;
  }
}
