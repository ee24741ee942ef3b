import { parentPort, workerData } from 'node:worker_threads';
import { columnsOf, consumerOf, nowUs, producerOf, receive, takeReports } from './batch-load.ts';

/**
 * A load that runs until somebody ends it, as a worker thread or (started with its data as an argument) a process:
 * produces and consumes at once, blocking its thread as a generator does.
 */
export interface BatchWorkerData {
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly group: string;
  /** Ends with an exception in mid-flight. */
  readonly fails?: boolean;
  /** Ends the process in mid-flight, without closing anything. */
  readonly exits?: boolean;
  /** Begins to close its clients just before it ends. */
  readonly closes?: boolean;
  /** Produces this many, consumes them and closes; without it the load goes on for ever. */
  readonly records?: number;
  /** A settings object for the consumer. */
  readonly consumer?: Readonly<Record<string, string | number>>;
}

const data = (workerData ?? JSON.parse(process.argv[2] ?? '{}')) as BatchWorkerData;
const tell = (message: object): void => {
  if (parentPort === null) process.stdout.write(`${JSON.stringify(message)}\n`);
  else parentPort.postMessage(message);
};

const settings = { 'bootstrap.servers': data.bootstrapServers };
const producer = producerOf(settings, { topic: data.topic });
await producer.connect(20_000);
const consumer = consumerOf(
  { ...settings, 'group.id': data.group, ...data.consumer },
  {},
  { onAssignment: (event, partitions) => tell({ event, partitions }) },
);
await consumer.connect([data.topic], 20_000, false);

const columns = columnsOf(1_000, 200);
let sent = 0;
let reported = 0;
const limit = data.records ?? Number.POSITIVE_INFINITY;

/** A turn of producing; true while there is something left to do. */
function turn(): boolean {
  const from = sent % 1_000;
  if (sent < limit) sent += producer.produce(columns, from, Math.min(1_000 - from, limit - sent));
  reported += takeReports(producer).length;
  producer.waitUntil(nowUs() + 5_000);
  return reported < limit;
}

if (data.records !== undefined) {
  while (turn());
  const received = (await receive(consumer, data.records)).length;
  await Promise.all([producer.close(), consumer.close()]);
  tell({ sent, reported, received });
} else {
  for (let turns = 0; turn(); turns++) {
    const { count } = consumer.readable();
    consumer.release(count);
    if (turns === 20) {
      tell({ running: true });
      if (data.closes === true) {
        void producer.close();
        void consumer.close();
      }
      if (data.fails === true) throw new Error('a generator failed in mid-flight');
      if (data.exits === true) process.exit(7);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
