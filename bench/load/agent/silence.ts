import { SILENCE_MS } from './protocol.ts';

const LOOK_EVERY_MS = 100;

/** Notices that the other end has not been heard of for too long. */
export class Silence {
  readonly #timer: NodeJS.Timeout;
  #heardAt = performance.now();
  #lookedAt = performance.now();

  /** @param onSilent once */
  constructor(onSilent: () => void) {
    this.#timer = setInterval(() => {
      const now = performance.now();
      // Who was held up himself has yet to read what came meanwhile.
      if (now - this.#lookedAt > SILENCE_MS / 3) this.#heardAt = now;
      this.#lookedAt = now;
      if (now - this.#heardAt < SILENCE_MS) return;
      this.stop();
      onSilent();
    }, LOOK_EVERY_MS);
  }

  heard(): void {
    this.#heardAt = performance.now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
