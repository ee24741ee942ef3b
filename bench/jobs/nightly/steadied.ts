/** Times the usual range of a night's repeats at which the night is spoiled. */
const TIMES_USUAL = 4;
/** Nights whose range tells what is usual. */
const LOOK_BACK = 30;
const LEAST_NIGHTS = 8;

/** A series' nights as the gate takes them. */
export interface Steadied {
  readonly values: Float64Array;
  /** Nights whose own repeats tell that something spoiled a part of them. */
  readonly spoiled: Uint8Array;
}

export interface NightRanges {
  readonly values: Float64Array;
  /** Least and greatest repeat of each night. */
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

/**
 * A night whose repeats lie four times as far apart as usual, and further than δ, was spoiled while it ran: it speaks
 * with its best repeat. One that is slow for good is slow in its best repeat too, and one that a neighbour disturbed
 * for an hour is not.
 */
export function steadied(
  { values, lows, highs }: NightRanges,
  lowerIsBetter: boolean,
  delta: number,
): Steadied {
  const n = values.length;
  const out = values.slice();
  const spoiled = new Uint8Array(n);
  const ranges = values.map((_, i) => {
    const [low = 0, high = 0] = [lows[i], highs[i]];
    return low > 0 && high > low ? Math.log(high / low) : 0;
  });
  for (let i = LEAST_NIGHTS; i < n; i++) {
    const range = ranges[i] ?? 0;
    if (range <= Math.log1p(delta)) continue;
    const before = ranges.slice(Math.max(0, i - LOOK_BACK), i).sort();
    const usual = before[before.length >> 1] ?? 0;
    if (usual <= 0 || range <= TIMES_USUAL * usual) continue;
    spoiled[i] = 1;
    out[i] = (lowerIsBetter ? lows[i] : highs[i]) ?? values[i] ?? 0;
  }
  return { values: out, spoiled };
}
