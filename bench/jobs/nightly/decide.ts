import { median } from '../../stats/describe.ts';
import { changePoints } from '../../stats/edivisive.ts';
import { clipOutliers } from './outliers.ts';
import { DEFAULT_POLICY, PLACE_TOLERANCE, type Policy } from './policy.ts';
import { steadied } from './steadied.ts';
import { strayLog, type Tail, TailHistory } from './tails.ts';
import { type NightState, Track } from './track.ts';
import type { Direction } from './watched.ts';

export interface SeriesInput {
  /** Night medians, all above zero, oldest first, of one definition of the cell; the last is tonight's. */
  readonly values: Float64Array;
  /** Least and greatest repeat of each night, where they are known. */
  readonly lows?: Float64Array;
  readonly highs?: Float64Array;
  readonly direction: Direction;
  /** Relative change that matters. */
  readonly delta: number;
  /** Indexes of nights whose change somebody has accepted. */
  readonly accepted: readonly number[];
  /** Series judged in the same night: the more, the stricter each one's gate. */
  readonly family: number;
  /** When each night was, ms; a night apart where it is not given. */
  readonly times?: Float64Array;
  /** How far nights of the suite have strayed; the series' own where it is not given. */
  readonly pool?: TailHistory;
  /** p with which the canary shows a change at `from` as of night `now`, or null; `shift` is ln(new ÷ old). */
  readonly explained?: (from: number, now: number, shift: number) => number | null;
}

export interface SeriesChange {
  /** First night of the new level. */
  readonly index: number;
  readonly p: number;
  /** New level ÷ old level, of the medians of the nights on either side. */
  readonly ratio: number;
  readonly worse: boolean;
  /** Somebody has said that it is known. */
  readonly accepted: boolean;
  /** News: not known to the analysis of five nights ago; or the series is still failed for it. */
  readonly recent: boolean;
  /** The night fails for it, unless the environment explains it. */
  readonly confirmed: boolean;
  /** Found by E-divisive means alone, or by the project's own rules on top of it. */
  readonly foundBy: 'e-divisive' | 'own rules';
}

export interface SeriesAnalysis {
  /** `learning`: too few nights for a verdict. */
  readonly state: 'judged' | 'learning';
  readonly changes: readonly SeriesChange[];
  readonly night: NightState | null;
  /** Nights whose repeats tell that something spoiled a part of them; they speak with their best repeat. */
  readonly spoiled: readonly number[];
}

/** Nights that are gone through again, one by one, to know the state that a series is in. */
const REPLAYED_NIGHTS = 400;
const NIGHT_MS = 86_400_000;

interface Oriented {
  /** ln of the nights, up being worse. */
  readonly logs: Float64Array;
  readonly spoiled: Uint8Array;
  readonly sign: 1 | -1;
}

/** A series for the gate: logarithms, up being worse, spoiled nights by their best repeat. */
export function oriented(
  input: Pick<SeriesInput, 'values' | 'lows' | 'highs' | 'direction' | 'delta'>,
): Oriented {
  const { values, lows, highs, direction, delta } = input;
  const lower = direction === 'lower-is-better';
  const sign = lower ? 1 : -1;
  const steady =
    lows === undefined || highs === undefined
      ? { values, spoiled: new Uint8Array(values.length) }
      : steadied({ values, lows, highs }, lower, delta);
  return { logs: steady.values.map((value) => sign * Math.log(value)), spoiled: steady.spoiled, sign };
}

/** The track of a series, not yet stepped. */
export function trackOf(
  input: SeriesInput,
  { logs, sign }: Oriented,
  tails: { readonly own: Tail; readonly pool: Tail },
  policy: Policy,
): Track {
  const { accepted, delta, family, explained = () => null } = input;
  return new Track({
    logs,
    margin: Math.log1p(delta),
    accepted,
    ...tails,
    family,
    policy,
    explained: (from, now, shift) => explained(from, now, sign * shift),
  });
}

/** The changes of one series up to its last night, and the state that its nights have brought it into. */
export function analyseSeries(input: SeriesInput, policy: Policy = DEFAULT_POLICY): SeriesAnalysis {
  const n = input.values.length;
  if (n < policy.minBaseline + 1) return { state: 'learning', changes: [], night: null, spoiled: [] };
  const ready = oriented(input);
  const times = input.times ?? Float64Array.from({ length: n }, (_, i) => i * NIGHT_MS);
  const own = new TailHistory(strayLog([{ logs: ready.logs, times }]));
  const tailsAt = (now: number): { own: Tail; pool: Tail } => {
    const time = times[now] ?? 0;
    const tail = own.at(time);
    return { own: tail, pool: input.pool?.at(time) ?? tail };
  };
  const first = Math.max(0, n - REPLAYED_NIGHTS);
  const track = trackOf(input, ready, tailsAt(first), policy);
  let night: NightState | null = null;
  for (let now = first; now < n; now++) {
    track.input = { ...track.input, ...tailsAt(now) };
    night = track.step(now);
  }
  const spoiled = [...ready.spoiled.keys()].filter((index) => ready.spoiled[index] === 1);
  return { state: 'judged', changes: changesOf(input, ready, night, policy), night, spoiled };
}

/** Every change of level for people: E-divisive means over all nights, and what the project's rules add. */
function changesOf(
  input: SeriesInput,
  { logs, sign }: Oriented,
  night: NightState | null,
  policy: Policy,
): SeriesChange[] {
  const n = logs.length;
  const margin = Math.log1p(input.delta);
  const found = changePoints(clipOutliers(logs, 1.5 * margin), {
    window: policy.window,
    maxP: policy.maxP,
    minMagnitude: margin / 2,
    magnitude: 'difference',
  });
  const places = found.map(({ index, p }) => ({
    index,
    p,
    foundBy: 'e-divisive' as SeriesChange['foundBy'],
  }));
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= PLACE_TOLERANCE;
  const failure = night?.failure ?? null;
  const extra = [
    ...(failure === null ? [] : [{ index: failure.from, p: failure.p }]),
    ...(night?.suspect == null ? [] : [{ index: night.suspect.from, p: night.suspect.p }]),
    ...(night?.points ?? []).filter(({ index }) => night?.news.includes(index) === true),
  ];
  for (const { index, p } of extra) {
    if (!places.some((place) => isNear(place.index, index))) places.push({ index, p, foundBy: 'own rules' });
  }
  places.sort((a, b) => a.index - b.index);
  const confirmed =
    failure === null
      ? undefined
      : places.reduce((best, one) =>
          Math.abs(one.index - failure.from) < Math.abs(best.index - failure.from) ? one : best,
        );
  return places.map((place, i): SeriesChange => {
    const start = Math.max(places[i - 1]?.index ?? 0, place.index - policy.window);
    const end = Math.min(places[i + 1]?.index ?? n, place.index + policy.window);
    const after = median([...logs.subarray(place.index, end)]);
    const isFailure = place === confirmed && failure !== null;
    const before = isFailure ? failure.base : median([...logs.subarray(start, place.index)]);
    const shift = isFailure ? median([...logs.subarray(failure.from, n)]) - before : after - before;
    return {
      index: place.index,
      p: place.p,
      ratio: Math.exp(sign * shift),
      worse: shift > 0,
      accepted: input.accepted.some((at) => isNear(at, place.index)),
      recent:
        isFailure ||
        place.foundBy === 'own rules' ||
        night?.news.some((index) => isNear(index, place.index)) === true,
      confirmed: isFailure,
      foundBy: place.foundBy,
    };
  });
}
