import { isDeepStrictEqual } from 'node:util';
import * as assert from 'uvu/assert';
import { loadAddon, type NativeRing } from '../../../../bench/client/batch/addon.ts';
import { BatchAdmin } from '../../../../bench/client/batch/admin.ts';
import { ClientError } from '../../../../bench/client/driver.ts';
import {
  columnsOf,
  consumerOf,
  MockCluster,
  nowUs,
  produceAll,
  producerOf,
  receive,
  takeReports,
} from '../../../support/batch-load.ts';
import { suite } from '../../../support/suite.ts';
import { until } from '../../../support/until.ts';

const test = suite('the batch client on simulated brokers');
/** The number of the event in bridge.h. */
const STATISTICS = 2;
let mock: MockCluster;
let bootstrap: { 'bootstrap.servers': string };
test.before(async () => {
  mock = await MockCluster.start();
  bootstrap = { 'bootstrap.servers': mock.bootstrapServers };
});
test.after(() => mock.stop());

const ascending = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sorted = (numbers: readonly (number | undefined)[]): (number | undefined)[] =>
  [...numbers].sort((a, b) => (a ?? -1) - (b ?? -1));

async function roundTrip(stamp: 'payload' | 'header'): Promise<void> {
  const records = 5_000;
  const topic = `stamps-${stamp}`;
  const headers = [{ name: 'a', value: Buffer.from('b') }];
  const producer = producerOf(bootstrap, { topic, stamp, headers });
  await producer.connect(10_000);
  const columns = columnsOf(records, 100);
  const before = Buffer.from(columns.pool);
  const beforeUs = nowUs();
  const reports = await produceAll(producer, columns);
  assert.equal(sorted(reports.map(({ slot }) => slot)), ascending(records));
  assert.equal([...new Set(reports.map(({ error }) => error))], ['ERR_NO_ERROR']);
  assert.ok(reports.every(({ partition, offset }) => partition >= 0 && offset >= 0));
  assert.equal(Buffer.from(columns.pool), before, 'the pool is only read');
  const [atUs] = producer.reports.atUs;
  assert.ok(atUs !== undefined && atUs > beforeUs && atUs <= nowUs(), 'the host’s monotonic clock');

  const consumer = consumerOf({ ...bootstrap, 'group.id': topic }, { stamp });
  await consumer.connect([topic], 10_000, false);
  const received = await receive(consumer, records);
  assert.equal(sorted(received.map(({ sequence }) => sequence)), ascending(records));
  assert.ok(received.every(({ sizeBytes }) => sizeBytes === 100));
  await Promise.all([producer.close(), consumer.close()]);
}

test('stamps in payloads and headers: each record is reported by its slot and received once with its stamp', async () => {
  await Promise.all([roundTrip('payload'), roundTrip('header')]);
});

test('columns over shared memory are taken: threads share one corpus', async () => {
  const producer = producerOf(bootstrap, { topic: 'shared' });
  await producer.connect(10_000);
  const pool = new Uint8Array(new SharedArrayBuffer(100));
  const reports = await produceAll(producer, { ...columnsOf(50, 100), pool });
  assert.is(reports.length, 50);
  await producer.close();
});

test('tombstones, empty values and keys: a record without a value has no stamp, a key decides the partition', async () => {
  const topic = 'keys';
  const producer = producerOf(
    { ...bootstrap, partitioner: 'murmur2_random' },
    { topic, stamp: 'none', reports: 'each' },
  );
  await producer.connect(10_000);
  const count = 8;
  const columns = {
    ...columnsOf(count, 10),
    stamps: null,
    lengths: Int32Array.from([-1, 0, 10, 10, 10, -1, 10, 10]),
    keys: {
      pool: Buffer.from('same'),
      offsets: new Uint32Array(count),
      lengths: new Int32Array(count).fill(4),
    },
  };
  const reports = await produceAll(producer, columns);
  assert.is(new Set(reports.map(({ partition }) => partition)).size, 1);
  const consumer = consumerOf({ ...bootstrap, 'group.id': topic });
  await consumer.connect([topic], 10_000, false);
  const received = await receive(consumer, count);
  assert.equal(
    received.map(({ sizeBytes }) => sizeBytes),
    [0, 0, 10, 10, 10, 0, 10, 10],
  );
  assert.ok(received.every(({ sequence }) => sequence === undefined));
  await Promise.all([producer.close(), consumer.close()]);
});

