import { execFile } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalCluster } from '../../infra/local/cluster.ts';
import { chooseClient } from '../client/choose.ts';
import { describeError, exitStatusOf } from '../common/errors.ts';
import { cliFile } from '../common/package-root.ts';
import { closePool } from '../common/pool.ts';
import { buildCorpus } from '../corpus/corpus.ts';
import { Agents } from '../load/agent/agents.ts';
import { median } from '../stats/describe.ts';
import type { Comparison } from '../stats/verdict.ts';
import { workloadSchema } from '../workload/schema.ts';
import { agents as agentsInNumbers } from './agents.ts';
import { findCPeer } from './c-peer.ts';
import { clients } from './clients.ts';
import {
  type Bench,
  bareLoop,
  cPeerOf,
  harnessConsumer,
  harnessProducer,
  javaPeers,
  withTopic,
} from './harness.ts';
import { memory } from './memory.ts';
import { overhead } from './overhead.ts';
import { pacing } from './pacing.ts';
import { line } from './print.ts';
import { ROUNDS, versus } from './rounds.ts';
import { scrapingCost } from './scraping.ts';

/**
 * `npm run bench:self`: what the harness costs, as ratios against peers that run in turn with it on one broker. Names
 * of parts (produce, consume, c, pacing, scraping, clients, memory, overhead, agents, help) measure these alone:
 * `npm run bench:self -- pacing`.
 */

/** Records that a broker just started gets before anything counts: enough for its JVM to compile its hot code. */
const PRIMING_RECORDS = 6_000_000;
const MEMORY = '/dev/shm';
/** What one comparison may write before its topic is deleted, with room for deletion being late. */
const MEMORY_NEEDED_BYTES = 8e9;

async function produceRatios(bench: Bench): Promise<void> {
  const java = javaPeers(bench);
  for (const [sizeBytes, records, target] of [
    [100, 3_000_000, 2.0],
    [1024, 600_000, 1.5],
  ] as const) {
    for (const timing of ['each', 'counts'] as const) {
      await versus(
        `produce ${sizeBytes} B, ${timing === 'each' ? 'every report timed' : 'counts'} : kafka-producer-perf-test`,
        target,
        () => withTopic(bench, (topic) => harnessProducer(bench, topic, records, sizeBytes, timing)),
        () => withTopic(bench, (topic) => java.produce(topic, records, sizeBytes)),
        0.5,
      );
    }
  }
  await versus(
    'produce 100 B, every report timed : bare loop on Confluent’s client',
    null,
    () => withTopic(bench, (topic) => harnessProducer(bench, topic, 1_000_000, 100, 'each')),
    () => withTopic(bench, (topic) => bareLoop(bench, 'produce', topic, 1_000_000, 100)),
  );
  await versus(
    'produce 100 B, two producers : one',
    // Two cores are the broker's and one producer's already.
    availableParallelism() >= 4 ? 1.5 : null,
    () => withTopic(bench, (topic) => harnessProducer(bench, topic, 3_000_000, 100, 'each', 2)),
    () => withTopic(bench, (topic) => harnessProducer(bench, topic, 3_000_000, 100, 'each')),
  );
}

async function consumeRatios(bench: Bench): Promise<void> {
  const java = javaPeers(bench);
  for (const [sizeBytes, records, target] of [
    [100, 3_000_000, 1.3],
    [1024, 600_000, 2.0],
  ] as const) {
    await withTopic(bench, async (topic) => {
      await harnessProducer(bench, topic, records, sizeBytes, 'counts');
      await versus(
        `consume ${sizeBytes} B, sequence check on : kafka-consumer-perf-test`,
        target,
        () => harnessConsumer(bench, topic, records),
        () => java.consume(topic, records),
        0.5,
      );
    });
  }
}

