import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chooseClient } from '../client/choose.ts';
import { translateConsumer, translateProducer } from '../client/properties/translate.ts';
import { createClock } from '../common/clock.ts';
import { waitUntil } from '../common/deadline.ts';
import { packageRoot } from '../common/package-root.ts';
import { type Agents, blobId } from '../load/agent/agents.ts';
import type { LoadGenerator } from '../load/agent/load-generator.ts';
import { Ensemble, type ProducerEntry } from '../load/ensemble.ts';
import type { IntervalSnapshot, ProducerAssignment } from '../load/protocol.ts';
import { type CPeer, cPeer } from './c-peer.ts';
import { javaConsumer, javaProducer } from './java.ts';
import type { Measured } from './rounds.ts';

const run = promisify(execFile);
const LIMIT_MS = 120_000;

export interface Bench {
  readonly bootstrapServers: string;
  /** Class path with Kafka's own tools. */
  readonly jars: string;
  readonly observer: LoadGenerator;
  readonly agents: Agents;
  readonly corpusOf: (sizeBytes: number) => Promise<string>;
}

/** The settings that every contender of a comparison gets; the rest are the Java client's defaults, pinned. */
const JAVA_PRODUCER = { acks: 'all', 'batch.size': 131_072, 'linger.ms': 5 } as const;
const PRODUCER = translateProducer(JAVA_PRODUCER).client;
const CONSUMER = translateConsumer({ 'enable.auto.commit': false, 'max.poll.records': 10_000 }).client;
const PARTITIONS = 6;

let topics = 0;

export async function withTopic<T>(bench: Bench, use: (topic: string) => Promise<T>): Promise<T> {
  const name = `ksweep-self-${process.pid}-${topics++}`;
  const timeoutMs = 20_000;
  const topic = { name, partitions: PARTITIONS, replicationFactor: 1, configs: {} };
  await bench.observer.ask({ kind: 'create-topic', topic, timeoutMs });
  try {
    return await use(name);
  } finally {
    await bench.observer.ask({ kind: 'delete-topics', names: [name], timeoutMs });
  }
}

/** Kafka's own tools, with the settings that every contender gets. */
export const javaPeers = (bench: Bench) => ({
  produce: (topic: string, records: number, sizeBytes: number): Promise<Measured> =>
    javaProducer(
      { jars: bench.jars, topic, records, sizeBytes },
      { 'bootstrap.servers': bench.bootstrapServers, ...JAVA_PRODUCER },
    ),
  consume: (topic: string, records: number): Promise<Measured> =>
    javaConsumer({ jars: bench.jars, topic, records, bootstrapServers: bench.bootstrapServers }),
});

/** librdkafka's own program, with the same. */
export const cPeerOf = (bench: Bench, program: string): CPeer => {
  const bootstrap = { 'bootstrap.servers': bench.bootstrapServers };
  return cPeer(program, {
    producer: { ...bootstrap, ...PRODUCER },
    consumer: { ...bootstrap, ...CONSUMER },
  });
};

/** The bare loop on Confluent's client. */
export async function bareLoop(
  bench: Bench,
  role: 'produce' | 'consume',
  topic: string,
  records: number,
  sizeBytes: number,
): Promise<Measured> {
  const settings = {
    'bootstrap.servers': bench.bootstrapServers,
    ...(role === 'produce' ? PRODUCER : { ...CONSUMER, 'group.id': `${topic}-bare` }),
  };
  const corpusFile = await bench.corpusOf(sizeBytes);
  const script = join(packageRoot(), 'bench', 'self', 'bare-loop.mjs');
  const argument = JSON.stringify({ role, settings, topic, records, sizeBytes, corpusFile });
  const { stdout } = await run(process.execPath, [script, argument], { timeout: LIMIT_MS });
  return { ...(JSON.parse(stdout) as { ratePerSec: number }), cpuSecPerMillion: null };
}

async function producer(
  bench: Bench,
  topic: string,
  sizeBytes: number,
  options: Pick<ProducerAssignment, 'timing' | 'rate' | 'recordLimit'>,
): Promise<ProducerAssignment> {
  return {
    role: 'producer',
    driver: chooseClient().name,
    name: 'producer-0',
    index: 0,
    runTag: 1,
    topic,
    partitions: PARTITIONS,
    client: { 'bootstrap.servers': bench.bootstrapServers, ...PRODUCER },
    corpusId: blobId(await bench.corpusOf(sizeBytes)),
    keysId: null,
    headersId: null,
    seed: 1,
    headers: {},
    stamp: 'payload',
    phase: 0,
    queueLimit: Number(PRODUCER['queue.buffering.max.messages']),
    drainLimitMs: LIMIT_MS,
    transactionSize: null,
    ...options,
  };
}