test('a record that is refused for its own sake comes back as a row; the others go on', async () => {
  const producer = producerOf({ ...bootstrap, 'message.max.bytes': 2_000 }, { topic: 'refused' });
  await producer.connect(10_000);
  const base = columnsOf(4, 3_000);
  const columns = {
    ...base,
    lengths: Int32Array.from([100, 3_000, 100, 100]),
    partitions: Int32Array.from([0, 0, 99, -1]),
  };
  const reports = await produceAll(producer, columns);
  const errors = new Map(reports.map(({ slot, error }) => [slot, error]));
  assert.is(errors.get(0), 'ERR_NO_ERROR');
  assert.is(errors.get(1), 'ERR_MSG_SIZE_TOO_LARGE');
  assert.is(errors.get(2), 'ERR__UNKNOWN_PARTITION');
  assert.is(errors.get(3), 'ERR_NO_ERROR');
  await producer.close();
});

test('only errors reported: successes give no row, failures give one without a slot', async () => {
  const producer = producerOf(
    { ...bootstrap, 'message.max.bytes': 2_000 },
    { topic: 'errors-only', reports: 'errors' },
  );
  await producer.connect(10_000);
  const columns = { ...columnsOf(3, 3_000), slots: null, lengths: Int32Array.from([100, 3_000, 100]) };
  assert.is(producer.produce(columns, 0, 3), 3);
  assert.ok(await producer.flush(10_000));
  await until('the error is reported', () => producer.readable().count > 0);
  assert.equal(
    takeReports(producer).map(({ slot, error }) => [slot, error]),
    [[-1, 'ERR_MSG_SIZE_TOO_LARGE']],
  );
  await producer.close();
});

test('a full queue takes what it has room for and says how many', async () => {
  const producer = producerOf(
    { 'bootstrap.servers': '127.0.0.1:1', 'queue.buffering.max.messages': 100 },
    { topic: 'full' },
  );
  assert.is(producer.produce(columnsOf(250, 100), 0, 250), 100);
  assert.is(producer.produce(columnsOf(250, 100), 100, 150), 0);
  assert.is(await producer.flush(50), false);
  await producer.close();
});

test('a full ring of reports holds the client back and loses none', async () => {
  const records = 3_000;
  const producer = producerOf(bootstrap, { topic: 'small-ring', ringRows: 16 });
  await producer.connect(10_000);
  const reports = await produceAll(producer, columnsOf(records, 100));
  assert.equal(sorted(reports.map(({ slot }) => slot)), ascending(records));
  const consumer = consumerOf({ ...bootstrap, 'group.id': 'small-ring' }, { ringRows: 16 });
  await consumer.connect(['small-ring'], 10_000, false);
  const received = await receive(consumer, records);
  assert.equal(sorted(received.map(({ sequence }) => sequence)), ascending(records));
  await Promise.all([producer.close(), consumer.close()]);
});

test('blocking for rows ends with a row or at its time', async () => {
  const producer = producerOf({ ...bootstrap, 'linger.ms': 20 }, { topic: 'blocking' });
  await producer.connect(10_000);
  producer.produce(columnsOf(1, 100), 0, 1);
  while (producer.readable().count === 0) assert.is(producer.waitUntil(nowUs() + 1e6), true);
  producer.release(1);
  const deadlineUs = nowUs() + 20_000;
  while (nowUs() < deadlineUs) producer.waitUntil(deadlineUs);
  assert.is(producer.readable().count, 0);
  assert.throws(() => producer.release(1), RangeError);
  await producer.close();
});

test('paused from the start: owns its partitions, and gets records from resume on', async () => {
  const producer = producerOf(bootstrap, { topic: 'paused' });
  await producer.connect(10_000);
  await produceAll(producer, columnsOf(500, 100));
  const owned: number[] = [];
  const consumer = consumerOf(
    { ...bootstrap, 'group.id': 'paused' },
    {},
    {
      onAssignment: (_event, partitions) => owned.push(...partitions),
    },
  );
  await consumer.connect(['paused'], 10_000, true);
  await until('partitions are owned', () => owned.length > 0);
  for (let i = 0; i < 5; i++) {
    consumer.waitUntil(nowUs() + 50_000);
    assert.is(consumer.readable().count, 0);
  }
  consumer.resume();
  assert.is((await receive(consumer, 500)).length, 500);
  await Promise.all([producer.close(), consumer.close()]);
});

/** librdkafka's own counts, as its statistics tell them. */
interface Counts {
  readonly sent: number;
  readonly received: number;
  readonly produceRequests: number;
}

/** By how much the addon's counts exceed librdkafka's, once both stand still: by what a broker had that is gone. */
async function beyondStatistics(client: Pick<NativeRing, 'traffic'>, told: () => Counts[]): Promise<Counts> {
  let own = client.traffic();
  let since = told().length;
  await until('the connections are quiet', () => {
    const now = client.traffic();
    if (!isDeepStrictEqual(now, own)) since = told().length;
    own = now;
    // The first of them may have been on its way.
    return told().length > since + 2;
  });
  const { sent = 0, received = 0, produceRequests = 0 } = told().at(-1) ?? {};
  return {
    sent: own.sent - sent,
    received: own.received - received,
    produceRequests: own.produceRequests - produceRequests,
  };
}

