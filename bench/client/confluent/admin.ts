import { operationNames } from '../acl-operations.ts';
import type { TopicSpec, TopicState } from '../driver.ts';
import { type AdminClient, ClientError, type ClientSettings } from '../driver.ts';
import Kafka from './addon.ts';
import { type Callback, clientError, codeName, promised } from './call.ts';
import { onceCoordinated } from './coordinated.ts';
import { withTokens } from './with-tokens.ts';

interface NativeAdmin {
  disconnect(): void;
  createTopic(topic: object, timeoutMs: number, done: Callback<void>): void;
  deleteTopic(name: string, timeoutMs: number, done: Callback<void>): void;
  deleteGroups(names: readonly string[], options: { timeout: number }, done: Callback<unknown>): void;
  listTopics(options: { timeout: number }, done: Callback<string[]>): void;
  describeTopics(
    names: readonly string[],
    options: { timeout: number; includeAuthorizedOperations: boolean },
    done: Callback<readonly DescribedTopic[]>,
  ): void;
  listOffsets(
    partitions: readonly { topic: string; partition: number; offset: unknown }[],
    options: { timeout: number },
    done: Callback<readonly { partition: number; offset: number; error?: unknown }[]>,
  ): void;
}

interface DescribedTopic {
  readonly error?: { readonly code: number; readonly message: string };
  readonly authorizedOperations?: readonly number[];
}

const untold = (request: string): Promise<never> =>
  Promise.reject(new ClientError('ERR__NOT_IMPLEMENTED', `the confluent client has no ${request}`));

interface ClusterMetadata {
  readonly brokers: readonly { id: number; host: string; port: number }[];
  readonly topics: readonly {
    name: string;
    partitions: readonly {
      id: number;
      leader: number;
      replicas: readonly number[];
      isrs: readonly number[];
    }[];
  }[];
}

