import type { Bounds, FigureKind, Side } from './figure.ts';
import { roundUpToMultiple } from './formulas/partitions.ts';

/** What the topic carried at one number of partitions: median over the repeats with its interval (see coverage.ts). */
export interface CapacityPoint extends Bounds {
  readonly partitions: number;
  /** One value a valid repeat, bytes of payload a second. */
  readonly repeats: readonly number[];
  /** The load could not be raised further here (the generator, or the offered rate): the cluster may carry more. */
  readonly atLeast: boolean;
  /** p99 of due-to-ack, µs; null where the runs were at max rate or too short. */
  readonly p99Us: number | null;
}

/** The scalability model of the measured points; only made of six or more of them. */
export interface ScalabilityModel {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  /** Partitions at which the model peaks; null where it never falls. */
  readonly peakPartitions: number | null;
  /** Resampling interval of the peak; `high` is null where some resamples have none. null without a peak. */
  readonly peakInterval: { readonly low: number; readonly high: number | null } | null;
  /** Root mean square of (measured − model) ÷ model. */
  readonly relativeResidual: number;
  readonly rSquared: number;
  /** Median of (measured − model) ÷ model at each number of partitions. */
  readonly residuals: readonly { readonly partitions: number; readonly relative: number }[];
  /** No number is given beyond this many partitions: twice the largest that was measured. */
  readonly maxPartitions: number;
  /** Predicted payload bytes a second. */
  readonly at: (partitions: number) => Bounds;
}

/** What one topic and its consumers can carry, bytes of payload a second. */
export interface Capacity {
  readonly basis: 'measured' | 'figures' | 'unknown';
  readonly points: readonly CapacityPoint[];
  readonly model: ScalabilityModel | null;
  /** One partition alone: X(1), or the figure given. */
  readonly perPartition: Bounds | null;
  readonly perPartitionKind: FigureKind;
  readonly perPartitionSource: string;
  readonly perConsumer: Bounds | null;
  readonly perConsumerKind: FigureKind;
  readonly perConsumerSource: string;
}

/** A number of partitions and how it is known to carry enough, or why there is none, in words for the report. */
export type Carried =
  | {
      readonly partitions: number;
      readonly how: 'measured' | 'between' | 'model' | 'assumed' | 'linear' | 'not judged' | 'no demand';
    }
  | { readonly partitions: null; readonly reason: string };

const ascendingPoints = (capacity: Capacity): CapacityPoint[] =>
  [...capacity.points].sort((a, b) => a.partitions - b.partitions);

/** The most partitions of which the measurement says anything; null where nothing was measured. */
export function knownUpTo(capacity: Capacity): number | null {
  const largest = ascendingPoints(capacity).at(-1)?.partitions ?? null;
  return largest === null ? null : Math.max(largest, modelEnd(capacity));
}

/** The law is not followed past its peak: it falls there, and a cap holds. */
function modelEnd({ model }: Capacity): number {
  return model === null
    ? 0
    : Math.min(model.maxPartitions, Math.floor(model.peakPartitions ?? model.maxPartitions));
}

/** The curve was seen to fall: its end lies below an earlier point, with intervals that do not meet. */
function fallsAtItsEnd(points: readonly CapacityPoint[]): boolean {
  const last = points.at(-1);
  return last !== undefined && points.some((point) => last.high < point.low);
}

/**
 * What `partitions` carry on one side of the measured interval, payload bytes a second. Between two measured numbers
 * the lower of both; beyond the sweep the scalability law, to twice its largest number; beyond that nothing more than
 * the end of the sweep did, which is an assumption, and nothing where it was seen to fall. null where nothing is known.
 */
