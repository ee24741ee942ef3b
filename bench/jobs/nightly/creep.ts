import { quantileOfAscending } from '../../stats/describe.ts';
import { normalCdf } from '../../stats/normal.ts';
import { nightlySigma } from './outliers.ts';
import { varianceOfMean } from './persistence.ts';

/** Nights of a stable stretch, and how far apart the stretches begin that are looked at. */
const STRETCH_NIGHTS = 21;
const STRIDE = 7;
/** Newest nights whose median is the level of today. */
const NOW_NIGHTS = 14;
/** Nights back to which the best stretch is looked for. */
export const CREEP_LOOK_BACK = 365;
const PERSISTENCE = 0.3;
/** σ of nights that resemble the night before, from the differences of neighbours: 1 ÷ √(1 − φ). */
const DIFFERENCE_TO_SIGMA = 1 / Math.sqrt(1 - PERSISTENCE);
/** Variance of a median, in units of the mean's. */
const MEDIAN_VARIANCE = Math.PI / 2;

export interface Creep {
  /** First night after the best stretch. */
  readonly from: number;
  readonly baseFrom: number;
  readonly base: number;
  readonly shift: number;
  readonly p: number;
}

const medianOf = (logs: Float64Array, from: number, to: number): number =>
  quantileOfAscending(logs.slice(from, to).sort(), 0.5);

/**
 * The last two weeks against the best three weeks of the last year, or since `since` where a person has accepted a
 * level: decay that is too slow for a change point, or comes in steps below δ, adds up. p is for all stretches looked
 * at; null where the shift is below `least`. `cache` keeps medians of stretches, by their first night.
 */
export function testCreep(
  logs: Float64Array,
  to: number,
  since: number,
  cache: Map<number, number>,
  least: number,
): Creep | null {
  const first = Math.ceil(Math.max(since, to - CREEP_LOOK_BACK, 0) / STRIDE) * STRIDE;
  let base = Number.POSITIVE_INFINITY;
  let baseFrom = -1;
  let looked = 0;
  for (let from = first; from + STRETCH_NIGHTS + NOW_NIGHTS <= to; from += STRIDE) {
    let level = cache.get(from);
    if (level === undefined) {
      level = medianOf(logs, from, from + STRETCH_NIGHTS);
      cache.set(from, level);
    }
    looked++;
    if (level < base) {
      base = level;
      baseFrom = from;
    }
  }
  if (baseFrom < 0) return null;
  const shift = medianOf(logs, to - NOW_NIGHTS, to) - base;
  if (shift < least) return null;
  const variance = varianceOfMean(NOW_NIGHTS, PERSISTENCE) + varianceOfMean(STRETCH_NIGHTS, PERSISTENCE);
  const sigma = nightlySigma(logs.subarray(Math.max(0, to - 120), to)) * DIFFERENCE_TO_SIGMA;
  const deviation = sigma * Math.sqrt(MEDIAN_VARIANCE * variance);
  const p = deviation > 1e-12 ? normalCdf(-shift / deviation) : 0;
  return { from: baseFrom + STRETCH_NIGHTS, baseFrom, base, shift, p: Math.min(1, looked * p) };
}
