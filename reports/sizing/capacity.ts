import type { Bounds, FigureKind, Side } from './figure.ts';

/** What the topic carried at one number of partitions: median over the repeats with its 95 % interval. */
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
  /** Root mean square of (measured − model) ÷ measured. */
  readonly relativeResidual: number;
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

/** Why no number of partitions was found, in words for the report. */
export type Carried =
  | { readonly partitions: number; readonly how: 'measured' | 'model' | 'linear' | 'no demand' }
  | { readonly partitions: null; readonly reason: string };

/**
 * The smallest number of partitions that carries `requiredPerSec` (utilization already taken off), on the lower
 * bound, the median or the upper bound of the measured curve. Only numbers that were measured count, and up to twice
 * the largest of them those of the scalability model; X(1) is never multiplied out beyond the measured range.
 * Without a measurement the figure for one partition is multiplied out, which assumes linear growth.
 */
export function partitionsToCarry(capacity: Capacity, requiredPerSec: number, side: Side): Carried {
  if (requiredPerSec <= 0) return { partitions: 1, how: 'no demand' };
  if (capacity.basis === 'unknown') return { partitions: 1, how: 'no demand' };
  if (capacity.basis === 'figures') {
    const one = capacity.perPartition;
    // Without a figure for one partition, only the consumers decide.
    if (one === null) return { partitions: 1, how: 'linear' };
    const exact = requiredPerSec / one[side];
    return { partitions: Math.max(1, Math.ceil(exact - 1e-9 * exact)), how: 'linear' };
  }
  const points = [...capacity.points].sort((a, b) => a.partitions - b.partitions);
  const measured = points.find((point) => point[side] >= requiredPerSec);
  if (measured !== undefined) return { partitions: measured.partitions, how: 'measured' };

  const largest = points.at(-1);
  if (largest === undefined) return { partitions: null, reason: 'no valid repeat' };
  const { model } = capacity;
  if (model !== null) {
    const end = Math.min(model.maxPartitions, Math.floor(model.peakPartitions ?? model.maxPartitions));
    for (let partitions = largest.partitions + 1; partitions <= end; partitions++) {
      if (model.at(partitions)[side] >= requiredPerSec) return { partitions, how: 'model' };
    }
  }
  const best = points.reduce((top, point) => (point[side] > top[side] ? point : top));
  const atLeast = points.filter((point) => point.atLeast);
  if (atLeast.length > 0) {
    return {
      partitions: null,
      reason: `Unbounded: client-limited. At ${atLeast.map((point) => point.partitions).join(', ')} partitions the load was the limit, so the cluster may carry more: measure again with more producers or a higher rate`,
    };
  }
  return {
    partitions: null,
    reason:
      best === largest
        ? `measured only up to ${largest.partitions} partitions${model === null ? ' (six or more points would allow a model up to twice that)' : ''}: sweep more partitions`
        : `throughput peaks at ${best.partitions} partitions and falls after them: more partitions do not help`,
  };
}
