import type { Moments } from './edivisive-t.ts';

/** Sums from the start of a series, so that the moments of any stretch cost the same; centred, lest digits cancel. */
export class MomentsPrefix {
  readonly #sum: Float64Array;
  readonly #square: Float64Array;
  readonly #centre: number;

  constructor(values: Float64Array) {
    this.#centre = values[0] ?? 0;
    this.#sum = new Float64Array(values.length + 1);
    this.#square = new Float64Array(values.length + 1);
    let sum = 0;
    let square = 0;
    for (let i = 0; i < values.length; i++) {
      const value = (values[i] ?? 0) - this.#centre;
      sum += value;
      square += value * value;
      this.#sum[i + 1] = sum;
      this.#square[i + 1] = square;
    }
  }

  moments(from: number, to: number): Moments {
    const n = to - from;
    const centred = ((this.#sum[to] ?? 0) - (this.#sum[from] ?? 0)) / n;
    const square = ((this.#square[to] ?? 0) - (this.#square[from] ?? 0)) / n;
    return { n, mean: centred + this.#centre, variance: Math.max(0, square - centred * centred) };
  }
}
