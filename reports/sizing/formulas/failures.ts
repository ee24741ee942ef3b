/** Brokers that may be lost, or a whole zone. */
export type Failures = number | 'zone';

/** How many of `count` brokers, or of a partition's replicas, spread evenly over the zones, the failures may take. */
export function lostOf(count: number, failures: Failures, zones: number): number {
  return failures === 'zone' ? Math.ceil(count / zones) : failures;
}
