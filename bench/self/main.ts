import { execFile } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalCluster } from '../../infra/local/cluster.ts';
import { chooseClient } from '../client/choose.ts';
import { describeError, exitStatusOf } from '../common/errors.ts';
import { packageRoot } from '../common/package-root.ts';
import { closePool } from '../common/pool.ts';
import { buildCorpus } from '../corpus/corpus.ts';
import { LoadProcess } from '../load/load-process.ts';
import { decode, newHistogram } from '../results/histogram.ts';
import { median } from '../stats/describe.ts';
import type { Comparison } from '../stats/verdict.ts';
import { workloadSchema } from '../workload/schema.ts';
import {
  type Bench,
  bareLoop,
  harnessConsumer,
  harnessProducer,
  javaProducer,
  pacedSnapshots,
  withTopic,
} from './harness.ts';
import { overheadSec } from './overhead.ts';
import { scrapingCost } from './scraping.ts';

/** `npm run bench:self`: what the harness costs, as ratios against peers that run in turn with it on one broker. */

const ROUNDS = Number(process.env['KSWEEP_SELF_ROUNDS'] ?? 7);
/** Records that a broker just started gets before anything counts: enough for its JVM to compile its hot code. */
const PRIMING_RECORDS = 6_000_000;
const MEMORY = '/dev/shm';
/** What one comparison may write before its topic is deleted, with room for deletion being late. */
const MEMORY_NEEDED_BYTES = 8e9;

function line(name: string, value: string, target: string, met: boolean): void {
  process.stdout.write(
    `${met ? 'ok  ' : 'MISS'}  ${name.padEnd(58)} ${value.padStart(24)}   target ${target}\n`,
  );
}

