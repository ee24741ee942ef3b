import { createRandom } from '../../common/random.ts';
import { canaryMoveOf } from './canary-move.ts';
import { oriented, trackOf } from './decide.ts';
import { explainer, type SeriesVerdict, verdictOfNight } from './judge.ts';
import type { JudgedSeries } from './judged-series.ts';
import { DEFAULT_POLICY, type Policy } from './policy.ts';
import { type Noise, nightsOf } from './simulated-nights.ts';
import { strays, type Tail, tailOf } from './tails.ts';
import type { Track } from './track.ts';

/** What happens to a simulated series, as ln of its level, at night `t` after the event (from 0). */
export interface Scenario {
  readonly name: string;
  readonly code: (t: number) => number;
  readonly environment: (t: number) => number;
}

export const SCENARIOS = {
  step: (share: number): Scenario => ({
    name: `step of ${share * 100} %`,
    code: (t) => (t < 0 ? 0 : Math.log1p(share)),
    environment: () => 0,
  }),
  /** An improvement and, some nights after it, a step from there. */
  stepAfter: (improvement: number, nights: number, share: number): Scenario => ({
    name: `step of ${share * 100} % after an improvement`,
    code: (t) => (t >= 0 ? Math.log1p(share) : 0) + (t >= -nights ? Math.log1p(-improvement) : 0),
    environment: () => 0,
  }),
  drift: (share: number): Scenario => ({
    name: `drift of ${share * 100} % per night`,
    code: (t) => (t < 0 ? 0 : (t + 1) * Math.log1p(share)),
    environment: () => 0,
  }),
  /** A step of `share` every `every` nights. */
  stairs: (share: number, every: number): Scenario => ({
    name: `${share * 100} % every ${every} nights`,
    code: (t) => (t < 0 ? 0 : (Math.floor(t / every) + 1) * Math.log1p(share)),
    environment: () => 0,
  }),
  environment: (share: number): Scenario => ({
    name: `environment slower by ${share * 100} %`,
    code: () => 0,
    environment: () => Math.log1p(share),
  }),
  stable: { name: 'stable', code: () => 0, environment: () => 0 } satisfies Scenario,
} as const;

export interface SimulationOptions {
  readonly scenario: Scenario;
  readonly noise: Noise;
  /** Nights before the event. */
  readonly nightsBefore: number;
  /** Nights from the event on, each of them judged. */
  readonly nightsAfter: number;
  readonly series: number;
  /** Series that the event happens to; the others stay. All of them where it is left out. */
  readonly affected?: number;
  /** Series of the canary: what its figures are. */
  readonly canaries?: number;
  readonly delta: number;
  readonly seed: number;
  readonly policy?: Policy;
}

interface SimulatedNight {
  readonly verdicts: readonly SeriesVerdict[];
  /** The gates are suspended. */
  readonly moved: boolean;
}

/** Nights after which the strays are counted anew: they change little from night to night. */
const RECOUNT = 10;

const EMPTY = tailOf([]);

