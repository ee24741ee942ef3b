import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { CLIENT_NAMES, type ClientName, loadDriver } from '../../bench/client/choose.ts';
import { type AdminClient, ClientError, type ClientSettings } from '../../bench/client/driver.ts';
import { translateConsumer, translateProducer } from '../../bench/client/properties/translate.ts';
import { delay } from '../../bench/common/deadline.ts';
import type { Scalar } from '../../bench/common/scalar.ts';
import { type LocalCluster, startLocalCluster } from '../../infra/local/cluster.ts';
import { runJava } from '../../infra/local/launch.ts';
import { ClientLoad, columnsOf, plain } from '../support/client-load.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

/** Every client behind the driver's seam does the same on a real broker, option by option. */

const test = suite('clients behind the seam', { timeoutMs: 150_000 });
const LIMIT_MS = 20_000;
const LOGIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const JAVA_KEYS = 40;
const PARTITIONS = 4;

let folder: string;
let cluster: LocalCluster;
let connection: ClientSettings;
let javaConfig: string;
/** Where Kafka's own client puts each key. */
const javaPartitions = new Map<string, number>();
const loads = new Map<ClientName, ClientLoad>();
let admin: AdminClient;
let topics = 0;

test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  cluster = await startLocalCluster({
    brokers: 1,
    protocol: 'SASL_PLAINTEXT',
    brokerConfigs: {
      'sasl.enabled.mechanisms': 'PLAIN',
      'group.consumer.min.heartbeat.interval.ms': '200',
      'group.consumer.heartbeat.interval.ms': '300',
      'listener.name.client.plain.sasl.jaas.config': `${LOGIN} required user_alice="right";`,
    },
  });
  connection = {
    'bootstrap.servers': cluster.bootstrapServers,
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'PLAIN',
    'sasl.username': 'alice',
    'sasl.password': 'right',
  };
  for (const name of CLIENT_NAMES) loads.set(name, new ClientLoad(await loadDriver(name), connection));
  admin = (await loadDriver('batch')).createAdmin(connection);
  await admin.connect(LIMIT_MS);
  javaConfig = join(folder, 'java.properties');
  const jaas = `${LOGIN} required username="alice" password="right";`;
  writeFileSync(
    javaConfig,
    `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${jaas}\n`,
  );
  await askJava();
});
test.after(async () => {
  for (const load of loads.values()) await load.closeAll();
  await admin?.close();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function topicOf(partitions = 1): Promise<string> {
  const name = `conformance-${topics++}`;
  await admin.createTopic({ name, partitions, replicationFactor: 1, configs: {} }, LIMIT_MS);
  return name;
}

async function askJava(): Promise<void> {
  const topic = await topicOf(PARTITIONS);
  const text = await runJava([
    ...['-cp', cluster.jars, 'org.apache.kafka.tools.VerifiableProducer', '--topic', topic],
    ...['--bootstrap-server', cluster.bootstrapServers, '--command-config', javaConfig],
    ...['--max-messages', String(JAVA_KEYS), '--repeating-keys', String(JAVA_KEYS)],
  ]);
  for (const line of text.split('\n').filter((one) => one.includes('producer_send_success'))) {
    const { key, partition } = JSON.parse(line) as { key: string; partition: number };
    javaPartitions.set(key, partition);
  }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return error instanceof ClientError ? error.code : String(error);
  }
}

const producerSettings = (settings: Readonly<Record<string, Scalar>>): ClientSettings =>
  translateProducer(settings).client;
const consumerSettings = (settings: Readonly<Record<string, Scalar>>): ClientSettings =>
  translateConsumer(settings).client;

const PRODUCER_OPTIONS: readonly Readonly<Record<string, Scalar>>[] = [
  {},
  { acks: 0, 'enable.idempotence': false },
  { acks: 1, 'enable.idempotence': false },
  { acks: 'all', retries: 3, 'max.in.flight.requests.per.connection': 1 },
  { 'batch.size': 1_024, 'linger.ms': 0 },
  { 'buffer.memory': 1_048_576, 'linger.ms': 20 },
  { 'compression.type': 'gzip' },
  { 'compression.type': 'snappy' },
  { 'compression.type': 'lz4' },
  { 'compression.type': 'zstd', 'compression.zstd.level': 3 },
];

const CONSUMER_OPTIONS: readonly Readonly<Record<string, Scalar>>[] = [
  { 'auto.offset.reset': 'earliest' },
  {
    'auto.offset.reset': 'earliest',
    'fetch.min.bytes': 1_000,
    'fetch.max.wait.ms': 100,
    'max.partition.fetch.bytes': 4_096,
  },
  { 'auto.offset.reset': 'earliest', 'fetch.max.bytes': 4_096 },
  { 'auto.offset.reset': 'earliest', 'session.timeout.ms': 10_000, 'heartbeat.interval.ms': 1_000 },
  {
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': false,
    'isolation.level': 'read_uncommitted',
    'max.poll.records': 7,
  },
];

/** A member of a group that reads and releases whatever comes; it hears of a rebalance with its next heartbeat. */
function member(load: ClientLoad, asked: ClientSettings) {
  const classic = asked['group.protocol'] !== 'consumer';
  const settings = classic ? { 'heartbeat.interval.ms': 300, ...asked } : asked;
  let owned: readonly number[] = [];
  let events = 0;
  let stopped = false;
  const consumer = load.consumer(
    settings,
    {},
    {
      onAssignment(_event, partitions) {
        owned = partitions;
        events++;
      },
    },
  );
  const pump = (): void => {
    if (stopped) return;
    consumer.release(consumer.readable().count);
    consumer.onReadable(pump);
  };
  return {
    owned: () => owned,
    events: () => events,
    async join(topic: string): Promise<void> {
      await consumer.connect([topic], LIMIT_MS, false);
      pump();
    },
    async close(): Promise<void> {
      stopped = true;
      await load.close(consumer);
    },
  };
}

for (const name of CLIENT_NAMES) {
  const load = (): ClientLoad => loads.get(name) as ClientLoad;

  test(`${name}: every producer option that a sweep varies delivers each record once`, async () => {
    const topic = await topicOf();
    for (const options of PRODUCER_OPTIONS) {
      const producer = load().producer(producerSettings(options), { topic });
      await producer.connect(LIMIT_MS);
      const told = await load().produce(producer, columnsOf(plain(50)));
      assert.equal(
        told.map(({ slot, error }) => `${slot}${error}`),
        told.map((_, i) => `${i}`),
        JSON.stringify(options),
      );
      await load().close(producer);
    }
    const { high } = await admin.offsets(topic, 1, LIMIT_MS);
    assert.equal(high, [50 * PRODUCER_OPTIONS.length]);
  });

  test(`${name}: every consumer option reads the same records in order`, async () => {
    const topic = await topicOf();
    const producer = load().producer(producerSettings({}), { topic });
    await producer.connect(LIMIT_MS);
    await load().produce(producer, columnsOf(plain(60)));
    await load().close(producer);
    for (const [i, options] of CONSUMER_OPTIONS.entries()) {
      const { maxPollRecords } = translateConsumer(options);
      const consumer = load().consumer(
        { ...consumerSettings(options), 'group.id': `${topic}-${i}` },
        { pollRows: maxPollRecords },
      );
      await consumer.connect([topic], LIMIT_MS, false);
      assert.equal(
        (await load().receive(consumer, 60)).map(({ offset, sequence, sizeBytes }) => [
          offset,
          sequence,
          sizeBytes,
        ]),
        Array.from({ length: 60 }, (_, at) => [at, at, 100]),
        JSON.stringify(options),
      );
      await load().close(consumer);
    }
    // From the end: what was there before it joined never comes.
    const late = load().consumer({
      ...consumerSettings({ 'auto.offset.reset': 'latest' }),
      'group.id': `${topic}-late`,
    });
    let joined = false;
    await late.connect([topic], LIMIT_MS, false);
    const again = load().producer(producerSettings({}), { topic });
    await again.connect(LIMIT_MS);
    const read = load()
      .receive(late, 1)
      .then((records) => {
        joined = true;
        return records;
      });
    await until('a record comes', async () => {
      if (!joined) await load().produce(again, columnsOf(plain(1)));
      return joined;
    });
    assert.ok(((await read)[0]?.offset ?? 0) >= 60);
    await load().close(late);
    await load().close(again);
  });

  test(`${name}: a key lands where Kafka’s own client puts it`, async () => {
    const topic = await topicOf(PARTITIONS);
    const producer = load().producer(producerSettings({}), { topic });
    await producer.connect(LIMIT_MS);
    const keys = [...javaPartitions.keys()];
    assert.is(keys.length, JAVA_KEYS);
    const told = await load().produce(producer, columnsOf(keys.map((key) => ({ key }))));
    assert.equal(
      told.map(({ partition }) => partition),
      keys.map((key) => javaPartitions.get(key)),
    );
    await load().close(producer);
  });

  test(`${name}: headers, keys, tombstones and a stamp in a header, as Kafka’s own consumer sees them`, async () => {
    const topic = await topicOf();
    const headers = [
      { name: 'trace', value: Buffer.from('on') },
      { name: 'twice', value: Buffer.from('é') },
    ];
    const producer = load().producer(producerSettings({}), { topic, stamp: 'header', headers });
    await producer.connect(LIMIT_MS);
    await load().produce(producer, columnsOf([{ key: 'a' }, { key: 'b', value: null }, {}], 3));
    await load().close(producer);
    const consumer = load().consumer({ 'group.id': topic }, { stamp: 'header' });
    await consumer.connect([topic], LIMIT_MS, false);
    assert.equal(
      (await load().receive(consumer, 3)).map(({ sequence, sizeBytes }) => [sequence, sizeBytes]),
      [
        [0, 3],
        [1, 0],
        [2, 3],
      ],
    );
    await load().close(consumer);
    const seen = await runJava([
      ...['-cp', cluster.jars, 'org.apache.kafka.tools.consumer.ConsoleConsumer', '--topic', topic],
      ...['--bootstrap-server', cluster.bootstrapServers, '--command-config', javaConfig],
      ...['--from-beginning', '--max-messages', '3', '--timeout-ms', '10000'],
      ...['--formatter-property', 'print.key=true', '--formatter-property', 'print.headers=true'],
    ]);
    const lines = seen.split('\n').filter((line) => line.includes('trace:on'));
    assert.equal(
      lines.map((line) => line.split('\t').slice(1)),
      [
        ['a', 'xxx'],
        ['b', 'null'],
        ['null', 'xxx'],
      ],
    );
    assert.ok(lines.every((line) => /trace:on,twice:é,ksweep:/.test(line)));
  });

  test(`${name}: a full queue takes what it has room for, and loses nothing`, async () => {
    const topic = await topicOf();
    const limits = { 'queue.buffering.max.messages': 10, 'linger.ms': 500 };
    const producer = load().producer(limits, { topic });
    await producer.connect(LIMIT_MS);
    const columns = columnsOf(plain(30));
    assert.is(producer.produce(columns, 0, 30), 10);
    let told = 0;
    for (let sent = 10; told < 30; ) {
      if (sent < 30) sent += producer.produce(columns, sent, 30 - sent);
      const taken = load().take(producer);
      told += taken.filter(({ error }) => error === '').length;
      // Room in the queue comes without a report, so a wait for reports alone may never end.
      if (taken.length === 0) await delay(5);
    }
    assert.equal((await admin.offsets(topic, 1, LIMIT_MS)).high, [30]);
    await load().close(producer);
  });

  test(`${name}: a record that is too large comes back by itself, and the others go on`, async () => {
    const topic = await topicOf();
    const producer = load().producer({ 'message.max.bytes': 1_000 }, { topic, stamp: 'none' });
    await producer.connect(LIMIT_MS);
    const columns = columnsOf(plain(3), 2_000);
    columns.lengths[0] = 10;
    columns.lengths[2] = 20;
    assert.equal(
      (await load().produce(producer, columns)).map(({ error }) => error),
      ['', 'ERR_MSG_SIZE_TOO_LARGE', ''],
    );
    await load().close(producer);
  });

  test(`${name}: a topic that is not there and a wrong password are refused by name`, async () => {
    const lost = load().producer({}, { topic: 'no-such-topic' });
    const code = await codeOf(lost.connect(2_000));
    assert.match(code, /^ERR_/);
    await load().close(lost);
    const wrong = load().producer({ 'sasl.password': 'wrong' }, { topic: 'any' });
    assert.match(await codeOf(wrong.connect(3_000)), /^ERR__/);
    await load().close(wrong);
  });

  test(`${name}: what was committed is read, what was aborted is not`, async () => {
    const topic = await topicOf();
    const id = { 'transactional.id': `${topic}-${name}`, 'linger.ms': 0 };
    const producer = load().producer(id, { topic });
    await producer.connect(LIMIT_MS);
    const columns = columnsOf(plain(40));
    for (const [from, commit] of [
      [0, true],
      [10, false],
      [20, true],
    ] as const) {
      await producer.beginTransaction();
      assert.is(producer.produce(columns, from, 10), 10);
      if (!commit) await until('they are delivered', () => load().take(producer).length > 0);
      await (commit ? producer.commitTransaction(LIMIT_MS) : producer.abortTransaction(LIMIT_MS));
      load().take(producer);
    }
    await load().close(producer);
    const read = async (level: string, wanted: number): Promise<(number | undefined)[]> => {
      const consumer = load().consumer({ 'group.id': `${topic}-${level}`, 'isolation.level': level });
      await consumer.connect([topic], LIMIT_MS, false);
      const records = await load().receive(consumer, wanted);
      await load().close(consumer);
      return records.map(({ sequence }) => sequence);
    };
    const from = (start: number): number[] => Array.from({ length: 10 }, (_, i) => start + i);
    assert.equal(await read('read_committed', 20), [...from(0), ...from(20)]);
    assert.equal(await read('read_uncommitted', 30), [...from(0), ...from(10), ...from(20)]);
  });

  for (const settings of [
    { 'partition.assignment.strategy': 'range' },
    { 'partition.assignment.strategy': 'roundrobin' },
    { 'partition.assignment.strategy': 'cooperative-sticky' },
    { 'group.protocol': 'consumer' },
  ]) {
    const strategy = Object.values(settings)[0] as string;
    test(`${name}: ${strategy} shares partitions, and gives them back when a member leaves`, async () => {
      const topic = await topicOf(2);
      const members = [0, 1].map(() => member(load(), { 'group.id': topic, ...settings }));
      const [one, two] = members as [ReturnType<typeof member>, ReturnType<typeof member>];
      await one.join(topic);
      await until('the first owns all', () => one.owned().length === 2);
      await two.join(topic);
      await until('they share', () => one.owned().length === 1 && two.owned().length === 1, 40_000);
      await two.close();
      await until('the first owns all again', () => one.owned().length === 2, 40_000);
      await one.close();
    });
  }

  test(`${name}: a static member that comes back gets its partitions without a rebalance`, async () => {
    const topic = await topicOf(2);
    const settings = (instance: string): ClientSettings => ({
      'group.id': topic,
      'group.instance.id': instance,
      'partition.assignment.strategy': 'range',
    });
    const one = member(load(), settings('one'));
    const two = member(load(), settings('two'));
    await one.join(topic);
    await two.join(topic);
    await until('they share', () => one.owned().length === 1 && two.owned().length === 1, 40_000);
    const [before, events] = [two.owned(), one.events()];
    await two.close();
    const again = member(load(), settings('two'));
    await again.join(topic);
    await until('it is back', () => again.owned().length === 1, 40_000);
    assert.equal(again.owned(), before);
    assert.is(one.events(), events);
    await again.close();
    await one.close();
  });

  test(`${name}: nothing comes while paused, and nothing is lost`, async () => {
    const topic = await topicOf();
    const producer = load().producer(producerSettings({}), { topic });
    await producer.connect(LIMIT_MS);
    await load().produce(producer, columnsOf(plain(20)));
    let owned = 0;
    const consumer = load().consumer(
      { 'group.id': topic },
      {},
      {
        onAssignment(_event, partitions) {
          owned = partitions.length;
        },
      },
    );
    await consumer.connect([topic], LIMIT_MS, true);
    await until('it owns the partition', () => {
      assert.is(consumer.readable().count, 0);
      return owned === 1;
    });
    for (let i = 0; i < 10; i++) {
      assert.is(consumer.readable().count, 0);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    consumer.resume();
    assert.is((await load().receive(consumer, 20)).at(-1)?.offset, 19);
    await load().close(consumer);
    await load().close(producer);
  });

  test(`${name}: closing with records in flight ends`, async () => {
    const topic = await topicOf();
    const producer = load().producer({ 'linger.ms': 1_000 }, { topic });
    await producer.connect(LIMIT_MS);
    assert.ok(producer.produce(columnsOf(plain(2_000)), 0, 2_000) > 0);
    await load().close(producer);
  });
}

// The last one: there is no broker after it.
test('a broker that is killed: records time out by name, each with its report, in every client', async () => {
  const topic = await topicOf();
  const started = await Promise.all(
    CLIENT_NAMES.map(async (name) => {
      const load = loads.get(name) as ClientLoad;
      const errors: string[] = [];
      const limits = { 'message.timeout.ms': 2_000, 'linger.ms': 0 };
      const producer = load.producer(limits, { topic }, (code) => errors.push(code));
      await producer.connect(LIMIT_MS);
      return { load, producer, errors };
    }),
  );
  cluster.signalBroker(0, 'SIGKILL');
  for (const { load, producer, errors } of started) {
    const told = await load.produce(producer, columnsOf(plain(100)));
    assert.equal([...new Set(told.map(({ error }) => error))], ['ERR__MSG_TIMED_OUT']);
    assert.is(told.length, 100);
    await until(`${load.driver.name} says that it lost its broker`, () => errors.length > 0);
  }
});

test.run();
