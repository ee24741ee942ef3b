import { Worker } from 'node:worker_threads';
import * as assert from 'uvu/assert';
import { BatchAdmin } from '../../bench/client/batch/admin.ts';
import type { ConsumerClient } from '../../bench/client/driver.ts';
import { ClientError } from '../../bench/client/driver.ts';
import { type LocalCluster, startLocalCluster } from '../../infra/local/cluster.ts';
import {
  columnsOf,
  consumerOf,
  nowUs,
  produceAll,
  producerOf,
  receive,
  takeReports,
} from '../support/batch-load.ts';
import type { BatchWorkerData } from '../support/batch-worker.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('the batch client on a real broker', { timeoutMs: 90_000 });
const LIMIT_MS = 20_000;
const WORKER = new URL('../support/batch-worker.js', import.meta.url);
let cluster: LocalCluster;
let admin: BatchAdmin;
let bootstrap: { 'bootstrap.servers': string };
test.before(async () => {
  cluster = await startLocalCluster({ brokers: 1 });
  bootstrap = { 'bootstrap.servers': cluster.bootstrapServers };
  admin = new BatchAdmin(bootstrap);
  await admin.connect(LIMIT_MS);
});
test.after(async () => {
  await admin?.close();
  await cluster?.stop();
});

async function topicOf(name: string, partitions = 2): Promise<string> {
  await admin.createTopic({ name, partitions, replicationFactor: 1, configs: {} }, LIMIT_MS);
  return name;
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof ClientError ? error.code : String(error)),
  );

/** Fills a topic with stamped records. */
async function fill(topic: string, records: number): Promise<void> {
  const producer = producerOf(bootstrap, { topic });
  await producer.connect(LIMIT_MS);
  const errors = (await produceAll(producer, columnsOf(records, 100))).map(({ error }) => error);
  assert.equal([...new Set(errors)], ['ERR_NO_ERROR']);
  await producer.close();
}

/** A member of a group and what it owns, released as it comes until `stop`. */
function member(topic: string, settings: Record<string, string | number>) {
  let owned: readonly number[] = [];
  let stopped = false;
  const errors: string[] = [];
  const consumer = consumerOf(
    { ...bootstrap, ...settings },
    {},
    {
      onAssignment: (_event, partitions) => {
        owned = partitions;
      },
      onError: (code) => errors.push(code),
    },
  );
  const pump = (): void => {
    if (stopped) return;
    consumer.release(consumer.readable().count);
    consumer.onReadable(pump);
  };
  return {
    errors,
    owned: () => owned,
    async join(): Promise<void> {
      await consumer.connect([topic], LIMIT_MS, false);
      pump();
    },
    close(options: { leave?: boolean } = {}): Promise<void> {
      stopped = true;
      return consumer.close(options);
    },
  };
}

test('the admin side makes, describes and deletes topics, and says why it does not', async () => {
  const topic = { name: 'made', partitions: 3, replicationFactor: 1, configs: { 'retention.ms': 60_000 } };
  await admin.createTopic(topic, LIMIT_MS);
  // The controller has it before every broker tells of it.
  await until('the topic is listed', async () => (await admin.listTopics(LIMIT_MS)).includes('made'));
  assert.equal(await admin.describeTopic('made', LIMIT_MS), { partitions: 3, replicationFactor: 1 });
  assert.is(await codeOf(admin.createTopic(topic, LIMIT_MS)), 'ERR_TOPIC_ALREADY_EXISTS');
  const bad = { ...topic, name: 'bad', configs: { 'no.such.config': 1 } };
  assert.is(await codeOf(admin.createTopic(bad, LIMIT_MS)), 'ERR_INVALID_CONFIG');
  await admin.deleteTopic('made', LIMIT_MS);
  assert.is(await codeOf(admin.deleteTopic('made', LIMIT_MS)), 'ERR_UNKNOWN_TOPIC_OR_PART');
  assert.is((await admin.describeCluster(LIMIT_MS)).length, 1);
});

