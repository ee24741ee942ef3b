import { median } from '../../stats/describe.ts';
import { type ChangePoint, changePoints } from '../../stats/edivisive.ts';
import { testCreep } from './creep.ts';
import { clipOutliers } from './outliers.ts';
import { PLACE_TOLERANCE, type Policy } from './policy.ts';
import { type RunContext, type RunTest, testRun } from './run-test.ts';
import type { Tail } from './tails.ts';

/** Nights that the change points of one night are looked for in. */
const REACH = 110;
/** Nights after which a failure has to show its size in all of them. */
const PROVEN_NIGHTS = 10;
/** Share of δ below which a failure of that many nights was none. */
const PROVEN_SHARE = 2 / 3;

/** p of the canary from which its change is certain: what was blamed on the code is taken back. */
const CERTAIN_P = 0.001;
/** Times the limits of a failure at which it is kept on a night that is back. */
const LENIENT = 4;

type Rule = 'large' | 'run' | 'creep';

/** A regression that the series is in. */
export interface Failure {
  readonly rule: Rule;
  /** First night of the new level. */
  readonly from: number;
  /** First night that failed. */
  readonly since: number;
  /** The stretch that it is held against, and its level (ln, up being worse). */
  readonly baseFrom: number;
  readonly base: number;
  readonly strayP: number;
  readonly levelP: number;
}

export type EndedHow = 'back' | 'accepted' | 'wrong' | 'environment';

interface Ended {
  readonly how: EndedHow;
  readonly failure: Failure;
  /** First night that no longer failed. */
  readonly at: number;
}

/** What a series says on one night. */
export interface NightState {
  readonly failure: Failure | null;
  /** A failure that ended with this night. */
  readonly ended: Ended | null;
  /** What may become a failure. */
  readonly suspect: RunTest | null;
  /** Change points of the last nights (indexes of the whole series), by E-divisive means. */
  readonly points: readonly ChangePoint[];
  /** Those of them that were not known five nights ago. */
  readonly news: readonly number[];
  /** The strongest run of the last nights, passed or not, for who asks why. */
  readonly strongest: RunTest | null;
}

export interface TrackInput {
  /** ln of the nights, up being worse. */
  readonly logs: Float64Array;
  /** ln(1 + δ). */
  readonly margin: number;
  /** Indexes of nights whose change somebody has accepted. */
  readonly accepted: readonly number[];
  readonly own: Tail;
  readonly pool: Tail;
  readonly family: number;
  readonly policy: Policy;
  /** p with which the canary shows, as of night `now`, what the series shows at `from`, of this size (ln); or null. */
  readonly explained: (from: number, now: number, shift: number) => number | null;
}

const QUIET: NightState = {
  failure: null,
  ended: null,
  suspect: null,
  points: [],
  news: [],
  strongest: null,
};

/**
 * A series night after night. A night fails where a run of the last 2 to 12 nights is worse by δ than the stretch
 * before it, beyond what spoiled nights and persistence explain; where two nights are worse by half again; or where
 * the last two weeks are worse by δ than the best three of a year. It then stays failed until the level is back, a
 * person accepts it, or later nights show that it was none.
 */
export class Track {
  input: TrackInput;
  #failure: Failure | null = null;
  /** First night of the newest level that is taken as it is: accepted, or the environment's. */
  #floorFrom = 0;
  /** The nights that showed a failure to have been wrong do not make a new one at once. */
  #restUntil = -1;
  #earlier: (readonly ChangePoint[])[] = [];
  readonly #creepCache = new Map<number, number>();

  constructor(input: TrackInput) {
    this.input = input;
  }

