import { varianceOfMean } from './persistence.ts';
import { densityOf, type Spoil } from './spoil.ts';

/** What nights of one level are taken to be. */
export interface NightNoise {
  /** σ of nights that are not spoiled (ln), their correlation with the night before, and the nights that tell σ. */
  readonly sigma: number;
  readonly phi: number;
  readonly degrees: number;
  readonly spoil: Spoil;
}

/** The night before a run: how far it is from its level, and the chance that it is spoiled. */
interface Before {
  readonly rest: number;
  readonly spoiled: number;
}

/** Γ((ν + 1)/2) ÷ Γ(ν/2) ÷ √(νπ), by Stirling's series: the height of Student's density; error below 1e-4 from ν = 4. */
const heightOf = (nu: number): number =>
  Math.exp(-1 / (4 * nu) + 1 / (24 * nu ** 3)) / Math.sqrt(2 * Math.PI);

/**
 * Likelihood of the nights [from, to) at a level, by the forward filter of a hidden chain of two states: a night is
 * spoiled, or resembles the last one that is not.
 */
function likelihood(
  logs: Float64Array,
  { from, to, level }: { readonly from: number; readonly to: number; readonly level: number },
  before: Before,
  { sigma, phi, degrees, spoil }: NightNoise,
): number {
  const enters = (spoil.share * (1 - spoil.stays)) / (1 - spoil.share);
  const height = heightOf(degrees);
  const power = -(degrees + 1) / 2;
  let { rest, spoiled } = before;
  let product = 1;
  for (let i = from; i < to; i++) {
    const chance = spoiled * spoil.stays + (1 - spoiled) * enters;
    const known = phi * (1 - spoiled);
    const stray = (logs[i] ?? 0) - level;
    const width = sigma * Math.sqrt(1 - known * phi);
    const z = (stray - known * rest) / width;
    const clean = ((1 - chance) * height * (1 + (z * z) / degrees) ** power) / width;
    const off = chance * densityOf(spoil, stray);
    product *= clean + off;
    spoiled = off / (clean + off);
    rest = stray;
  }
  return product;
}

/** Three points that stand for a normal distribution (Gauss and Hermite). */
const NODES = [
  [-Math.sqrt(3), 1 / 6],
  [0, 2 / 3],
  [Math.sqrt(3), 1 / 6],
] as const;

/** Sizes of a rise that are tried, half a σ apart as far as that reaches, and σ beyond the run's middle. */
const MOST_SIZES = 16;
const SIZES_PER_SIGMA = 2;
const REACH_SIGMAS = 2;

/**
 * How many times likelier the nights [from, to) are after a rise by `least` or more (ln) than on the old level, which
 * is known as well as its nights tell. Sizes of a rise have the density least ÷ size².
 */
export function evidenceOf(
  logs: Float64Array,
  place: { readonly from: number; readonly to: number; readonly base: number; readonly nights: number },
  noise: NightNoise,
  least: number,
): number {
  const { from, to, base, nights } = place;
  const { sigma, phi, spoil } = noise;
  const last = (logs[from - 1] ?? base) - base;
  const offLast = spoil.share * densityOf(spoil, last);
  const cleanLast =
    ((1 - spoil.share) * Math.exp(-0.5 * (last / sigma) ** 2)) / (sigma * Math.sqrt(2 * Math.PI));
  const spoiled = offLast / (offLast + cleanLast);
  const deviation = sigma * Math.sqrt(varianceOfMean(nights, phi));
  let still = 0;
  for (const [step, weight] of NODES) {
    const off = step * deviation;
    still += weight * likelihood(logs, { from, to, level: base + off }, { rest: last - off, spoiled }, noise);
  }
  const sorted = logs.slice(from, to).sort();
  const middles = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0] as const;
  const lowest = Math.max(least, middles[0] - base - REACH_SIGMAS * sigma);
  const highest = middles[1] - base + REACH_SIGMAS * sigma;
  if (highest <= lowest) return 0;
  const count = Math.min(MOST_SIZES, Math.ceil(((highest - lowest) / sigma) * SIZES_PER_SIGMA) + 1);
  const gap = (highest - lowest) / (count - 1);
  let risen = 0;
  for (let i = 0; i < count; i++) {
    const size = lowest + i * gap;
    const density = least / (size * size);
    const width = i === 0 || i === count - 1 ? gap / 2 : gap;
    risen +=
      density * width * likelihood(logs, { from, to, level: base + size }, { rest: last, spoiled }, noise);
  }
  return still > 0 ? risen / still : Number.MAX_VALUE;
}
