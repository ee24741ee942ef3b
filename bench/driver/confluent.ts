import { createRequire } from 'node:module';
import Kafka from '@confluentinc/kafka-javascript';
import type { TopicSpec } from '../load/protocol.ts';
import {
  type AdminClient,
  ClientError,
  type ClientSettings,
  type ConsumerClient,
  type ConsumerHandlers,
  type Driver,
  type ProducerClient,
  type ProducerHandlers,
  type WireBytes,
} from './driver.ts';

/**
 * The one file that loads the client's addon. It may only be imported by a forked load process: the addon is not
 * context-aware and aborts in worker threads.
 */

const { version } = createRequire(import.meta.url)('@confluentinc/kafka-javascript/package.json') as {
  version: string;
};

const CODE_NAMES = new Map(
  Object.entries(Kafka.CODES.ERRORS as unknown as Record<string, number>).map(([name, code]) => [code, name]),
);

function codeName(code: number): string {
  return CODE_NAMES.get(code) ?? `ERR_${code}`;
}

function clientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return new ClientError(typeof code === 'number' ? codeName(code) : 'ERR__FAIL', message);
}

type Callback<T> = (error: unknown, value: T) => void;

function promised<T>(call: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    try {
      call((error, value) => (error ? reject(clientError(error)) : resolve(value)));
    } catch (error) {
      reject(clientError(error));
    }
  });
}

/** Settings that only ksweep's own bookkeeping needs; a user's value wins. */
function withOwnSettings(settings: ClientSettings): Record<string, unknown> {
  // 250 ms: the wire bytes of a repeat are complete this long after its last record.
  return { 'statistics.interval.ms': 250, 'log.connection.close': false, ...settings };
}

/** Keeps the newest statistics of a client, and waits for the next ones. */
class WireCounter {
  #latest: WireBytes | null = null;
  #waiting: ((bytes: WireBytes) => void)[] = [];

  constructor(client: { on(event: 'event.stats', listener: (event: { message: string }) => void): unknown }) {
    client.on('event.stats', (event) => {
      const stats = JSON.parse(event.message) as { tx_bytes: number; rx_bytes: number };
      this.#latest = { sent: stats.tx_bytes, received: stats.rx_bytes };
      for (const done of this.#waiting.splice(0)) done(this.#latest);
    });
  }

  next(timeoutMs: number): Promise<WireBytes | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(this.#latest), timeoutMs);
      this.#waiting.push((bytes) => {
        clearTimeout(timer);
        resolve(bytes);
      });
    });
  }
}

interface NativeProducer {
  produce(
    topic: string,
    partition: number,
    payload: Buffer,
    key: Buffer | null,
    timestamp: null,
    opaque: number | undefined,
    headers: readonly Record<string, string | Buffer>[] | undefined,
  ): number;
}

const QUEUE_FULL = Kafka.CODES.ERRORS.ERR__QUEUE_FULL as unknown as number;
const PARTITIONER = -1;
const ASSIGN = Kafka.CODES.ERRORS.ERR__ASSIGN_PARTITIONS as unknown as number;

interface TopicMetadata {
  readonly topics: readonly { name: string; partitions: readonly { leader: number }[] }[];
}

