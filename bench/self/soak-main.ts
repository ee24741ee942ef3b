import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BatchAdmin } from '../client/batch/admin.ts';
import { batchDriver } from '../client/batch/driver.ts';
import type { ProducerClient, RecordColumns } from '../client/driver.ts';
import { STAMP_BYTES } from '../common/stamp-place.ts';
import { type Point, slopeOf } from '../stats/slope.ts';

/**
 * `npm run soak:batch [-- <seconds>]`: produces and consumes at a steady rate on librdkafka's simulated brokers, opens
 * and closes further clients all the time, and prints how the process's memory moved: exit status 1 where it grows.
 */

/** The argument of the process that holds the simulated brokers, so that their logs are not in the figure. */
const BROKERS = 'brokers';
const SECONDS = Number(process.argv[2] ?? 600);
const RECORDS_PER_TICK = 500;
const TICK_MS = 10;
const SIZE_BYTES = 200;
const REPORT_EVERY_SEC = 10;
const TOPIC = 'soak';
/** Growth that matters: a third of a byte a record, or some 10 kB a client that was opened and closed. */
const MATERIAL_MB_PER_MIN = 1;
const FEWEST_POINTS = 8;

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

/** Prints how memory moved, and fails where it grows for sure by what matters. */
function judge(points: readonly Point[]): void {
  // The first half fills caches, queues and the simulated brokers' logs.
  const half = points.slice(Math.floor(points.length / 2));
  if (half.length < FEWEST_POINTS) {
    process.stdout.write('too short to tell a slope: give 180 seconds or more\n');
    return;
  }
  const { slope, low, high } = slopeOf(half);
  const grows = low > MATERIAL_MB_PER_MIN;
  const told = `${slope.toFixed(2)} MB/min [${low.toFixed(2)} to ${high.toFixed(2)}]`;
  const verdict = grows ? 'FAIL: it leaks' : 'ok';
  process.stdout.write(
    `RSS slope of the second half, 95 % interval: ${told}; limit ${MATERIAL_MB_PER_MIN} MB/min: ${verdict}\n`,
  );
  if (grows) process.exitCode = 1;
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
  const points: Point[] = [];
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
  judge(points);
}

async function holdBrokers(): Promise<void> {
  const mock = new BatchAdmin({ 'test.mock.num.brokers': 1 });
  const [broker] = await mock.describeCluster(10_000);
  process.send?.(broker?.address);
  await once(process, 'disconnect');
  await mock.close();
}

await (process.argv[2] === BROKERS ? holdBrokers() : main());
