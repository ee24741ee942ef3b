/** Where the time of one repeat goes: its phases one after the other, and steps within them as `phase.step`, ms. */
export class PhaseTimes {
  readonly ms: Record<string, number> = {};
  readonly #nowMs: () => number;
  #phase: string;
  #startedAt: number;

  constructor(first: string, nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#phase = first;
    this.#startedAt = nowMs();
  }

  enter(phase: string): void {
    this.#add(this.#phase, this.#startedAt);
    this.#phase = phase;
    this.#startedAt = this.#nowMs();
  }

  /** Times a part of the phase it begins in, however it ends. */
  async step<T>(name: string, work: Promise<T>): Promise<T> {
    const [key, startedAt] = [`${this.#phase}.${name}`, this.#nowMs()];
    try {
      return await work;
    } finally {
      this.#add(key, startedAt);
    }
  }

  #add(key: string, startedAt: number): void {
    this.ms[key] = (this.ms[key] ?? 0) + this.#nowMs() - startedAt;
  }
}
