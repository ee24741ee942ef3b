/** How many partitions and consumers a demand needs. Pure arithmetic; every result is rounded up, never to nearest. */

/**
 * Rounds up, but forgives the last bits of a division: 0.3 / 0.1 is three, not four.
 */
export function roundUp(value: number): number {
  const nearest = Math.round(value);
  return Math.abs(value - nearest) <= 1e-9 * Math.max(1, Math.abs(value)) ? nearest : Math.ceil(value);
}

/** Rounds down with the same forgiveness: 0.03 / 0.00002 is 1500, not 1499. */
export function roundDown(value: number): number {
  return -roundUp(-value);
}

/**
 * Instances (and so partitions) = events a second × processing seconds ÷ (utilization × concurrency).
 * Source: with utilization and concurrency 1 it gives the instance counts that eventsizer (NetApp) publishes.
 */
export function instancesByHandler(
  eventsPerSec: number,
  handlerSec: number,
  concurrency = 1,
  utilization = 1,
): number {
  return roundUp((eventsPerSec * handlerSec) / (utilization * concurrency));
}

/**
 * ⌈t / (u·c)⌉ consumers carry the target: the consumer half of max(t/p, t/c), with headroom.
 * Source: Jun Rao, "How to choose the number of topics/partitions in a Kafka cluster?", Confluent.
 */
export function consumersByRate(
  targetPerSec: number,
  perConsumerPerSec: number,
  utilization: number,
): number {
  return roundUp(targetPerSec / (utilization * perConsumerPerSec));
}

/** The next multiple of `step` from `count` up. */
export function roundUpToMultiple(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}

/** Partitions a broker ≤ 100 × brokers × replication factor where latency matters. Source: Jun Rao, Confluent. */
export function latencyReplicasPerBroker(brokers: number, replicationFactor: number): number {
  return 100 * brokers * replicationFactor;
}

/** Replicating 1000 partitions from one broker to another adds about 20 ms. Source: Jun Rao, Confluent. */
export const REPLICATION_LATENCY_SEC_PER_PARTITION = 0.02 / 1000;

/** About 5 ms to elect a leader for one partition (ZooKeeper era; KRaft is quicker). Source: Jun Rao, Confluent. */
export const ELECTION_SEC_PER_PARTITION = 0.005;

/** Two to four thousand partition replicas a broker (ZooKeeper era). Source: Jun Rao, Confluent. */
export const REPLICAS_PER_BROKER = 4000;
