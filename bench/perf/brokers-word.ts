import type { AdminClient } from '../client/driver.ts';

const LIMIT_MS = 10_000;
/** What was acknowledged by a leader alone is below its high watermark a moment later. */
const SETTLE_MS = 5_000;
const AGAIN_MS = 100;

/** What the brokers hold of a topic, asked before and after. */
export interface BrokersWord {
  /** Null where the topic was not there before: a client's asking for it makes it, where brokers are set so. */
  readonly before: number | null;
  readonly partitions: number;
  readonly replicationFactor: number;
}

const sum = (values: readonly number[]): number | null =>
  values.some((value) => value < 0) ? null : values.reduce((total, value) => total + value, 0);

async function endOf(admin: AdminClient, topic: string, partitions: number): Promise<number | null> {
  return sum((await admin.offsets(topic, partitions, LIMIT_MS)).high);
}

export const topicExists = async (admin: AdminClient, topic: string): Promise<boolean> =>
  (await admin.listTopics(LIMIT_MS)).includes(topic);

/** To be asked when the client is connected and before it sends. */
export async function askBefore(admin: AdminClient, topic: string, existed: boolean): Promise<BrokersWord> {
  const { partitions, replicationFactor } = await admin.describeTopic(topic, LIMIT_MS);
  const before = await endOf(admin, topic, partitions);
  return { before: existed ? before : null, partitions, replicationFactor };
}

/**
 * By how much the ends of the topic's partitions have moved, records and transaction markers; waits a moment for as many
 * as were acknowledged. Null where a partition does not answer.
 */
export async function grownBy(
  admin: AdminClient,
  topic: string,
  { before, partitions }: BrokersWord,
  acknowledged: number,
): Promise<number | null> {
  const untilMs = Date.now() + SETTLE_MS;
  for (;;) {
    const end = await endOf(admin, topic, partitions);
    const grown = end === null ? null : end - (before ?? 0);
    if ((grown !== null && grown >= acknowledged) || Date.now() >= untilMs) return grown;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
