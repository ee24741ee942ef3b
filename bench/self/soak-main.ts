import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BatchAdmin } from '../client/batch/admin.ts';
import { batchDriver } from '../client/batch/driver.ts';
import type { ProducerClient, RecordColumns } from '../client/driver.ts';
import { STAMP_BYTES } from '../common/stamp-place.ts';

/**
 * `npm run soak:batch [-- <seconds>]`: produces and consumes at a steady rate on librdkafka's simulated brokers, opens
 * and closes further clients all the time, and prints how the process's memory moved.
 */

/** The argument of the process that holds the simulated brokers, so that their logs are not in the figure. */
const BROKERS = 'brokers';
const SECONDS = Number(process.argv[2] ?? 600);
const RECORDS_PER_TICK = 500;
const TICK_MS = 10;
const SIZE_BYTES = 200;
const REPORT_EVERY_SEC = 10;
const TOPIC = 'soak';

function columns(): RecordColumns {
  return {
    pool: Buffer.alloc(SIZE_BYTES, 'x'),
    offsets: new Uint32Array(RECORDS_PER_TICK),
    lengths: new Int32Array(RECORDS_PER_TICK).fill(SIZE_BYTES),
    keys: null,
    stamps: new Uint8Array(RECORDS_PER_TICK * STAMP_BYTES),
    partitions: null,
    slots: new Int32Array(RECORDS_PER_TICK),
  };
}

const drain = (client: { readable(): { count: number }; release(count: number): void }): number => {
  const { count } = client.readable();
  client.release(count);
  return count;
};

/** Least squares of y on x. */
function slope(points: readonly { x: number; y: number }[]): number {
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
}

async function main(): Promise<void> {
  const driver = batchDriver();
  const mock = fork(fileURLToPath(import.meta.url), [BROKERS]);
  const [address] = (await once(mock, 'message')) as [string];
  const settings = { 'bootstrap.servers': address };
  const open = (): ProducerClient =>
    driver.createProducer(
      settings,
      { topic: TOPIC, reports: 'each', stamp: 'payload', headers: [], ringRows: 16_384 },
      { onError: () => {} },
    );
  const producer = open();
  await producer.connect(10_000);
  const consumer = driver.createConsumer(
    { ...settings, 'group.id': TOPIC, 'auto.offset.reset': 'earliest' },
    { stamp: 'payload', ringRows: 16_384, pollRows: 500 },
    { onError: () => {}, onAssignment: () => {} },
  );
  await consumer.connect([TOPIC], 10_000, false);

  const batch = columns();
  const counts = { sent: 0, reported: 0, received: 0, opened: 0 };
  const points: { x: number; y: number }[] = [];
  const startedAt = performance.now();
  const elapsedSec = (): number => (performance.now() - startedAt) / 1000;
  let opening: Promise<void> = Promise.resolve();
  let reportAtSec = REPORT_EVERY_SEC;
  while (elapsedSec() < SECONDS) {
    counts.sent += producer.produce(batch, 0, RECORDS_PER_TICK);
    counts.reported += drain(producer);
    counts.received += drain(consumer);
    if (counts.sent % (20 * RECORDS_PER_TICK) === 0) {
      // One after the other: a client that was closed with records in flight.
      opening = opening.then(async () => {
        const other = open();
        other.produce(batch, 0, RECORDS_PER_TICK);
        counts.opened++;
        await other.close();
      });
    }
    if (elapsedSec() >= reportAtSec) {
      reportAtSec += REPORT_EVERY_SEC;
      // The rings of closed clients go with their views, and those when V8 gets to them.
      globalThis.gc?.();
      const rssMb = process.memoryUsage.rss() / 1e6;
      points.push({ x: elapsedSec() / 60, y: rssMb });
      process.stdout.write(
        `${elapsedSec().toFixed(0)} s  RSS ${rssMb.toFixed(1)} MB  ${JSON.stringify(counts)}\n`,
      );
    }
    await sleep(TICK_MS);
  }
  await opening;
  await Promise.all([producer.close(), consumer.close()]);
  mock.disconnect();
  // The first half fills caches, queues and the simulated brokers' logs.
  const half = points.slice(Math.floor(points.length / 2));
  process.stdout.write(`RSS slope of the second half: ${slope(half).toFixed(2)} MB/min\n`);
}

async function holdBrokers(): Promise<void> {
  const mock = new BatchAdmin({ 'test.mock.num.brokers': 1 });
  const [broker] = await mock.describeCluster(10_000);
  process.send?.(broker?.address);
  await once(process, 'disconnect');
  await mock.close();
}

await (process.argv[2] === BROKERS ? holdBrokers() : main());