  /** The state as of night `now`, an index; nights are stepped through in order. */
  step(now: number): NightState {
    const { policy, accepted } = this.input;
    const to = now + 1;
    if (to < policy.minBaseline + 1) return QUIET;
    for (const night of accepted) if (night === now) this.#floorFrom = Math.max(this.#floorFrom, night);
    const points = this.#points(to);
    const news = this.#news(points, to);
    let ended: Ended | null = null;
    if (this.#failure !== null) {
      const how = this.#end(this.#failure, now);
      if (how !== null) {
        ended = { how, failure: this.#failure, at: now };
        this.#failure = null;
        this.#restUntil = how === 'wrong' ? now + 1 : now;
      }
    }
    const { failing, suspect, strongest } =
      this.#failure === null && ended === null && now > this.#restUntil
        ? this.#search(points, now)
        : { failing: null, suspect: null, strongest: null };
    if (failing !== null) this.#failure = failing;
    return { failure: this.#failure, ended, suspect, points, news, strongest };
  }

  #points(to: number): ChangePoint[] {
    const { logs, margin, policy } = this.input;
    const from = Math.max(0, to - REACH);
    const clipped = clipOutliers(logs.subarray(from, to), 1.5 * margin);
    const found = changePoints(clipped, {
      window: policy.window,
      maxP: policy.maxP,
      minMagnitude: margin / 2,
      magnitude: 'difference',
    });
    return found.map((point) => ({ ...point, index: point.index + from }));
  }

  #news(points: readonly ChangePoint[], to: number): number[] {
    const { policy } = this.input;
    const earlier = this.#earlier.length === policy.recentNights ? (this.#earlier[0] ?? []) : [];
    this.#earlier.push(points);
    if (this.#earlier.length > policy.recentNights) this.#earlier.shift();
    return points
      .filter(
        ({ index, before, after }) =>
          to - index <= policy.newsNights &&
          !earlier.some(
            (other) =>
              Math.abs(other.index - index) <= PLACE_TOLERANCE &&
              other.after > other.before === after > before,
          ),
      )
      .map(({ index }) => index);
  }

  /** How a failure ends tonight, or null. */
  #end(failure: Failure, now: number): EndedHow | null {
    const { logs, margin, accepted, explained } = this.input;
    const known = accepted.find((night) => night >= failure.from - PLACE_TOLERANCE && night <= now);
    if (known !== undefined) {
      this.#floorFrom = Math.max(known, failure.from);
      return 'accepted';
    }
    const since = logs.subarray(failure.from, now + 1);
    const isBack = (index: number): boolean => (logs[index] ?? 0) - failure.base < margin / 2;
    // Two nights: one lucky night is no return, as one spoiled night is no regression.
    if (isBack(now) && isBack(now - 1)) return 'back';
    const shift = median([...since.subarray(-5 * PROVEN_NIGHTS)]) - failure.base;
    if (
      failure.rule !== 'creep' &&
      since.length <= 3 * PROVEN_NIGHTS &&
      explained(failure.from, now, shift)
    ) {
      this.#floorFrom = failure.from;
      return 'environment';
    }
    if (since.length >= PROVEN_NIGHTS && shift < PROVEN_SHARE * margin) return 'wrong';
    return isBack(now) && failure.rule === 'run' && !this.#holds(failure, now) ? 'wrong' : null;
  }

