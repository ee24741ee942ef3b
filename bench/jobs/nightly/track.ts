import { median } from '../../stats/describe.ts';
import { type ChangePoint, changePoints } from '../../stats/edivisive.ts';
import { testCreep } from './creep.ts';
import { clipOutliers } from './outliers.ts';
import { PLACE_TOLERANCE, type Policy } from './policy.ts';
import { type Rise, riseAt } from './rise.ts';
import type { Tail } from './tails.ts';
import { stillHolds, type Weighed, weigh } from './weigh.ts';

/** Nights that the change points of one night are looked for in. */
const REACH = 110;
/** Nights after which a failure has to show its size in all of them. */
const PROVEN_NIGHTS = 10;
/** Share of δ below which a failure of that many nights was none. */
const PROVEN_SHARE = 2 / 3;

/** p of the canary from which its change is certain: what was blamed on the code is taken back. */
const CERTAIN_P = 0.001;
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
  /** Largest p that the evidence leaves, or of the creep. */
  readonly p: number;
  /** The run that failed, null for creep. */
  readonly run: Weighed | null;
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
  readonly suspect: Weighed | null;
  /** Change points of the last nights (indexes of the whole series), by E-divisive means. */
  readonly points: readonly ChangePoint[];
  /** Those of them that were not known five nights ago. */
  readonly news: readonly number[];
  /** The strongest run of the last nights, passed or not, for who asks why. */
  readonly strongest: Weighed | null;
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
 * A series night after night. A night fails where the last 2 to 8 nights are many times likelier after a rise by δ
 * than on the level before, spoiled nights and persistence taken into account; where two nights are worse by half
 * again; or where the last two weeks are worse by δ than the best three of a year. It then stays failed until the
 * level is back, a person accepts it, or later nights show that it was none.
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
    if (failure.rule !== 'run') return null;
    const place = { ...failure, to: now + 1, floor: failure.base };
    return stillHolds(place, isBack(now), this.input) ? null : 'wrong';
  }

  /** All runs of the last nights, as long as they are held against a level of their own. */
  #runs(points: readonly ChangePoint[], now: number): Rise[] {
    const { logs, margin, policy, own, pool } = this.input;
    const to = now + 1;
    const runs: Rise[] = [];
    for (let k = 1; k <= policy.longestRun && to - k >= policy.minBaseline; k++) {
      const from = to - k;
      if (from <= this.#floorFrom && this.#floorFrom > 0) break;
      const place = { baseFrom: this.#baseFrom(points, from), from, to, floor: this.#floor(from) };
      const rise = riseAt(logs, place, { own, pool, direction: 'up' }, margin);
      if (rise !== null) runs.push(rise);
    }
    return runs;
  }

  #search(
    points: readonly ChangePoint[],
    now: number,
  ): { failing: Failure | null; suspect: Weighed | null; strongest: Weighed | null } {
    const { logs, policy, explained, accepted } = this.input;
    const to = now + 1;
    const isKnown = (from: number): boolean =>
      accepted.some((night) => night >= from - PLACE_TOLERANCE && night <= now + PLACE_TOLERANCE);
    const runs = this.#runs(points, now);
    const strongest = weigh(runs, to, this.input);
    if (strongest === null) return { failing: this.#creeping(now), suspect: null, strongest };
    const { confirmNights } = policy;
    const two = runs.find(({ from }) => to - from === confirmNights);
    const isLarge = (value: number): boolean => value - (two?.base ?? value) >= policy.largeShift;
    const large = two !== undefined && logs.subarray(two.from, to).every(isLarge);
    const clear = to - strongest.from >= confirmNights && strongest.evidence >= strongest.limit;
    if (!large && !clear) {
      return { failing: this.#creeping(now), suspect: strongest.warns ? strongest : null, strongest };
    }
    const run =
      clear || two === undefined ? strongest : { ...strongest, ...two, evidence: strongest.evidence };
    const { from, baseFrom, base, p } = run;
    if (isKnown(from)) {
      this.#floorFrom = from;
      return { failing: null, suspect: null, strongest };
    }
    const byCanary = explained(from, now, run.shift);
    if (byCanary !== null) {
      // A level that the environment set is the one to be held against; a doubtful one waits for a night more.
      if (byCanary <= CERTAIN_P && to - from > confirmNights) this.#floorFrom = from;
      return { failing: null, suspect: run, strongest };
    }
    const rule = clear ? 'run' : 'large';
    return { failing: { rule, from, since: now, baseFrom, base, p, run }, suspect: null, strongest };
  }

  #creeping(now: number): Failure | null {
    const { logs, margin, policy, family, explained } = this.input;
    const creep = testCreep(logs, now + 1, this.#floorFrom, this.#creepCache, margin);
    if (creep === null || creep.p * family > policy.creepP) return null;
    const last = logs.subarray(now + 1 - policy.confirmNights, now + 1);
    if (last.some((value) => value - creep.base < margin / 2)) return null;
    const { from, baseFrom, base, p } = creep;
    if (explained(from, now, creep.shift) !== null) return null;
    return { rule: 'creep', from, since: now, baseFrom, base, p: Math.min(1, p * family), run: null };
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
