import * as assert from 'uvu/assert';
import { FakeCluster } from '../../../bench/client/fake.ts';
import { VirtualClock } from '../../../bench/client/virtual-clock.ts';
import { createRandom } from '../../../bench/common/random.ts';
import { type Consumed, type ConsumeOptions, consumeRecords } from '../../../bench/perf/consume.ts';
import { ConsumerStats } from '../../../bench/perf/consumer-stats.ts';
import { randomPayloads } from '../../../bench/perf/payloads.ts';
import { type Produced, type ProduceOptions, produceRecords } from '../../../bench/perf/produce.ts';
import { initRecorderHistograms } from '../../../bench/results/histogram.ts';
import { suite } from '../../support/suite.ts';

const SERVICE_US = 2_000;

function simulated(capacityPerSec: number) {
  const clock = new VirtualClock();
  const shape = { capacityPerSec, noise: 0, serviceUs: SERVICE_US, partitions: 2 };
  return { clock, driver: new FakeCluster(clock, shape, createRandom(1)) };
}

/** Runs in virtual time until it is settled. */
async function settled<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let over = false;
  const ended = work.finally(() => {
    over = true;
  });
  ended.catch(() => {});
  await clock.runUntil(() => over);
  return await ended;
}

async function produced(
  capacityPerSec: number,
  options: Partial<ProduceOptions>,
): Promise<Produced & { lines: string[] }> {
  const { clock, driver } = simulated(capacityPerSec);
  const lines: string[] = [];
  const result = await settled(
    clock,
    produceRecords({
      driver,
      clock,
      client: {},
      topic: 'test',
      numRecords: 1_000,
      perSec: 1_000,
      payloads: () => randomPayloads(100, 1_000),
      warmupRecords: 0,
      intervalMs: 5_000,
      transactionMs: null,
      connectTimeoutMs: 1_000,
      print: (line) => lines.push(line),
      signal: new AbortController().signal,
      onConnected: async () => {},
      ...options,
    }),
  );
  driver.stop();
  return { ...result, lines };
}

const test = suite('perf/loops');

// Virtual time never waits for what takes real time.
test.before(initRecorderHistograms);

test('so many records are sent, each when it is due, also at a fraction of one a second', async () => {
  const all = await produced(100_000, {});
  assert.equal([all.sent, all.acked, all.failed, all.unsettled, all.ackedBytes], [1000, 1000, 0, 0, 100_000]);
  assert.ok(Math.abs(all.sendingMs - 999) < 2, `${all.sendingMs}`);
  assert.is(all.lines.length, 1);
  assert.match(all.lines[0] ?? '', /^1000 records sent, (9\d\d|1000)\.\d{6} records\/sec/);
  const slow = await produced(100_000, { numRecords: 3, perSec: 0.5 });
  assert.ok(Math.abs(slow.sendingMs - 4_000) < 2, `${slow.sendingMs}`);
});

test('a client that takes no more shows in due→ack and not in sent→ack: what the tool’s latency hides', async () => {
  const { latencyUs, acked, queueFullMs } = await produced(500, {
    client: { 'queue.buffering.max.messages': 10 },
  });
  assert.is(acked, 1000);
  const [due, sent] = [
    latencyUs['due-to-ack']?.percentilesUs.p99 ?? 0,
    latencyUs['sent-to-ack']?.percentilesUs.p99 ?? 0,
  ];
  assert.ok(due > 500_000, `due→ack ${due}`);
  assert.ok(sent < 100_000, `sent→ack ${sent}`);
  assert.ok(queueFullMs > 500);
});

test('with no limit there is no due time, and nothing is measured from one', async () => {
  const { latencyUs, acked } = await produced(100_000, { perSec: null });
  assert.is(acked, 1000);
  assert.is(latencyUs['due-to-ack'], null);
  assert.is(latencyUs['sent-to-ack']?.count, 1000);
});

test('warm-up records are in the first total and not in the second, nor in the latencies', async () => {
  const { lines, latencyUs } = await produced(100_000, { warmupRecords: 400, intervalMs: 100 });
  assert.is(
    lines[0],
    'Warmup first 400 records. Steady state results will print after the complete test summary.',
  );
  assert.is(lines.filter((line) => line === 'In steady state.').length, 1);
  assert.match(lines.at(-2) ?? '', /^1000 records sent/);
  assert.match(lines.at(-1) ?? '', /^600 steady state records sent/);
  assert.is(latencyUs['due-to-ack']?.count, 600);
});

test('transactions are committed when they have lasted long enough, and the last one at the end', async () => {
  const { committed, aborted, acked } = await produced(100_000, { transactionMs: 100 });
  assert.is(acked, 1000);
  assert.is(aborted, 0);
  assert.ok(committed >= 2 && committed <= 11, `${committed}`);
});

test('stopped, it sends no more and waits for what is in flight', async () => {
  const stop = new AbortController();
  const { sent, acked, interrupted } = await produced(100_000, {
    intervalMs: 100,
    signal: stop.signal,
    print: () => stop.abort(),
  });
  assert.ok(interrupted);
  assert.ok(sent > 0 && sent < 1000, `${sent}`);
  assert.is(acked, sent);
});

/** Reads what `feed` lets arrive. */
async function consumed(
  options: Partial<ConsumeOptions>,
  feed: readonly (readonly [partition: number, offset: number])[],
): Promise<Consumed & { stats: ConsumerStats }> {
  const { clock, driver } = simulated(1);
  const nowMs = (): number => clock.nowUs() / 1000;
  const stats = new ConsumerStats({
    startMs: nowMs(),
    intervalMs: 5_000,
    detailed: false,
    time: String,
    print: () => {},
  });
  const running = consumeRecords({
    driver,
    clock,
    client: {},
    topics: ['test'],
    numRecords: feed.length,
    timeoutMs: 1_000,
    pollRows: 500,
    connectTimeoutMs: 1_000,
    stats,
    signal: new AbortController().signal,
    nowMs,
    ...options,
  });
  for (const [index, [partition, offset]] of feed.entries()) {
    clock.at(clock.nowUs() + 10_000 * (index + 1), () => {
      for (const consumer of driver.consumers) consumer.arrive({ partition, offset, size: 50 }, undefined);
    });
  }
  const result = await settled(clock, running);
  driver.stop();
  return { ...result, stats };
}

test('a consumer reads until it has so many', async () => {
  const result = await consumed({}, [
    [0, 0],
    [1, 0],
    [0, 1],
  ]);
  assert.equal([result.stats.records, result.stats.bytes], [3, 150]);
  assert.equal([result.timedOut, result.assigned], [false, true]);
  assert.equal([result.skippedOffsets, result.duplicated], [0, 0]);
});

test('what is left out and what comes twice is counted by partition', async () => {
  const result = await consumed({}, [
    [0, 5],
    [0, 9],
    [0, 9],
    [1, 7],
    [1, 8],
  ]);
  assert.equal([result.skippedOffsets, result.duplicated], [3, 1]);
  const several = await consumed({ topics: ['a', 'b'] }, [
    [0, 5],
    [0, 9],
  ]);
  assert.equal([several.skippedOffsets, several.duplicated], [null, null]);
});

test('where none comes in time it ends, with what it has', async () => {
  const result = await consumed({ numRecords: 10 }, [[0, 0]]);
  assert.ok(result.timedOut);
  assert.is(result.stats.records, 1);
  assert.ok(result.elapsedMs >= 1_000 && result.elapsedMs < 5_000, `${result.elapsedMs}`);
});

test.run();