/** The limit that counts. */
async function cRatios(bench: Bench): Promise<void> {
  const found = await findCPeer();
  if ('lacks' in found) {
    line('produce, consume : rdkafka_performance', `not built: ${found.lacks}`);
    return;
  }
  const peer = cPeerOf(bench, found.program);
  for (const [sizeBytes, records] of [
    [100, 3_000_000],
    [1024, 600_000],
  ] as const) {
    await versus(
      `produce ${sizeBytes} B, every report timed : rdkafka_performance`,
      0.8,
      () => withTopic(bench, (topic) => harnessProducer(bench, topic, records, sizeBytes, 'each')),
      () => withTopic(bench, (topic) => peer.produce(topic, records, sizeBytes)),
    );
    await withTopic(bench, async (topic) => {
      await harnessProducer(bench, topic, records, sizeBytes, 'counts');
      await versus(
        `consume ${sizeBytes} B, sequence check on : rdkafka_performance`,
        0.8,
        () => harnessConsumer(bench, topic, records),
        () => peer.consume(topic, records),
      );
    });
  }
}

/** Compares clients and not disks where the machine has the memory: the same for every contender. */
function keepDataInMemory(): void {
  if (process.env['TMPDIR'] !== undefined || !existsSync(MEMORY)) return;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (Math.min(bavail * bsize, freemem()) < MEMORY_NEEDED_BYTES) return;
  process.env['TMPDIR'] = MEMORY;
}

async function scraping(bench: Bench): Promise<void> {
  // Six pairs are the fewest that have a 95 % interval.
  const { p99, rate } = await scrapingCost(bench, Math.max(6, ROUNDS));
  const text = ({ effect, interval }: Comparison): string =>
    `${effect.toFixed(3)} × [${interval?.low.toFixed(3)}–${interval?.high.toFixed(3)}]`;
  // Moved: worse by more than what matters, and more than chance would do.
  const still = p99.verdict !== 'regressed' && Math.abs(rate.effect - 1) < 0.01;
  line('scraped each second : not scraped, due→ack p99; rate', `${text(p99)}; ${text(rate)}`, {
    text: 'p99 not slower, rate ± 1 %',
    met: still,
  });
}

async function help(): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const startedAt = performance.now();
    await promisify(execFile)(process.execPath, [cliFile(), '--help']);
    times.push(performance.now() - startedAt);
  }
  line('ksweep --help', `${median(times).toFixed(0)} ms`, { text: '< 200 ms', met: median(times) < 200 });
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  keepDataInMemory();
  const scratch = await mkdtemp(join(tmpdir(), 'ksweep-self-'));
  console.error(
    `the broker’s data lies in ${tmpdir()}; ${ROUNDS} rounds, each figure a median [lowest–highest]`,
  );
  const cluster = await startLocalCluster({ brokers: 1, onProgress: (text) => console.error(text) });
  const { bootstrapServers } = cluster;
  const client = { 'bootstrap.servers': bootstrapServers };
  const [observers, agents] = [new Agents(), new Agents()];
  const driver = chooseClient().name;
  const observer = observers.begin({
    role: 'observer',
    name: 'observer',
    driver,
    client,
    scratchDir: scratch,
  });
  try {
    observer.assign();
    const files = new Map<number, string>();
    const corpusOf = async (sizeBytes: number): Promise<string> => {
      const known = files.get(sizeBytes);
      if (known !== undefined) return known;
      const { records } = workloadSchema.parse({ name: 'self', records: { size: sizeBytes } });
      const { corpusFile } = await buildCorpus({
        records,
        baseDir: '.',
        batchSizeBytes: 131_072,
        seed: 1,
        outDir: scratch,
      });
      files.set(sizeBytes, corpusFile);
      agents.provide(corpusFile);
      return corpusFile;
    };
    const bench = { bootstrapServers, jars: cluster.jars, observer, agents, corpusOf };
    await withTopic(bench, (topic) => harnessProducer(bench, topic, PRIMING_RECORDS, 100, 'counts'));
    const parts: Readonly<Record<string, () => Promise<void>>> = {
      produce: () => produceRatios(bench),
      consume: () => consumeRatios(bench),
      c: () => cRatios(bench),
      pacing: () => pacing(bench),
      scraping: () => scraping(bench),
      clients: () => clients(cluster, scratch),
      memory: () => memory(bootstrapServers, scratch),
      overhead: () => overhead(cluster, scratch),
      agents: () => agentsInNumbers(cluster, scratch),
      help,
    };
    for (const [name, measure] of Object.entries(parts)) {
      if (wanted.length === 0 || wanted.includes(name)) await measure();
    }
  } finally {
    await observer.exit();
    await Promise.all([observers.exit(), agents.exit()]);
    await closePool();
    await cluster.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = exitStatusOf(error);
});
