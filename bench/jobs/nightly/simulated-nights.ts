import type { Random } from '../../common/random.ts';
import { normalDraw } from '../../stats/normal.ts';

/** How a night's median strays where nothing changed. */
export interface Noise {
  /** Relative standard deviation of a night. */
  readonly sigma: number;
  /** Correlation of one night with the next: rooms, neighbours and updates last longer than a night. */
  readonly persistence: number;
  /** Nights that something else spoiled, and how far off they are, evenly in between; four of five are slow. */
  readonly outlierShare: number;
  readonly outlierSize: readonly [number, number];
  /** Share of the spoiled nights that the repeats tell: some of them are spoiled, and some are not. */
  readonly told: number;
  /** Other shapes than even ones: |normal| of a tenth, four of five slow; or evenly 3 to 30 %, all slow. */
  readonly shape?: 'half-normal' | 'all slow';
  /** Correlation of being spoiled with the night before. */
  readonly spoiledRuns?: number;
  /** Nights that are not spoiled are lognormal, skewed to the slow side, in place of normal. */
  readonly skewed?: boolean;
}

export const REALISTIC_NOISE: Noise = {
  sigma: 0.015,
  persistence: 0.3,
  outlierShare: 0.02,
  outlierSize: [0.05, 0.15],
  told: 0,
};

interface SimulatedNights {
  readonly values: Float64Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

const REPEATS = 5;
/** Noise of one repeat beside the night's, in units of a night's. */
const REPEAT_NOISE = 0.7;

/** How far a spoiled night is off, as ln. */
function offOf(random: Random, { shape, outlierSize: [low, high] }: Noise): number {
  if (shape === 'all slow') return Math.log1p(0.03 + random.next() * 0.27);
  const size =
    shape === 'half-normal'
      ? Math.abs(normalDraw(random)) * 0.1
      : Math.log1p(low + random.next() * (high - low));
  return random.next() < 0.8 ? size : -size;
}

/** σ of the exponent of skewed nights, and the mean and deviation that it gives (σ = ½: skewness 1.75). */
const SKEW = 0.5;
const SKEW_MEAN = Math.exp(SKEW ** 2 / 2);
const SKEW_DEVIATION = SKEW_MEAN * Math.sqrt(Math.exp(SKEW ** 2) - 1);
const skewedOf = (z: number): number => (Math.exp(SKEW * z) - SKEW_MEAN) / SKEW_DEVIATION;

/** The nights of one series. A spoiled night that its repeats tell has three of five spoiled, and two as ever. */
export function nightsOf(
  random: Random,
  noise: Noise,
  length: number,
  levelAt: (night: number) => number,
): SimulatedNights {
  const values = new Float64Array(length);
  const lows = new Float64Array(length);
  const highs = new Float64Array(length);
  const innovation = noise.sigma * Math.sqrt(1 - noise.persistence ** 2);
  const { outlierShare, spoiledRuns = 0 } = noise;
  let spoiled = false;
  let state = normalDraw(random) * noise.sigma;
  const repeats = new Float64Array(REPEATS);
  for (let t = 0; t < length; t++) {
    state = noise.persistence * state + innovation * normalDraw(random);
    let [off, told] = [0, false];
    spoiled = random.next() < outlierShare * (1 - spoiledRuns) + (spoiled ? spoiledRuns : 0);
    if (spoiled) {
      off = offOf(random, noise);
      told = random.next() < noise.told;
    }
    for (let i = 0; i < REPEATS; i++) {
      repeats[i] = normalDraw(random) * noise.sigma * REPEAT_NOISE + (!told || i < 3 ? off : 0);
    }
    repeats.sort();
    const core = noise.skewed === true ? noise.sigma * skewedOf(state / noise.sigma) : state;
    const level = Math.log(1000) + levelAt(t) + core;
    // The median's own noise is in `state`: only a spoiled night moves it.
    values[t] = Math.exp(level + off);
    lows[t] = Math.exp(level + (repeats[0] ?? 0));
    highs[t] = Math.exp(level + (repeats[REPEATS - 1] ?? 0));
  }
  return { values, lows, highs };
}
