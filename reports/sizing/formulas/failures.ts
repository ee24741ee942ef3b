/** Brokers that may be lost, or a whole zone. */
export type Failures = number | 'zone';

/** How many of `count` brokers, or of a partition's replicas, spread evenly over the zones, the failures may take. */
export function lostOf(count: number, failures: Failures, zones: number): number {
  return failures === 'zone' ? Math.ceil(count / zones) : failures;
}

/**
 * Replicas that may be lost while producers with acks=all still write. Source: Kafka documentation,
 * min.insync.replicas: a write needs so many replicas in sync.
 */
export function mayBeLost(replicationFactor: number, minInsyncReplicas: number): number {
  return Math.max(0, replicationFactor - minInsyncReplicas);
}

/** min.insync.replicas where nobody says: one replica may be lost, where there are several. */
export const usualMinInsync = (replicationFactor: number) => Math.max(1, replicationFactor - 1);

/** Failures to survive where nobody says: one broker, or none where the replicas leave no room for one. */
export function usualFailures(replicationFactor: number, minInsyncReplicas: number): number {
  return Math.min(1, mayBeLost(replicationFactor, minInsyncReplicas));
}