test('a record can be read while others trickle in, and is not gathered into a poll’s worth', async () => {
  const topic = await topicOf('trickle', 1);
  await fill(topic, 1);
  const pollRows = 1_000;
  const consumer = consumerOf({ ...bootstrap, 'group.id': 'trickle' }, { pollRows });
  await consumer.connect([topic], LIMIT_MS, false);
  await receive(consumer, 1);
  const producer = producerOf({ ...bootstrap, 'linger.ms': 0 }, { topic });
  await producer.connect(LIMIT_MS);
  const columns = columnsOf(pollRows, 100);
  let sent = 0;
  while (sent < pollRows && consumer.readable().count === 0) {
    sent += producer.produce(columns, sent, 1);
    takeReports(producer);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.ok(consumer.readable().count > 0 && sent < pollRows, `${sent} were sent before one could be read`);
  await Promise.all([producer.close(), consumer.close()]);
});

test('a group starts at the offsets that were committed for it, and can be deleted', async () => {
  const topic = await topicOf('committed', 1);
  await fill(topic, 1_000);
  assert.equal(await admin.offsets(topic, 1, LIMIT_MS), { low: [0], high: [1_000] });
  await admin.commitOffsets('committed', topic, [900], LIMIT_MS);
  const consumer = consumerOf({ ...bootstrap, 'group.id': 'committed' });
  await consumer.connect([topic], LIMIT_MS, false);
  const received = await receive(consumer, 100);
  assert.equal([received[0]?.offset, received.at(-1)?.offset], [900, 999]);
  await consumer.close();
  await admin.deleteGroups(['committed'], LIMIT_MS);
  assert.is(await codeOf(admin.deleteGroups(['committed'], LIMIT_MS)), 'ERR_GROUP_ID_NOT_FOUND');
});

test('what the loop has released is committed, what was only read ahead is not', async () => {
  const topic = await topicOf('released', 1);
  await fill(topic, 1_000);
  const settings = { ...bootstrap, 'group.id': 'released' };
  const first = consumerOf(settings);
  await first.connect([topic], LIMIT_MS, false);
  await until('records are there', () => first.readable().count >= 600);
  first.release(400);
  await first.close();
  const second = consumerOf(settings);
  await second.connect([topic], LIMIT_MS, false);
  assert.is((await receive(second, 600))[0]?.offset, 400);
  await second.close();
});

test('transactions: committed records are read, aborted ones are not', async () => {
  const topic = await topicOf('transactions', 1);
  const producer = producerOf({ ...bootstrap, 'transactional.id': 'batch' }, { topic });
  await producer.connect(LIMIT_MS);
  const columns = columnsOf(200, 100);
  await producer.beginTransaction();
  producer.produce(columns, 0, 100);
  await producer.abortTransaction(LIMIT_MS);
  await producer.beginTransaction();
  producer.produce(columns, 100, 100);
  await producer.commitTransaction(LIMIT_MS);
  const consumer = consumerOf({ ...bootstrap, 'group.id': topic, 'isolation.level': 'read_committed' });
  await consumer.connect([topic], LIMIT_MS, false);
  const received = await receive(consumer, 100);
  assert.equal(
    received.map(({ sequence }) => sequence),
    Array.from({ length: 100 }, (_, i) => 100 + i),
  );
  assert.is(consumer.readable().count, 0);
  assert.is(await codeOf(producer.commitTransaction(LIMIT_MS)), 'ERR__STATE');
  await Promise.all([producer.close(), consumer.close()]);
});

for (const settings of [
  { 'partition.assignment.strategy': 'range' },
  { 'partition.assignment.strategy': 'cooperative-sticky' },
  { 'group.protocol': 'consumer' },
]) {
  const name = Object.values(settings)[0] as string;
  test(`rebalances (${name}): partitions are shared, and come back from a member that leaves`, async () => {
    const topic = await topicOf(`rebalances-${name}`);
    const one = member(topic, { 'group.id': topic, ...settings });
    const two = member(topic, { 'group.id': topic, ...settings });
    await one.join();
    await until('the first owns all', () => one.owned().length === 2);
    await two.join();
    await until('they share', () => one.owned().length === 1 && two.owned().length === 1, 40_000);
    await two.close();
    await until('the first owns all again', () => one.owned().length === 2, 40_000);
    assert.equal(one.errors, []);
    await one.close();
  });
}

test('a killed consumer leaves its group when its session times out, and not before', async () => {
  const topic = await topicOf('killed');
  const sessionMs = 6_000;
  const heartbeatMs = 1_000;
  const settings = {
    'group.id': topic,
    'session.timeout.ms': sessionMs,
    'heartbeat.interval.ms': heartbeatMs,
  };
  const worker = new Worker(WORKER, {
    workerData: {
      bootstrapServers: cluster.bootstrapServers,
      topic,
      group: topic,
      consumer: settings,
    } satisfies BatchWorkerData,
  });
  let inWorker: readonly number[] = [];
  worker.on('message', (one: { partitions?: number[] }) => {
    inWorker = one.partitions ?? inWorker;
  });
  const [killed, left] = [member(topic, settings), member(topic, settings)];
  await killed.join();
  await left.join();
  await until(
    'all three own or wait',
    () => killed.owned().length + left.owned().length + inWorker.length === 2,
  );
  // Whoever owns something is killed: one by its client, one with its thread.
  const killedAtUs = nowUs();
  await Promise.all([killed.close({ leave: false }), worker.terminate()]);
  await until('the survivor owns all', () => left.owned().length === 2, 40_000);
  const tookMs = (nowUs() - killedAtUs) / 1000;
  assert.ok(tookMs >= sessionMs - heartbeatMs, `after ${tookMs} ms`);
  await left.close();
});

test('a handler that does not come back trips max.poll.interval.ms; one that goes on does not', async () => {
  const topic = await topicOf('slow');
  await fill(topic, 100);
  const settings = { 'session.timeout.ms': 6_000, 'max.poll.interval.ms': 6_000 };
  const errors: string[] = [];
  const stuck = consumerOf(
    { ...bootstrap, ...settings, 'group.id': 'stuck' },
    {},
    {
      onError: (code) => errors.push(code),
    },
  );
  const steady = member(topic, { ...settings, 'group.id': 'steady' });
  await stuck.connect([topic], LIMIT_MS, false);
  await steady.join();
  await until('records are there', () => stuck.readable().count > 0);
  const askedAtUs = nowUs();
  // Nothing is asked of it from here on. The error itself is told when it is polled again, as in Java.
  await until('its time is over', () => nowUs() - askedAtUs > 7_500_000);
  stuck.release(stuck.readable().count);
  await until('it is told', () => errors.includes('ERR__MAX_POLL_EXCEEDED'));
  assert.equal(steady.errors, []);
  assert.is(steady.owned().length, 2);
  await Promise.all([stuck.close(), steady.close()]);
});

test('pause and resume: nothing comes while paused, nothing is lost', async () => {
  const topic = await topicOf('paused', 1);
  await fill(topic, 500);
  const consumer: ConsumerClient = consumerOf({ ...bootstrap, 'group.id': topic });
  await consumer.connect([topic], LIMIT_MS, false);
  await receive(consumer, 500);
  consumer.pause();
  await fill(topic, 500);
  consumer.waitUntil(nowUs() + 100_000);
  assert.is(consumer.readable().count, 0);
  consumer.resume();
  assert.is((await receive(consumer, 500)).at(-1)?.offset, 999);
  await consumer.close();
});

test.run();