test('what crosses the connections is counted as librdkafka counts it, to the byte and at once', async () => {
  const { Producer, Consumer } = loadAddon();
  const counts = () => {
    const all: Counts[] = [];
    const onEvent = (kind: number, _code: number, detail: string | readonly number[]): void => {
      if (kind !== STATISTICS) return;
      const { tx_bytes: sent, rx_bytes: received, brokers } = JSON.parse(detail as string);
      const requests = (Object.values(brokers) as { req: { Produce?: number } }[]).map(
        ({ req }) => req.Produce,
      );
      const produceRequests = requests.reduce<number>((sum, count) => sum + (count ?? 0), 0);
      all.push({ sent, received, produceRequests });
    };
    return { all, onEvent };
  };
  const settings = { ...bootstrap, 'statistics.interval.ms': 50 };
  const [sending, receiving] = [counts(), counts()];
  const options = {
    topic: 'traffic',
    reports: 'each',
    stamp: 'payload',
    headers: [],
    ringRows: 4096,
  } as const;
  const producer = new Producer(settings, options, sending.onEvent);
  await producer.connect(10_000);
  const before = await beyondStatistics(producer, () => sending.all);
  const { pool, offsets, lengths, stamps, slots } = columnsOf(1_000, 1_000);
  const [none, all] = [undefined, 1_000];
  const taken = producer.produce(
    ...([pool, offsets, lengths, none, none, none, stamps, null, slots, 0, all, none, none, none] as const),
  );
  assert.is(taken, all);
  assert.ok(await producer.flush(10_000));
  assert.equal(await beyondStatistics(producer, () => sending.all), before);
  assert.ok(producer.traffic().sent > 1_000_000 && producer.traffic().produceRequests > 0);
  const group = { 'group.id': 'traffic', 'auto.offset.reset': 'earliest' };
  const reading = { stamp: 'payload', ringRows: 4096, pollRows: 500 } as const;
  const consumer = new Consumer({ ...settings, ...group }, reading, receiving.onEvent);
  await consumer.connect(['traffic'], 10_000, true);
  const paused = await beyondStatistics(consumer, () => receiving.all);
  consumer.pause(false);
  // Rows that nobody releases: the ring has room for all.
  await until('all is read', () => {
    consumer.arm();
    return consumer.traffic().received > 1_000_000;
  });
  consumer.pause(true);
  assert.equal(await beyondStatistics(consumer, () => receiving.all), paused);
  await Promise.all([producer.close(), consumer.close()]);
});

test('no broker: connect fails by its own name, and errors are told meanwhile', async () => {
  const told: string[] = [];
  const producer = producerOf({ 'bootstrap.servers': '127.0.0.1:1' }, {}, (code) => told.push(code));
  try {
    await producer.connect(700);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ClientError);
    assert.match((error as ClientError).code, /^ERR__(TRANSPORT|TIMED_OUT)$/);
  }
  await until('an error is told', () => told.length > 0);
  assert.ok(told.every((code) => code.startsWith('ERR__')));
  await producer.close();
});

test('settings that librdkafka does not know are refused by its words', () => {
  assert.throws(
    () => producerOf({ 'no.such.setting': 1 }),
    (error: unknown) =>
      error instanceof ClientError &&
      error.code === 'ERR__INVALID_ARG' &&
      /no\.such\.setting/.test(error.message),
  );
});

test('a closed client says so; closing twice is closing once', async () => {
  const producer = producerOf(bootstrap);
  const first = producer.close();
  assert.is(producer.close(), first);
  await first;
  for (const use of [
    () => producer.produce(columnsOf(1, 100), 0, 1),
    () => producer.waitUntil(nowUs()),
    () => producer.onReadable(() => {}),
  ]) {
    assert.throws(use, (error: unknown) => error instanceof ClientError && error.code === 'ERR__STATE');
  }
  const refused = await producer.flush(10).catch((error: unknown) => error);
  assert.is((refused as ClientError).code, 'ERR__STATE');
});

test('the admin side lists topics and offsets', async () => {
  const producer = producerOf(bootstrap, { topic: 'listed' });
  await producer.connect(10_000);
  await produceAll(producer, columnsOf(100, 100));
  const admin = new BatchAdmin(bootstrap);
  await admin.connect(10_000);
  assert.ok((await admin.listTopics(10_000)).includes('listed'));
  const { partitions } = await admin.describeTopic('listed', 10_000);
  const { low, high } = await admin.offsets('listed', partitions, 10_000);
  assert.is(low.length, partitions);
  assert.is(
    high.reduce((sum, end) => sum + end, 0),
    100,
  );
  const unknown = await admin.describeTopic('absent', 10_000).catch((error: unknown) => error);
  assert.is((unknown as ClientError).code, 'ERR_UNKNOWN_TOPIC_OR_PART');
  await Promise.all([producer.close(), admin.close()]);
});

test.run();