export function carriedBy(capacity: Capacity, partitions: number, side: Side): number | null {
  if (capacity.basis !== 'measured') {
    return capacity.perPartition === null ? null : capacity.perPartition[side] * partitions;
  }
  const points = ascendingPoints(capacity);
  const below = points.findLast((point) => point.partitions <= partitions);
  const above = points.find((point) => point.partitions >= partitions);
  if (below === undefined) return null;
  if (above !== undefined) return Math.min(below[side], above[side]);
  if (capacity.model !== null && partitions <= modelEnd(capacity)) return capacity.model.at(partitions)[side];
  return fallsAtItsEnd(points) ? 0 : below[side];
}

function howKnown(capacity: Capacity, partitions: number): 'measured' | 'between' | 'model' | 'assumed' {
  const points = ascendingPoints(capacity);
  if (points.some((point) => point.partitions === partitions)) return 'measured';
  if (partitions <= (points.at(-1)?.partitions ?? 0)) return 'between';
  return partitions <= modelEnd(capacity) ? 'model' : 'assumed';
}

/**
 * The smallest number of partitions from `from` up that carries `requiredPerSec` (utilization already taken off), on
 * the lower bound, the median or the upper bound of the measured curve. X(1) is never multiplied out. Without a
 * measurement the figure for one partition is, which assumes linear growth.
 */
export function partitionsToCarry(capacity: Capacity, requiredPerSec: number, side: Side, from = 1): Carried {
  if (requiredPerSec <= 0) return { partitions: from, how: 'no demand' };
  if (capacity.basis === 'unknown') return { partitions: from, how: 'not judged' };
  if (capacity.basis === 'figures') {
    const one = capacity.perPartition;
    // Without a figure for one partition, only the consumers decide.
    if (one === null) return { partitions: from, how: 'not judged' };
    const exact = requiredPerSec / one[side];
    return { partitions: Math.max(from, Math.ceil(exact - 1e-9 * exact)), how: 'linear' };
  }
  const points = ascendingPoints(capacity);
  const largest = points.at(-1);
  if (largest === undefined) return { partitions: null, reason: 'no valid repeat' };
  const candidates = [from, ...points.map((point) => point.partitions)];
  for (let beyond = largest.partitions + 1; beyond <= modelEnd(capacity); beyond++) candidates.push(beyond);
  for (const partitions of candidates) {
    const carried = partitions < from ? null : carriedBy(capacity, partitions, side);
    if (carried !== null && carried >= requiredPerSec)
      return { partitions, how: howKnown(capacity, partitions) };
  }
  return { partitions: null, reason: whyNone(capacity, points, largest, side) };
}

function whyNone(
  { model }: Capacity,
  points: readonly CapacityPoint[],
  largest: CapacityPoint,
  side: Side,
): string {
  const best = points.reduce((top, point) => (point[side] > top[side] ? point : top));
  const atLeast = points.filter((point) => point.atLeast);
  if (atLeast.length > 0) {
    return `Unbounded: client-limited. At ${atLeast.map((point) => point.partitions).join(', ')} partitions the load was the limit, so the cluster may carry more: measure again with more producers or a higher rate`;
  }
  return best === largest
    ? `measured only up to ${largest.partitions} partitions${model === null ? ' (six or more points would allow a model up to twice that)' : ''}: sweep more partitions`
    : `throughput peaks at ${best.partitions} partitions and falls after them: more partitions do not help`;
}

/**
 * Rounds up to a multiple of `step` where the measured curve is known not to fall on the way there. It asks nothing of
 * the demand: were it to stop at what the demand still allows, more demand could give fewer partitions.
 */
export function roundWhereCarried(capacity: Capacity, needed: number, step: number): number {
  const rounded = roundUpToMultiple(needed, step);
  const known = knownUpTo(capacity);
  if (capacity.basis !== 'measured' || known === null || needed > known) return rounded;
  if (rounded > known) return needed;
  const carried = (partitions: number) => carriedBy(capacity, partitions, 'low') ?? 0;
  for (let other = rounded - step + 1; other < rounded; other++) {
    if (carried(other) > carried(rounded)) return needed;
  }
  return rounded;
}
