import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as assert from 'uvu/assert';
import { addonFile, loadAddon } from '../../../../bench/client/batch/addon.ts';
import { columnsOf, consumerOf, MockCluster, producerOf } from '../../../support/batch-load.ts';
import type { BatchWorkerData } from '../../../support/batch-worker.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('the batch client’s ends');
const FILE = new URL('../../../support/batch-worker.js', import.meta.url);
let mock: MockCluster;
test.before(async () => {
  mock = await MockCluster.start();
});
test.after(() => mock.stop());

type Message = { running?: boolean; sent?: number; reported?: number; received?: number };

function load(topic: string, data: Partial<BatchWorkerData> = {}): BatchWorkerData {
  return { bootstrapServers: mock.bootstrapServers, topic, group: topic, ...data };
}

/** Resolves with the first message of a worker that `wanted` takes; rejects where the worker ends before. */
function message(worker: Worker, wanted: (message: Message) => boolean): Promise<Message> {
  return new Promise((resolve, reject) => {
    worker.on('message', (one: Message) => wanted(one) && resolve(one));
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
  });
}

const running = (one: Message): boolean => one.running === true;

test('two worker threads at once: each gets its own reports and records', async () => {
  const ended = await Promise.all(
    ['one', 'two'].map((topic) => {
      const worker = new Worker(FILE, { workerData: load(topic, { records: 20_000 }) });
      return message(worker, ({ received }) => received !== undefined);
    }),
  );
  for (const { sent, reported, received } of ended) {
    assert.equal([sent, reported, received], [20_000, 20_000, 20_000]);
  }
});

test('a worker that is terminated in mid-flight ends, again and again', async () => {
  for (let i = 0; i < 3; i++) {
    const worker = new Worker(FILE, { workerData: load(`terminated-${i}`) });
    await message(worker, running);
    assert.is(await worker.terminate(), 1);
  }
});

test('a worker that is terminated while it connects ends', async () => {
  const worker = new Worker(FILE, { workerData: { ...load('connecting'), bootstrapServers: '127.0.0.1:1' } });
  await once(worker, 'online');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.is(await worker.terminate(), 1);
});

test('a worker that ends while its clients close, ends', async () => {
  for (let i = 0; i < 3; i++) {
    const data = load(`closing-${i}`, { closes: true, exits: true });
    const [code] = (await once(new Worker(FILE, { workerData: data }), 'exit')) as [number];
    assert.is(code, 7);
  }
});

test('an exception in a worker ends that worker alone', async () => {
  const worker = new Worker(FILE, { workerData: load('failing', { fails: true }) });
  const [error] = (await once(worker, 'error')) as [Error];
  assert.match(error.message, 'failed in mid-flight');
  const [code] = (await once(worker, 'exit')) as [number];
  assert.is(code, 1);
});

test('a process that exits or fails in mid-flight does it with its own status', async () => {
  for (const [data, status] of [
    [{ exits: true }, 7],
    [{ fails: true }, 1],
  ] as const) {
    const one = load(`process-${status}`, data);
    const child = spawn(process.execPath, [fileURLToPath(FILE), JSON.stringify(one)], { stdio: 'ignore' });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    assert.equal([code, signal], [status, null]);
  }
});

test('close with records in flight resolves, while the loop goes on and other operations end', async () => {
  const producer = producerOf(
    { 'bootstrap.servers': '127.0.0.1:1', 'message.timeout.ms': 300_000 },
    { topic: 'unsent' },
  );
  assert.is(producer.produce(columnsOf(5_000, 1_000), 0, 5_000), 5_000);
  const consumer = consumerOf({ 'bootstrap.servers': '127.0.0.1:1', 'group.id': 'unsent' });
  const connecting = consumer.connect(['unsent'], 60_000, false).catch((error: Error) => error);
  const flushing = producer.flush(60_000);
  await Promise.all([producer.close(), consumer.close()]);
  assert.is(await flushing, false);
  assert.instance(await connecting, Error);
});

test('close with a ring that nobody drains resolves', async () => {
  const producer = producerOf(
    { 'bootstrap.servers': mock.bootstrapServers },
    { topic: 'undrained', ringRows: 8 },
  );
  await producer.connect(10_000);
  assert.is(producer.produce(columnsOf(2_000, 100), 0, 2_000), 2_000);
  while (producer.readable().count < 8) await new Promise((resolve) => setTimeout(resolve, 5));
  await producer.close();
});

test('a share consumer ends by its close, and with its worker, while it finds no broker', async () => {
  const { ShareConsumer } = loadAddon();
  const settings = { 'bootstrap.servers': '127.0.0.1:1', 'group.id': 'g' };
  const made = () => new ShareConsumer(settings, { stamp: 'none', ringRows: 8, pollRows: 8 }, () => {});
  const closed = made();
  assert.throws(() => closed.connect('t' as unknown as string[], false), TypeError);
  await closed.connect(['t'], false);
  await closed.close(false);
  assert.throws(() => closed.pause(true), /closed/);
  const code = `
    const { workerData, parentPort } = require('node:worker_threads');
    const { ShareConsumer } = require(workerData.addon);
    const one = new ShareConsumer(workerData.settings, { stamp: 'none', ringRows: 8, pollRows: 8 }, () => {});
    one.connect(['t'], false).then(() => parentPort.postMessage('connected'));`;
  const worker = new Worker(code, { eval: true, workerData: { addon: addonFile(), settings } });
  await once(worker, 'message');
  assert.is(await worker.terminate(), 1);
});

test.run();