/** Runs the real judgement night after night on a suite of simulated series and their canary. */
function simulateSuite(options: SimulationOptions): SimulatedNight[] {
  const { scenario, nightsBefore, nightsAfter, delta, noise, policy = DEFAULT_POLICY } = options;
  const { affected = options.series, canaries = 1 } = options;
  const random = createRandom(options.seed);
  const length = nightsBefore + nightsAfter;
  const times = Float64Array.from({ length }, (_, night) => night * 86_400_000);
  const make = (i: number, isCanary: boolean): JudgedSeries => ({
    id: String(i),
    metric: 'due-to-ack.p50',
    direction: 'lower-is-better',
    delta,
    times,
    accepted: [],
    ...nightsOf(random.fork(`${isCanary ? 'canary' : 'series'} ${i}`), noise, length, (night) => {
      const since = night - nightsBefore;
      const environment = since < 0 ? 0 : scenario.environment(since);
      return environment + (isCanary || i >= affected ? 0 : scenario.code(since));
    }),
  });
  const own = Array.from({ length: options.series }, (_, i) => make(i, false));
  const yard = Array.from({ length: canaries }, (_, i) => ({ series: make(i, true) }));
  const ready = own.map((series) => oriented(series));
  const yardReady = yard.map(({ series }) => oriented(series));
  const explain = explainer({ times }, yard[0]?.series, policy);
  const tracks: Track[] = ready.map((one, i) =>
    trackOf(
      {
        ...(own[i] as JudgedSeries),
        accepted: [],
        family: options.series,
        explained: (from, now, shift) => explain(from, now, shift)?.p ?? null,
      },
      one,
      { own: EMPTY, pool: EMPTY },
      policy,
    ),
  );
  let yardPool: Tail | undefined;
  let yardTails: Tail[] = [];
  const nights: SimulatedNight[] = [];
  const margin = Math.log1p(delta);
  const warmUp = Math.max(0, nightsBefore - 40);
  for (let now = warmUp; now < length; now++) {
    if ((now - warmUp) % RECOUNT === 0) {
      const parts = ready.map(({ logs }) => strays(logs.subarray(0, now + 1)));
      const pool = tailOf(parts);
      for (const [i, track] of tracks.entries()) {
        track.input = { ...track.input, pool, own: tailOf([parts[i] ?? new Float64Array(0)]) };
      }
      const yardParts = yardReady.map(({ logs }) => strays(logs.subarray(0, now + 1)));
      yardPool = tailOf(yardParts);
      yardTails = yardParts.map((part) => tailOf([part]));
    }
    const verdicts = tracks.map((track, i): SeriesVerdict => {
      const state = track.step(now);
      const logs = ready[i]?.logs ?? new Float64Array(0);
      if (now < nightsBefore) return 'steady';
      return verdictOfNight(
        state,
        logs,
        now,
        margin,
        () => false,
        (from, shift) => explain(from, now, shift) !== null,
      );
    });
    if (now < nightsBefore) continue;
    const moved = yardReady.some(
      ({ logs }, i) =>
        canaryMoveOf(
          logs.subarray(0, now + 1),
          1,
          yard[i]?.series as JudgedSeries,
          { own: yardTails[i], pool: yardPool },
          canaries,
          policy,
        ) !== null,
    );
    nights.push({ verdicts, moved });
  }
  return nights;
}

export interface SimulationSummary {
  readonly suites: number;
  readonly nights: number;
  readonly failedNights: number;
  /** Nights that failed where the night before did not. */
  readonly failures: number;
  readonly warnedNights: number;
  readonly suspendedNights: number;
  /** Nights from the event to the first that failed, or that at least warned, by suite; infinite where none did. */
  readonly failDelays: readonly number[];
  readonly seenDelays: readonly number[];
  /** Suites that failed, passed, and failed again within ten nights. */
  readonly flapped: number;
}

/** Nights in which a failure that passes and comes again counts as one that flaps. */
const FLAP_NIGHTS = 10;

function flaps(failed: readonly boolean[]): boolean {
  const first = failed.indexOf(true);
  if (first < 0) return false;
  const after = failed.slice(first, first + FLAP_NIGHTS);
  const passed = after.indexOf(false);
  return passed >= 0 && after.indexOf(true, passed) >= 0;
}

/**
 * What happens to the affected series is what counts for the delays; every series of the suite counts for the nights
 * that failed. A night with suspended gates does not fail.
 */
export function simulate(options: SimulationOptions, suites: number): SimulationSummary {
  const failDelays: number[] = [];
  const seenDelays: number[] = [];
  const delay = (index: number): number => (index < 0 ? Number.POSITIVE_INFINITY : index + 1);
  const { affected = options.series } = options;
  let [failedNights, failures, warnedNights, suspendedNights, flapped] = [0, 0, 0, 0, 0];
  for (let suite = 0; suite < suites; suite++) {
    const nights = simulateSuite({ ...options, seed: options.seed + suite });
    const failed = nights.map(({ moved, verdicts }) => !moved && verdicts.includes('regressed'));
    const own = nights.map(({ moved, verdicts }) => ({ moved, verdicts: verdicts.slice(0, affected) }));
    failDelays.push(delay(own.findIndex((n) => !n.moved && n.verdicts.includes('regressed'))));
    seenDelays.push(
      delay(own.findIndex((n) => n.verdicts.includes('regressed') || n.verdicts.includes('warning'))),
    );
    if (flaps(own.map(({ verdicts }) => verdicts.includes('regressed')))) flapped++;
    failedNights += failed.filter(Boolean).length;
    failures += failed.filter((one, i) => one && failed[i - 1] !== true).length;
    warnedNights += nights.filter(
      ({ verdicts }) => verdicts.includes('warning') || verdicts.includes('regressed'),
    ).length;
    suspendedNights += nights.filter(({ moved }) => moved).length;
  }
  const nights = suites * options.nightsAfter;
  return {
    suites,
    nights,
    failedNights,
    failures,
    warnedNights,
    suspendedNights,
    failDelays,
    seenDelays,
    flapped,
  };
}

/** Share of delays up to `limit` nights. */
export function shareWithin(delays: readonly number[], limit: number): number {
  return delays.filter((delay) => delay <= limit).length / delays.length;
}
