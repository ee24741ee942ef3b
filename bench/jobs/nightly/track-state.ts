import type { ChangePoint } from '../../stats/edivisive.ts';
import type { Policy } from './policy.ts';
import type { RunTest } from './run-test.ts';
import type { Tail } from './tails.ts';

export type Rule = 'large' | 'run' | 'creep';

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
  /** Largest chance of spoiled nights that fails tonight, over all series and lengths of a run. */
  readonly strayLimit: number;
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