async function awaitLeaders(
  fetch: (done: Callback<TopicMetadata>) => void,
  topic: string,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = (await promised<TopicMetadata>(fetch)).topics.find(({ name }) => name === topic);
    if (
      found !== undefined &&
      found.partitions.length > 0 &&
      found.partitions.every(({ leader }) => leader >= 0)
    )
      return;
    if (performance.now() > deadline) {
      throw new ClientError('ERR_LEADER_NOT_AVAILABLE', `topic ${topic} has partitions without a leader`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

class ConfluentProducer implements ProducerClient {
  readonly #producer: Kafka.Producer;
  readonly #native: NativeProducer;
  readonly #wire: WireCounter;
  readonly #transactional: boolean;

  constructor(settings: ClientSettings, reports: 'each' | 'errors', handlers: ProducerHandlers) {
    const onReport = handlers.onReport;
    this.#producer = new Kafka.Producer({
      ...withOwnSettings(settings),
      ...(reports === 'errors' ? { 'delivery.report.only.error': true } : {}),
      dr_cb: (error: { code: number } | null, report: { opaque?: number; partition: number }) => {
        onReport(error === null ? null : codeName(error.code), report.opaque, report.partition);
      },
    } as Kafka.ProducerGlobalConfig);
    this.#native = this.#producer.getClient() as unknown as NativeProducer;
    this.#transactional = settings['transactional.id'] !== undefined;
    this.#wire = new WireCounter(this.#producer);
    this.#producer.on('event.error', (error) => handlers.onError(codeName(error.code), error.message));
  }

  async connect(topic: string, timeoutMs: number): Promise<void> {
    await promised((done) => this.#producer.connect({ topic, timeout: timeoutMs }, done as never));
    await awaitLeaders(
      (done) => this.#producer.getMetadata({ topic, timeout: timeoutMs }, done as never),
      topic,
      timeoutMs,
    );
    this.#producer.setPollInBackground(true);
    if (this.#transactional)
      await promised((done) => this.#producer.initTransactions(timeoutMs, done as never));
  }

  produce(
    topic: string,
    payload: Buffer,
    key: Buffer | null,
    slot: number | undefined,
    headers: readonly Record<string, string | Buffer>[] | undefined,
  ): boolean {
    const code = this.#native.produce(topic, PARTITIONER, payload, key, null, slot, headers);
    if (code === 0) return true;
    if (code === QUEUE_FULL) return false;
    throw new ClientError(codeName(code), `produce to ${topic} failed: ${codeName(code)}`);
  }

  beginTransaction(): Promise<void> {
    return promised((done) => this.#producer.beginTransaction(done as never));
  }

  commitTransaction(timeoutMs: number): Promise<void> {
    return promised((done) => this.#producer.commitTransaction(timeoutMs, done as never));
  }

  abortTransaction(timeoutMs: number): Promise<void> {
    return promised((done) => this.#producer.abortTransaction(timeoutMs, done as never));
  }

  async flush(timeoutMs: number): Promise<boolean> {
    return promised<void>((done) => this.#producer.flush(timeoutMs, done as never)).then(
      () => true,
      () => false,
    );
  }

  wireBytes(timeoutMs: number): Promise<WireBytes | null> {
    return this.#wire.next(timeoutMs);
  }

  close(): Promise<void> {
    return promised((done) => this.#producer.disconnect(100, done as never));
  }
}

class ConfluentConsumer implements ConsumerClient {
  readonly #consumer: Kafka.KafkaConsumer;
  readonly #wire: WireCounter;
  #paused = false;
  #closing = false;

  constructor(settings: ClientSettings, handlers: ConsumerHandlers) {
    this.#consumer = new Kafka.KafkaConsumer({
      ...withOwnSettings(settings),
      rebalance_cb: true,
    } as Kafka.ConsumerGlobalConfig);
    this.#wire = new WireCounter(this.#consumer);
    // The event comes before librdkafka has applied the assignment, so it is read a turn later.
    this.#consumer.on('rebalance', (event) => {
      setImmediate(() => {
        if (this.#closing || !this.#consumer.isConnected()) return;
        const owned = this.#consumer.assignments();
        if (this.#paused && owned.length > 0) this.#consumer.pause(owned);
        handlers.onAssignment(
          event.code === ASSIGN ? 'assigned' : 'revoked',
          owned.map(({ partition }) => partition),
        );
      });
    });
    this.#consumer.on('event.error', (error) => handlers.onError(codeName(error.code), error.message));
    // A blocked wait holds a thread of the pool and delays a stop by at most this long; records end it at once.
    this.#consumer.setDefaultConsumeTimeout(100);
    (
      this.#consumer as unknown as { setDefaultIsTimeoutOnlyForFirstMessage(on: boolean): void }
    ).setDefaultIsTimeoutOnlyForFirstMessage(true);
  }

  async connect(topic: string, timeoutMs: number, paused: boolean): Promise<void> {
    this.#paused = paused;
    await promised((done) => this.#consumer.connect({ topic, timeout: timeoutMs }, done as never));
    await awaitLeaders(
      (done) => this.#consumer.getMetadata({ topic, timeout: timeoutMs }, done as never),
      topic,
      timeoutMs,
    );
    this.#consumer.subscribe([topic]);
  }

  resume(): void {
    this.#paused = false;
    const owned = this.#consumer.assignments();
    if (owned.length > 0) this.#consumer.resume(owned);
  }

  receive(limit: number, done: Parameters<ConsumerClient['receive']>[1]): void {
    this.#consumer.consume(limit, (error, messages) => {
      if (error) done(clientError(error), []);
      else done(null, messages as never);
    });
  }

  wireBytes(timeoutMs: number): Promise<WireBytes | null> {
    return this.#wire.next(timeoutMs);
  }

  close(): Promise<void> {
    this.#closing = true;
    return promised((done) => this.#consumer.disconnect(done as never));
  }
}

interface NativeAdmin {
  disconnect(): void;
  createTopic(topic: object, timeoutMs: number, done: Callback<void>): void;
  deleteTopic(name: string, timeoutMs: number, done: Callback<void>): void;
  deleteGroups(names: readonly string[], options: { timeout: number }, done: Callback<unknown>): void;
  listTopics(options: { timeout: number }, done: Callback<string[]>): void;
  listOffsets(
    partitions: readonly { topic: string; partition: number; offset: unknown }[],
    options: { timeout: number },
    done: Callback<readonly { partition: number; offset: number; error?: unknown }[]>,
  ): void;
}

interface ClusterMetadata {
  readonly brokers: readonly { id: number; host: string; port: number }[];
  readonly topics: readonly { name: string; partitions: readonly { replicas: readonly number[] }[] }[];
}

class ConfluentAdmin implements AdminClient {
  readonly #settings: ClientSettings;
  readonly #producer: Kafka.Producer;
  #admin: NativeAdmin | undefined;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    // An admin client derived from a producer shares its connections, and the producer is the one that has metadata.
    this.#producer = new Kafka.Producer({ ...settings } as Kafka.ProducerGlobalConfig);
    // An emitter without a listener for errors would throw; a request that fails says so itself.
    this.#producer.on('event.error', () => {});
  }

  get #connected(): NativeAdmin {
    if (this.#admin === undefined) throw new ClientError('ERR__STATE', 'the admin client is not connected');
    return this.#admin;
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
      for (const entry of found) if (!entry.error) offsets[entry.partition] = entry.offset;
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
      ...this.#settings,
      'group.id': group,
      'enable.auto.commit': false,
    } as Kafka.ConsumerGlobalConfig);
    consumer.on('event.error', () => {});
    await promised((done) => consumer.connect({ timeout: timeoutMs }, done as never));
    try {
      consumer.commitSync(offsets.map((offset, partition) => ({ topic, partition, offset })));
    } catch (error) {
      throw clientError(error);
    } finally {
      await promised((done) => consumer.disconnect(done as never));
    }
  }

  async deleteGroups(names: readonly string[], timeoutMs: number): Promise<void> {
    await promised((done) => this.#connected.deleteGroups(names, { timeout: timeoutMs }, done));
  }

  close(): Promise<void> {
    this.#admin?.disconnect();
    return promised((done) => this.#producer.disconnect(100, done as never));
  }
}

export const confluentDriver: Driver = {
  versions: { client: `@confluentinc/kafka-javascript ${version}`, librdkafka: Kafka.librdkafkaVersion },
  createProducer: (settings, reports, handlers) => new ConfluentProducer(settings, reports, handlers),
  createConsumer: (settings, handlers) => new ConfluentConsumer(settings, handlers),
  createAdmin: (settings) => new ConfluentAdmin(settings),
};
