import type { Clock } from '../common/clock.ts';

/** Virtual time: runs callbacks in order of their time, as fast as the processor can. */
export class VirtualClock implements Clock {
  #nowUs = 1_000_000;
  #order = 0;
  readonly #queue: { atUs: number; order: number; run: () => void }[] = [];
  /** What a turn of an event loop costs where nothing is waited for. */
  readonly #turnUs = 20;

  nowUs(): number {
    return this.#nowUs;
  }

  wait(maxUs: number, next: () => void): void {
    this.at(this.#nowUs + Math.max(this.#turnUs, maxUs), next);
  }

  sleep(ms: number, next: () => void): void {
    this.at(this.#nowUs + ms * 1000, next);
  }

  /** Runs `run` at a moment of virtual time. */
  at(atUs: number, run: () => void): void {
    const entry = { atUs, order: this.#order++, run };
    let index = this.#queue.length;
    this.#queue.push(entry);
    // A binary heap, by time and then by order.
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, this.#queue[parent])) break;
      this.#queue[index] = this.#queue[parent] as typeof entry;
      index = parent;
    }
    this.#queue[index] = entry;
  }

  /** Runs until `done` says so or nothing is left; a turn of the real event loop now and then lets promises settle. */
  async runUntil(done: () => boolean): Promise<void> {
    for (let steps = 0; !done(); steps++) {
      const next = this.#take();
      if (next === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#queue.length === 0 && !done())
          throw new Error('nothing is left to happen, and it is not done');
        continue;
      }
      this.#nowUs = Math.max(this.#nowUs, next.atUs);
      next.run();
      if (steps % 64 === 0) await Promise.resolve();
    }
  }

  #take(): { atUs: number; run: () => void } | undefined {
    const queue = this.#queue;
    const top = queue[0];
    const last = queue.pop();
    if (top === undefined || last === undefined || queue.length === 0) return top;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= queue.length) break;
      const child = left + 1 < queue.length && before(queue[left + 1], queue[left]) ? left + 1 : left;
      if (!before(queue[child], last)) break;
      queue[index] = queue[child] as typeof last;
      index = child;
    }
    queue[index] = last;
    return top;
  }
}

interface Timed {
  readonly atUs: number;
  readonly order: number;
}

function before(a: Timed | undefined, b: Timed | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
}
