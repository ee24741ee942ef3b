import * as assert from 'uvu/assert';
import type { Random } from '../../bench/common/random.ts';

/** Standard normal, by Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

export function normals(random: Random, count: number, centre = 0, sigma = 1): number[] {
  return Array.from({ length: count }, () => centre + sigma * normal(random));
}

/** A run's figure: log-normal about `centre`, as latencies and rates are. */
export function runs(random: Random, count: number, centre: number, sigma: number): number[] {
  return normals(random, count, Math.log(centre), sigma).map(Math.exp);
}

export function close(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}