  /** Whether all nights since a failure began would still come close to failing: asked on a night that is back. */
  #holds({ from, baseFrom, base }: Failure, now: number): boolean {
    const { logs, policy, family, own, pool } = this.input;
    const to = now + 1;
    if (to - from > policy.longestRun) return true;
    const run = testRun(
      logs,
      { baseFrom, from, to },
      base,
      { own, pool, direction: 'up' },
      Number.NEGATIVE_INFINITY,
    );
    const lengths = policy.longestRun - policy.confirmNights + 1;
    return (
      run !== null &&
      run.strayP * family * lengths <= LENIENT * policy.strayP &&
      run.levelP <= (LENIENT * policy.familyP) / family
    );
  }

  #search(
    points: readonly ChangePoint[],
    now: number,
  ): { failing: Failure | null; suspect: RunTest | null; strongest: RunTest | null } {
    const { logs, margin, policy, family, explained, accepted } = this.input;
    const to = now + 1;
    const lengths = policy.longestRun - policy.confirmNights + 1;
    const context: RunContext = { own: this.input.own, pool: this.input.pool, direction: 'up' };
    const isKnown = (from: number): boolean =>
      accepted.some((night) => night >= from - PLACE_TOLERANCE && night <= now + PLACE_TOLERANCE);
    let suspect: RunTest | null = null;
    let strongest: RunTest | null = null;
    for (let k = 1; k <= policy.longestRun && to - k >= policy.minBaseline; k++) {
      const from = to - k;
      if (from <= this.#floorFrom && this.#floorFrom > 0) break;
      const run = testRun(
        logs,
        { baseFrom: this.#baseFrom(points, from), from, to },
        this.#floor(from),
        context,
        margin,
      );
      if (run === null) continue;
      const last = logs.subarray(Math.max(from, to - policy.confirmNights), to);
      if (strongest === null || run.strayP < strongest.strayP) strongest = run;
      const chance = run.strayP * family * lengths;
      const failure = (rule: Rule): Failure => ({
        rule,
        from,
        since: now,
        baseFrom: run.baseFrom,
        base: run.base,
        strayP: Math.min(1, chance),
        levelP: run.levelP,
      });
      const large =
        k === policy.confirmNights && last.every((value) => value - run.base >= policy.largeShift);
      const clear =
        k >= policy.confirmNights &&
        chance <= policy.strayP &&
        run.levelP <= Math.min(policy.maxP, policy.familyP / family);
      if (large || clear) {
        if (isKnown(from)) {
          this.#floorFrom = from;
          return { failing: null, suspect: null, strongest: run };
        }
        const byCanary = explained(from, now, run.shift);
        if (byCanary !== null) {
          // A level that the environment set is the one to be held against; a doubtful one waits for a night more.
          if (byCanary <= CERTAIN_P && k > policy.confirmNights) this.#floorFrom = from;
          return { failing: null, suspect: run, strongest: run };
        }
        return { failing: failure(large && !clear ? 'large' : 'run'), suspect: null, strongest: run };
      } else if (chance <= policy.warnP && run.levelP <= 10 * policy.maxP) suspect ??= run;
    }
    return { failing: this.#creeping(now), suspect, strongest };
  }

  #creeping(now: number): Failure | null {
    const { logs, margin, policy, family, explained } = this.input;
    const creep = testCreep(logs, now + 1, this.#floorFrom, this.#creepCache, margin);
    if (creep === null || creep.p * family > policy.creepP) return null;
    const last = logs.subarray(now + 1 - policy.confirmNights, now + 1);
    if (last.some((value) => value - creep.base < margin / 2)) return null;
    const { from, baseFrom, base, p } = creep;
    if (explained(from, now, creep.shift) !== null) return null;
    return { rule: 'creep', from, since: now, baseFrom, base, strayP: 0, levelP: Math.min(1, p * family) };
  }

  /** First night of the stretch before a run: of one level, where that has nights enough. */
  #baseFrom(points: readonly ChangePoint[], from: number): number {
    const { policy, margin } = this.input;
    let start = Math.max(0, from - policy.baseline);
    const cut = (place: number, least: number): void => {
      if (place > start && place <= from - least) start = place;
    };
    for (const { index, before, after } of points) {
      // A change below δ is none, and eight lucky nights are no new level to be held against.
      if (Math.abs(after - before) >= margin)
        cut(index, after > before ? policy.minBaseline : policy.betterBaseline);
    }
    if (this.#floorFrom > 0) cut(this.#floorFrom, policy.minBaseline);
    return start;
  }

  /** An accepted level counts from its first night on, however few nights it has. */
  #floor(from: number): number {
    const start = this.#floorFrom;
    if (start === 0 || start >= from || start <= from - this.input.policy.minBaseline) {
      return Number.NEGATIVE_INFINITY;
    }
    return median([...this.input.logs.subarray(start, from)]);
  }
}