export class ConfluentAdmin implements AdminClient {
  readonly #settings: ClientSettings;
  readonly #producer: Kafka.Producer;
  #admin: NativeAdmin | undefined;
  #complaint: string | null = null;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    // An admin client derived from a producer shares its connections, and the producer is the one that has metadata.
    this.#producer = new Kafka.Producer(withTokens(settings) as Kafka.ProducerGlobalConfig);
    this.#producer.on('event.error', (error) => {
      // That all brokers are down follows from what was said of each.
      if (codeName(error.code) !== 'ERR__ALL_BROKERS_DOWN') this.#complaint = error.message;
    });
  }

  get #connected(): NativeAdmin {
    if (this.#admin === undefined) throw new ClientError('ERR__STATE', 'the admin client is not connected');
    return this.#admin;
  }

  complaint(): string | null {
    return this.#complaint;
  }

  async connect(timeoutMs: number): Promise<void> {
    await promised((done) => this.#producer.connect({ timeout: timeoutMs }, done as never));
    this.#producer.setPollInBackground(true);
    this.#admin = Kafka.AdminClient.createFrom(this.#producer) as unknown as NativeAdmin;
  }

  #metadata(timeoutMs: number, topic?: string): Promise<ClusterMetadata> {
    const options = { timeout: timeoutMs, ...(topic === undefined ? {} : { topic }) };
    return promised((done) => this.#producer.getMetadata(options, done as never));
  }

  async describeCluster(timeoutMs: number): Promise<readonly { id: number; address: string }[]> {
    const { brokers } = await this.#metadata(timeoutMs);
    return brokers.map(({ id, host, port }) => ({ id, address: `${host}:${port}` }));
  }

  createTopic(topic: TopicSpec, timeoutMs: number): Promise<void> {
    const request = {
      topic: topic.name,
      num_partitions: topic.partitions,
      replication_factor: topic.replicationFactor,
      config: Object.fromEntries(Object.entries(topic.configs).map(([key, value]) => [key, String(value)])),
    };
    return promised((done) => this.#connected.createTopic(request, timeoutMs, done));
  }

  validateTopic(): Promise<void> {
    return untold('CreateTopics with validate_only');
  }

  clusterOperations(): Promise<readonly string[] | null> {
    return untold('DescribeCluster');
  }

  async topicOperations(name: string, timeoutMs: number): Promise<readonly string[] | null> {
    const options = { timeout: timeoutMs, includeAuthorizedOperations: true };
    const [found] = await promised<readonly DescribedTopic[]>((done) =>
      this.#connected.describeTopics([name], options, done),
    );
    if (found?.error) throw new ClientError(codeName(found.error.code), found.error.message);
    return operationNames(found?.authorizedOperations ?? null);
  }

  deleteTopic(name: string, timeoutMs: number): Promise<void> {
    return promised((done) => this.#connected.deleteTopic(name, timeoutMs, done));
  }

  listTopics(timeoutMs: number): Promise<readonly string[]> {
    return promised((done) => this.#connected.listTopics({ timeout: timeoutMs }, done));
  }

  async describeTopic(
    name: string,
    timeoutMs: number,
  ): Promise<{ partitions: number; replicationFactor: number }> {
    // Asked for by name, a missing topic answers with an empty entry; the list of all topics just lacks it.
    const { topics } = await this.#metadata(timeoutMs);
    const found = topics.find((topic) => topic.name === name);
    if (found === undefined) {
      throw new ClientError('ERR_UNKNOWN_TOPIC_OR_PART', `the cluster has no topic named ${name}`);
    }
    return {
      partitions: found.partitions.length,
      replicationFactor: found.partitions[0]?.replicas.length ?? 0,
    };
  }

  async topicState(name: string, timeoutMs: number): Promise<TopicState> {
    const { topics } = await this.#metadata(timeoutMs, name);
    const all = topics.flatMap(({ partitions }) => partitions).toSorted((a, b) => a.id - b.id);
    return { leaders: all.map(({ leader }) => leader), inSync: all.map(({ isrs }) => isrs.length) };
  }

  async offsets(
    topic: string,
    partitions: number,
    timeoutMs: number,
  ): Promise<{ low: readonly number[]; high: readonly number[] }> {
    const ask = async (offset: unknown): Promise<number[]> => {
      const wanted = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset }));
      const found = await promised<readonly { partition: number; offset: number; error?: unknown }[]>(
        (done) => this.#connected.listOffsets(wanted, { timeout: timeoutMs }, done),
      );
      const offsets = new Array<number>(partitions).fill(-1);
      // A partition that did not answer in time has no error and librdkafka's "invalid" offset, −1001.
      for (const { partition, offset, error } of found) {
        if (!error && offset >= 0) offsets[partition] = offset;
      }
      return offsets;
    };
    const { OffsetSpec } = Kafka as unknown as { OffsetSpec: { EARLIEST: unknown; LATEST: unknown } };
    const [low, high] = await Promise.all([ask(OffsetSpec.EARLIEST), ask(OffsetSpec.LATEST)]);
    return { low, high };
  }

  async commitOffsets(
    group: string,
    topic: string,
    offsets: readonly number[],
    timeoutMs: number,
  ): Promise<void> {
    const consumer = new Kafka.KafkaConsumer({
      ...withTokens(this.#settings),
      'group.id': group,
      'enable.auto.commit': false,
    } as Kafka.ConsumerGlobalConfig);
    consumer.on('event.error', () => {});
    await promised((done) => consumer.connect({ timeout: timeoutMs }, done as never));
    const positions = offsets.map((offset, partition) => ({ topic, partition, offset }));
    try {
      await onceCoordinated(timeoutMs, async () => {
        try {
          consumer.commitSync(positions);
        } catch (error) {
          throw clientError(error);
        }
      });
    } finally {
      await promised((done) => consumer.disconnect(done as never));
    }
  }

  async configureGroup(): Promise<void> {
    throw new ClientError('ERR__NOT_IMPLEMENTED', 'this client cannot set configs of a group');
  }

  async clusterHealth(): Promise<never> {
    throw new ClientError('ERR__NOT_IMPLEMENTED', 'this client cannot tell of all replicas');
  }

  async groupLag(): Promise<never> {
    throw new ClientError('ERR__NOT_IMPLEMENTED', 'this client cannot tell of another group’s lag');
  }

  async deleteGroups(names: readonly string[], timeoutMs: number): Promise<void> {
    await onceCoordinated(timeoutMs, () =>
      promised((done) => this.#connected.deleteGroups(names, { timeout: timeoutMs }, done)),
    );
  }

  close(): Promise<void> {
    this.#admin?.disconnect();
    return promised((done) => this.#producer.disconnect(100, done as never));
  }
}
