import { createRandom, type Random } from '../../common/random.ts';
import { normalDraw } from '../../stats/normal.ts';
import { DEFAULT_POLICY, type Policy } from './decide.ts';
import { judgeNight, type NightJudgement } from './judge.ts';

/** How a night's median strays where nothing changed. */
export interface Noise {
  /** Relative standard deviation of a night. */
  readonly sigma: number;
  /** Correlation of one night with the next: rooms, neighbours and updates last longer than a night. */
  readonly persistence: number;
  /** Nights that something else spoiled, and how far off they are, evenly in between; four of five are slow. */
  readonly outlierShare: number;
  readonly outlierSize: readonly [number, number];
}

export const REALISTIC_NOISE: Noise = {
  sigma: 0.015,
  persistence: 0.3,
  outlierShare: 0.02,
  outlierSize: [0.05, 0.15],
};

/** What happens to a simulated series, as ln of its level, at night `t` after the event (from 0). */
export interface Scenario {
  readonly name: string;
  readonly code: (t: number) => number;
  readonly environment: (t: number) => number;
}

export const SCENARIOS = {
  step: (share: number): Scenario => ({
    name: `step of ${share * 100} %`,
    code: () => Math.log1p(share),
    environment: () => 0,
  }),
  drift: (share: number): Scenario => ({
    name: `drift of ${share * 100} % a night`,
    code: (t) => (t + 1) * Math.log1p(share),
    environment: () => 0,
  }),
  environment: (share: number): Scenario => ({
    name: `environment slower by ${share * 100} %`,
    code: () => 0,
    environment: () => Math.log1p(share),
  }),
  stable: { name: 'stable', code: () => 0, environment: () => 0 } satisfies Scenario,
} as const;

/** ln of a night's relative error, one call a night. */
function noiseSource(random: Random, noise: Noise): () => number {
  let state = normalDraw(random) * noise.sigma;
  const innovation = noise.sigma * Math.sqrt(1 - noise.persistence ** 2);
  return () => {
    state = noise.persistence * state + innovation * normalDraw(random);
    if (random.next() >= noise.outlierShare) return state;
    const [low, high] = noise.outlierSize;
    const size = Math.log1p(low + random.next() * (high - low));
    return state + (random.next() < 0.8 ? size : -size);
  };
}

export interface SimulationOptions {
  readonly scenario: Scenario;
  readonly noise: Noise;
  /** Nights before the event. */
  readonly nightsBefore: number;
  /** Nights from the event on, each of them judged. */
  readonly nightsAfter: number;
  readonly series: number;
  readonly delta: number;
  readonly seed: number;
  readonly policy?: Policy;
}

/** Runs the real judgement night after night on a suite of simulated series and their canary. */
function simulateSuite(options: SimulationOptions): NightJudgement[] {
  const { scenario, nightsBefore, nightsAfter, delta, policy = DEFAULT_POLICY } = options;
  const random = createRandom(options.seed);
  const length = nightsBefore + nightsAfter;
  const times = Float64Array.from({ length }, (_, night) => night * 86_400_000);
  const all = Array.from({ length: options.series + 1 }, (_, i) => {
    const next = noiseSource(random.fork(`series ${i}`), options.noise);
    return Float64Array.from({ length }, (_, t) => {
      const since = t - nightsBefore;
      const event = since < 0 ? 0 : scenario.environment(since) + (i === 0 ? 0 : scenario.code(since));
      return 1000 * Math.exp(next() + event);
    });
  });
  return Array.from({ length: nightsAfter }, (_, t) => {
    const until = nightsBefore + t + 1;
    const [canary, ...series] = all.map((values, i) => ({
      id: String(i),
      metric: 'due-to-ack.p50',
      direction: 'lower-is-better' as const,
      delta,
      times: times.subarray(0, until),
      values: values.subarray(0, until),
      accepted: [],
    }));
    const canaries = canary === undefined ? [] : [canary];
    return judgeNight({ series, canaries, drift: [], family: series.length, policy });
  });
}

/** A night fails where a series regressed and the gates were open. */
function fails(night: NightJudgement): boolean {
  return !night.canary.moved && night.series.some(({ verdict }) => verdict === 'regressed');
}

function warns(night: NightJudgement): boolean {
  return night.series.some(({ verdict }) => verdict === 'warning' || verdict === 'regressed');
}

export interface SimulationSummary {
  readonly suites: number;
  readonly nights: number;
  readonly failedNights: number;
  readonly warnedNights: number;
  readonly suspendedNights: number;
  /** Nights from the event to the first that failed, or that at least warned, by suite; infinite where none did. */
  readonly failDelays: readonly number[];
  readonly seenDelays: readonly number[];
}

export function simulate(options: SimulationOptions, suites: number): SimulationSummary {
  const failDelays: number[] = [];
  const seenDelays: number[] = [];
  const delay = (index: number): number => (index < 0 ? Number.POSITIVE_INFINITY : index + 1);
  let [failedNights, warnedNights, suspendedNights] = [0, 0, 0];
  for (let suite = 0; suite < suites; suite++) {
    const nights = simulateSuite({ ...options, seed: options.seed + suite });
    failDelays.push(delay(nights.findIndex(fails)));
    seenDelays.push(delay(nights.findIndex(warns)));
    failedNights += nights.filter(fails).length;
    warnedNights += nights.filter(warns).length;
    suspendedNights += nights.filter(({ canary }) => canary.moved).length;
  }
  const nights = suites * options.nightsAfter;
  return { suites, nights, failedNights, warnedNights, suspendedNights, failDelays, seenDelays };
}

/** Share of delays up to `limit` nights. */
export function shareWithin(delays: readonly number[], limit: number): number {
  return delays.filter((delay) => delay <= limit).length / delays.length;
}
