/**
 * What a produce rate t (bytes on the wire a second) asks of each of B brokers.
 * Source: AWS Big Data Blog, "Best practices for right-sizing your Apache Kafka clusters to optimize performance and
 * cost": t ≤ min(t_storage·B/r, t_EBS·B/r, t_EC2·B/(groups + r − 1)).
 */

/** Bytes a second that each broker receives, and writes: producers' records and its share as a follower, t·r/B. */
export function networkInPerBroker(totalPerSec: number, replicationFactor: number, brokers: number): number {
  return (totalPerSec * replicationFactor) / brokers;
}

/** Bytes a second that each broker sends: to the groups and to its followers, t·(groups + r − 1)/B. */
export function networkOutPerBroker(
  totalPerSec: number,
  groups: number,
  replicationFactor: number,
  brokers: number,
): number {
  return (totalPerSec * (groups + replicationFactor - 1)) / brokers;
}

/** Memory that the page cache needs to keep the last 30 s of writes. Source: Kafka documentation, "Hardware and OS". */
export const PAGE_CACHE_SEC = 30;

/** Heap of a broker, bytes. Source: Kafka documentation, "Java version": a 6 GB G1 heap. */
export const BROKER_HEAP_BYTES = 6e9;

/** Segments, indexes and the segment that is being deleted: calculators use 1.2 to 1.35 over the data itself. */
export const DISK_OVERHEAD = 1.25;

/** Calculators fill a disk to 70 to 80 %, to leave room for rebalancing and for a late clean-up. */
export const DISK_FILL = 0.75;

/** Records kept: average rate × retention × replicas, bytes. Source: eventsizer's hot storage. */
export function storedBytes(averagePerSec: number, retentionSec: number, replicationFactor: number): number {
  return averagePerSec * retentionSec * replicationFactor;
}

/** Disk to buy: what is kept × 1.25 ÷ 0.75. Source: several Kafka calculators (1.2 to 1.35, 0.7 to 0.8). */
export function diskBytes(averagePerSec: number, retentionSec: number, replicationFactor: number): number {
  return (storedBytes(averagePerSec, retentionSec, replicationFactor) * DISK_OVERHEAD) / DISK_FILL;
}

/** Bytes a second of one month that cross a zone boundary, by where they come from. */
export interface CrossZoneTraffic {
  readonly producePerSec: number;
  readonly replicationPerSec: number;
  readonly consumePerSec: number;
  readonly consumeWithFollowerFetchingPerSec: number;
}

/**
 * Followers outside their leader's zone. Replicas lie as evenly over the zones as they can (broker.rack), nᵢ in zone i;
 * the leader is in zone i nᵢ times in r and then has r − nᵢ followers elsewhere: r − Σ nᵢ² / r on average. It is exact
 * for r ≤ z. For r > z KRaft puts the odd replicas of a new topic beside their leaders (r − ⌈r/z⌉), which lasts until
 * leaders move: the mean is the safe side.
 */
function followersElsewhere(replicationFactor: number, zones: number): number {
  const each = Math.floor(replicationFactor / zones);
  const fuller = replicationFactor % zones;
  const squares = fuller * (each + 1) ** 2 + (zones - fuller) * each ** 2;
  return replicationFactor - squares / replicationFactor;
}

/**
 * Clients and leaders spread evenly over z zones meet in the same zone once in z times, and a follower in the
 * consumer's zone is found for min(r, z) of z zones (KIP-392).
 */
export function crossZoneTraffic(
  totalPerSec: number,
  groups: number,
  replicationFactor: number,
  zones: number,
): CrossZoneTraffic {
  const elsewhere = (zones - 1) / zones;
  const replicaZones = Math.min(replicationFactor, zones);
  return {
    producePerSec: totalPerSec * elsewhere,
    replicationPerSec: totalPerSec * followersElsewhere(replicationFactor, zones),
    consumePerSec: totalPerSec * groups * elsewhere,
    consumeWithFollowerFetchingPerSec: totalPerSec * groups * ((zones - replicaZones) / zones),
  };
}
