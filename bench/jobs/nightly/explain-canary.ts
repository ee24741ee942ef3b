import { memoBy } from '../../common/memo.ts';
import type { Policy } from './policy.ts';
import { riseAt } from './rise.ts';
import { strays, type Tail, tailOf } from './tails.ts';

/** p (1 ÷ evidence) to which the canary's move explains a series' change; no gate, so not as strict. */
const CANARY_P = 0.2;
/** Nights below which it is enough that the canary as likely moved as not: the next night tells. */
const FEW_NIGHTS = 4;
/** Nights from the change on that are asked. */
const MOST_NIGHTS = 12;
/** Least share of a change that the canary has to show to explain it. */
const CANARY_SHARE = 0.4;

/** What the canary says about the nights around one change. */
export interface EnvironmentShift {
  /** When the canary changed. */
  readonly time: number;
  /** New level ÷ old level of the canary. */
  readonly ratio: number;
  readonly p: number;
}

interface Timed {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Index of the first time that is not before `time`. */
export function firstFrom(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Strays of the canary as of a night, by its values: every series of a metric asks for them. */
const tailAt = memoBy(
  (values: Float64Array, end): Tail => tailOf([strays(values.subarray(0, end).map(Math.log))]),
);

const mirrored = ({ up, down, ...rest }: Tail): Tail => ({ ...rest, up: down, down: up });

/**
 * The canary between the nights around a series' change at `from`, with what is known by `until` (times), or null
 * where it stood still or went the other way. `shift` is ln(new ÷ old) of the series.
 */
export function explainByCanary(
  canary: Timed | undefined,
  nights: { readonly since: number; readonly from: number; readonly until: number },
  shift: number,
  policy: Policy,
): EnvironmentShift | null {
  if (canary === undefined) return null;
  const split = firstFrom(canary.times, nights.from);
  const start = Math.max(firstFrom(canary.times, nights.since), split - policy.window);
  const end = firstFrom(canary.times, nights.until + 1);
  const sign = Math.sign(shift);
  const tail = tailAt(canary.values, end);
  const own = sign < 0 ? mirrored(tail) : tail;
  const logs = canary.values.subarray(0, end).map((value) => sign * Math.log(value));
  const least = CANARY_SHARE * Math.abs(shift);
  // A series' change may be seen a night beside the canary's, in particular on the first nights.
  for (const from of [split, split + 1, split - 1]) {
    const to = Math.min(end, from + MOST_NIGHTS);
    if (from < 1 || to <= from || (from > split && to - from < policy.confirmNights)) continue;
    const place = { baseFrom: Math.max(start, 0), from, to, floor: Number.NEGATIVE_INFINITY };
    const rise = riseAt(logs, place, { own, pool: own, direction: 'up' }, least, Number.NEGATIVE_INFINITY);
    if (rise === null || rise.evidence * (to - from < FEW_NIGHTS ? 1 : CANARY_P) < 1) continue;
    return {
      time: canary.times[from] ?? Number.NaN,
      ratio: Math.exp(sign * rise.shift),
      p: 1 / rise.evidence,
    };
  }
  return null;
}
