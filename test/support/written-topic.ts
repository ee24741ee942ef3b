import Kafka from '../../bench/client/confluent/addon.ts';
import { promised } from '../../bench/client/confluent/call.ts';

/** A record to lie in a topic, with a timestamp of its own. */
export interface Written {
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly timestampMs: number;
  readonly partition: number;
  readonly headers?: readonly Record<string, string | Buffer>[];
}

/** Writes records as they are into a topic that is there. The client's addon is in this process from then on. */
export async function writeRecords(
  bootstrapServers: string,
  topic: string,
  records: readonly Written[],
): Promise<void> {
  const producer = new Kafka.Producer({
    'bootstrap.servers': bootstrapServers,
    // A batch that is sent again must not come behind the next one: their times would be out of order.
    'enable.idempotence': true,
  } as Kafka.ProducerGlobalConfig);
  await promised((done) => producer.connect({ timeout: 10_000 }, done as never));
  producer.setPollInBackground(true);
  for (const { key, value, timestampMs, partition, headers } of records) {
    producer.produce(topic, partition, value, key, timestampMs, undefined, headers as never);
  }
  await promised((done) => producer.flush(20_000, done as never));
  await promised((done) => producer.disconnect(1_000, done as never));
}

/** Names of the groups that the brokers know. */
export async function groupNames(bootstrapServers: string): Promise<string[]> {
  const admin = Kafka.AdminClient.create({ 'bootstrap.servers': bootstrapServers }) as unknown as {
    listGroups(
      options: object,
      done: (error: unknown, found: { groups: { groupId: string }[] }) => void,
    ): void;
    disconnect(): void;
  };
  try {
    const { groups } = await promised<{ groups: { groupId: string }[] }>((done) =>
      admin.listGroups({ timeout: 10_000 }, done),
    );
    return groups.map(({ groupId }) => groupId).sort();
  } finally {
    admin.disconnect();
  }
}
