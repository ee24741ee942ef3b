/**
 * What one vCPU of a broker carries, bytes a second of write-equivalent traffic: what is written with all its replicas,
 * and a quarter of what is sent. Source: Google Cloud, Managed Service for Apache Kafka, "Plan the size of your cluster"
 * (20 MB/s a vCPU; records below 10 kB cost more).
 */
export const RULE_PER_CORE_BYTES_PER_SEC = 20e6;

/** Reads are four times as cheap as writes. Source: the same page. */
export function writeEquivalent(writtenPerSec: number, sentPerSec: number): number {
  return writtenPerSec + sentPerSec / 4;
}