const cpuSecPerMillion = (snapshots: readonly IntervalSnapshot[], records: number): number =>
  snapshots.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / records;

/** ksweep's producers, each with its part of the records; from the start until the last acknowledgement. */
export async function harnessProducer(
  bench: Bench,
  topic: string,
  records: number,
  sizeBytes: number,
  timing: 'each' | 'counts',
  producers = 1,
): Promise<Measured> {
  const clock = createClock();
  const snapshots: IntervalSnapshot[] = [];
  const ensemble = new Ensemble(bench.agents, (_name, snapshot) => snapshots.push(snapshot));
  const share = Math.floor(records / producers);
  const entries: ProducerEntry[] = [];
  for (let index = 0; index < producers; index++) {
    const options = { timing, rate: 'max', recordLimit: share } as const;
    const assignment = await producer(bench, topic, sizeBytes, options);
    entries.push(ensemble.addProducer({ ...assignment, index, name: `producer-${index}` }));
  }
  for (const entry of entries) entry.generator.assign();
  await ensemble.ready(PARTITIONS, LIMIT_MS);
  const startUs = clock.nowUs();
  const order = { type: 'start', startUs, endUs: startUs + LIMIT_MS * 1000 } as const;
  for (const entry of entries) entry.generator.send(order);
  await ensemble.wait(() => entries.every(({ done }) => done !== null), LIMIT_MS);
  // The report waits for the client's next statistics; the last acknowledgement is in the last snapshot's time.
  const finishedUs = Math.max(...entries.map(({ done }) => done?.finishedUs ?? Number.NaN));
  await ensemble.close();
  const sent = share * producers;
  return {
    ratePerSec: (sent * 1e6) / (finishedUs - startUs),
    cpuSecPerMillion: cpuSecPerMillion(snapshots, sent),
  };
}

/** ksweep's consumer with the sequence check on; records a second from the first to the last one. */
export async function harnessConsumer(bench: Bench, topic: string, records: number): Promise<Measured> {
  const clock = createClock();
  const snapshots: IntervalSnapshot[] = [];
  const ensemble = new Ensemble(bench.agents, (_name, snapshot) => snapshots.push(snapshot));
  const entry = ensemble.addConsumer({
    role: 'consumer',
    driver: chooseClient().name,
    name: 'consumer-0-0',
    group: `${topic}-harness`,
    runTag: 1,
    topic,
    client: { 'bootstrap.servers': bench.bootstrapServers, ...CONSUMER, 'group.id': `${topic}-harness` },
    stamp: 'payload',
    producers: 1,
    maxPollRecords: 10_000,
    handlerMs: 0,
    concurrency: 1,
    paused: true,
    checkSequence: true,
  });
  entry.generator.assign();
  await ensemble.ready(PARTITIONS, LIMIT_MS);
  const startUs = clock.nowUs();
  entry.generator.send({ type: 'start', startUs, endUs: startUs + LIMIT_MS * 1000 });
  entry.generator.send({ type: 'report-progress' });
  await ensemble.wait(() => entry.received >= records, LIMIT_MS);
  entry.generator.send({ type: 'stop', limitMs: 0 });
  await ensemble.wait(() => entry.done !== null, LIMIT_MS);
  const { done } = entry;
  await ensemble.close();
  if (done === null || done.duplicated + done.outOfOrder + done.foreign > 0)
    throw new Error('the sequence check failed');
  return {
    ratePerSec: (records * 1e6) / (done.lastReceivedUs - done.firstReceivedUs),
    cpuSecPerMillion: cpuSecPerMillion(snapshots, records),
  };
}

/** Offers a fixed rate and returns what the producer measured, second by second. */
export async function pacedSnapshots(
  bench: Bench,
  topic: string,
  ratePerSec: number,
  seconds: number,
  onSnapshot: (name: string, snapshot: IntervalSnapshot) => void = () => {},
): Promise<readonly IntervalSnapshot[]> {
  const clock = createClock();
  const snapshots: IntervalSnapshot[] = [];
  const ensemble = new Ensemble(bench.agents, (name, snapshot) => {
    snapshots.push(snapshot);
    onSnapshot(name, snapshot);
  });
  const rate = { steps: [{ fromUs: 0, perSec: ratePerSec }], arrivals: 'constant' } as const;
  const entry = ensemble.addProducer(
    await producer(bench, topic, 100, { timing: 'each', rate, recordLimit: null }),
  );
  entry.generator.assign();
  await ensemble.ready(PARTITIONS, LIMIT_MS);
  const startUs = clock.nowUs() + 50_000;
  entry.generator.send({ type: 'start', startUs, endUs: startUs + seconds * 1e6 });
  await waitUntil(() => entry.done !== null, LIMIT_MS);
  await ensemble.close();
  return snapshots;
}
