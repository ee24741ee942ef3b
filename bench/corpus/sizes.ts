import { KsweepError } from '../common/errors.ts';
import type { Random } from '../common/random.ts';
import type { SizeSpec } from '../workload/schema.ts';

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;
/** A log-normal tail has no end: draws are cut at 4.5 σ, which one in 300,000 exceeds. */
const MAX_Z = 4.5;

/** Standard normal by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

function refuse(what: string, expected: string): never {
  throw new KsweepError('workload-invalid', `records.size: ${what}`, { hint: expected });
}

const uniformIn = (random: Random, min: number, max: number): number => min + random.int(max - min + 1);

function weighted(weights: Readonly<Record<string, number>>, random: Random): () => number {
  const ranges = Object.entries(weights).map(([range, weight]) => {
    const [min = Number.NaN, max = min] = range.split('-').map(Number);
    if (!(max >= min)) refuse(`"${range}" ends before it starts`, 'write ranges as "0-256"');
    return { min, max, weight };
  });
  const total = ranges.reduce((sum, range) => sum + range.weight, 0);
  return () => {
    let left = random.next() * total;
    for (const range of ranges) {
      left -= range.weight;
      if (left < 0) return uniformIn(random, range.min, range.max);
    }
    return ranges.at(-1)?.max ?? 0;
  };
}

/**
 * Draws payload sizes in bytes, whole numbers of at least `minBytes`.
 * A log-normal distribution has μ = ln median and σ = ln(p99 ÷ median) ÷ 2.326.
 * Throws `workload-invalid` where the distribution makes no sense or a fixed size is below `minBytes`.
 */
export function createSizer(spec: SizeSpec, minBytes: number, random: Random): () => number {
  if (typeof spec === 'number') {
    if (spec < minBytes) {
      refuse(
        `${spec} bytes have no room for the ${minBytes}-byte stamp`,
        'use larger records, or `records.stamp: header`',
      );
    }
    return () => spec;
  }
  const floor = (draw: () => number) => () => Math.max(minBytes, Math.round(draw()));
  if (spec.distribution === 'uniform') {
    if (spec.max < spec.min) refuse(`max ${spec.max} is below min ${spec.min}`, 'swap min and max');
    return floor(() => uniformIn(random, spec.min, spec.max));
  }
  if (spec.distribution === 'lognormal') {
    if (spec.median <= 0) refuse('the median has to be positive', 'use a median such as 1KiB');
    if (spec.p99 < spec.median)
      refuse(`p99 ${spec.p99} is below the median ${spec.median}`, 'raise p99 above the median');
    const sigma = Math.log(spec.p99 / spec.median) / Z99;
    return floor(() => spec.median * Math.exp(sigma * Math.min(MAX_Z, normal(random))));
  }
  return floor(weighted(spec.weights, random));
}