/** Runs two contenders in turn, so that both meet the machine's slow and fast moments, and prints the median ratio. */
async function versus(
  name: string,
  target: number,
  own: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<void> {
  const rates: { own: number; peer: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % 2 === 0;
    const a = await (first ? own() : peer());
    const b = await (first ? peer() : own());
    rates.push(first ? { own: a, peer: b } : { own: b, peer: a });
  }
  const ratios = rates.map((rate) => rate.own / rate.peer);
  const ratio = median(ratios);
  const ownRate = Math.round(median(rates.map((rate) => rate.own)) / 1000);
  const peerRate = Math.round(median(rates.map((rate) => rate.peer)) / 1000);
  line(
    `${name} (${ownRate} k/s : ${peerRate} k/s)`,
    `${ratio.toFixed(2)} × [${range(ratios)}]`,
    `≥ ${target.toFixed(2)} ×`,
    ratio >= target,
  );
}

async function produceRatios(bench: Bench): Promise<void> {
  for (const [sizeBytes, records, target] of [
    [100, 3_000_000, 1.0],
    [1024, 600_000, 1.5],
  ] as const) {
    await versus(
      `produce ${sizeBytes} B, no reports : kafka-producer-perf-test`,
      target,
      () => withTopic(bench, (topic) => harnessProducer(bench, topic, records, sizeBytes, 'counts')),
      () => withTopic(bench, (topic) => javaProducer(bench, topic, records, sizeBytes)),
    );
  }
  for (const [sizeBytes, records] of [
    [100, 1_000_000],
    [1024, 500_000],
  ] as const) {
    await versus(
      `produce ${sizeBytes} B, every report timed : bare loop`,
      0.9,
      () => withTopic(bench, (topic) => harnessProducer(bench, topic, records, sizeBytes, 'each')),
      () => withTopic(bench, (topic) => bareLoop(bench, 'produce', topic, records, sizeBytes)),
    );
  }
}

async function consumeRatio(bench: Bench): Promise<void> {
  const records = 1_500_000;
  await withTopic(bench, async (topic) => {
    await harnessProducer(bench, topic, records, 100, 'counts');
    await versus(
      'consume 100 B, sequence check on : bare loop',
      0.9,
      () => harnessConsumer(bench, topic, records),
      () => bareLoop(bench, 'consume', topic, records, 100),
    );
  });
}

async function paced(bench: Bench, ratePerSec: number): Promise<{ p99Ms: number; achieved: number }> {
  const seconds = 10;
  const snapshots = await withTopic(bench, (topic) => pacedSnapshots(bench, topic, ratePerSec, seconds));
  // The first two seconds warm up the code and the connections.
  const measured = snapshots.flatMap(({ latencies }) => latencies).filter(({ second }) => second >= 2);
  const delay = newHistogram();
  for (const { histograms } of measured)
    if (histograms['due-to-sent'] !== undefined) delay.add(decode(histograms['due-to-sent']));
  const counted = snapshots.filter(({ second }) => second >= 2 && second < seconds);
  const due = counted.reduce((sum, snapshot) => sum + snapshot.due, 0);
  const acked = counted.reduce((sum, snapshot) => sum + snapshot.acked, 0);
  return { p99Ms: delay.getValueAtPercentile(99) / 1000, achieved: acked / due };
}

async function pacing(bench: Bench): Promise<void> {
  for (const ratePerSec of [10_000, 50_000]) {
    const rounds: { p99Ms: number; achieved: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await paced(bench, ratePerSec));
    const delays = rounds.map(({ p99Ms }) => p99Ms);
    const p99Ms = median(delays);
    line(
      `pacing at ${ratePerSec}/s: due→sent p99`,
      `${p99Ms.toFixed(2)} ms [${range(delays)}]`,
      '< 1 ms',
      p99Ms < 1,
    );
    const shares = rounds.map(({ achieved }) => achieved);
    const share = median(shares);
    line(
      `pacing at ${ratePerSec}/s: achieved/offered`,
      `${share.toFixed(4)} [${range(shares, 4)}]`,
      '≥ 0.999',
      share >= 0.999,
    );
  }
}

const range = (values: readonly number[], digits = 2): string =>
  `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;

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
  line(
    'scraped each second : not scraped, due→ack p99; rate',
    `${text(p99)}; ${text(rate)}`,
    'p99 not slower, rate ± 1 %',
    still,
  );
}

async function help(): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const startedAt = performance.now();
    await promisify(execFile)(process.execPath, [
      join(packageRoot(), 'dist', 'bench', 'cli', 'main.js'),
      '--help',
    ]);
    times.push(performance.now() - startedAt);
  }
  line('ksweep --help', `${median(times).toFixed(0)} ms`, '< 200 ms', median(times) < 200);
}

async function main(): Promise<void> {
  keepDataInMemory();
  const scratch = await mkdtemp(join(tmpdir(), 'ksweep-self-'));
  console.error(
    `the broker’s data lies in ${tmpdir()}; ${ROUNDS} rounds, each figure a median [lowest–highest]`,
  );
  const cluster = await startLocalCluster({ brokers: 1, onProgress: (text) => console.error(text) });
  const { bootstrapServers } = cluster;
  const client = { 'bootstrap.servers': bootstrapServers };
  const observer = new LoadProcess(
    { role: 'observer', name: 'observer', driver: chooseClient().name, client, scratchDir: scratch },
    () => {},
    () => {},
  );
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
      return corpusFile;
    };
    const bench = { bootstrapServers, jars: cluster.jars, observer, corpusOf };
    await withTopic(bench, (topic) => harnessProducer(bench, topic, PRIMING_RECORDS, 100, 'counts'));
    await produceRatios(bench);
    await consumeRatio(bench);
    await pacing(bench);
    await scraping(bench);
    const overhead = await overheadSec(cluster, scratch);
    line('time that is not measurement, a cell', `${overhead.toFixed(2)} s`, '< 2 s', overhead < 2);
    await help();
  } finally {
    await observer.exit();
    await closePool();
    await cluster.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(describeError(error));
  process.exitCode = exitStatusOf(error);
});
