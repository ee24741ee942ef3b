import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadRun } from '../../../bench/results/load-run.ts';
import type { WorkloadInput } from '../../../bench/workload/schema.ts';
import { assertComplete, only } from '../../support/complete.ts';
import { KafkaBench } from '../../support/kafka-run.ts';
import { suite } from '../../support/suite.ts';

const test = suite('a run keeps to its plan, on a real broker', { timeoutMs: 180_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

const load = { rate: 500, warmup: '1s', duration: '3s' };

test('a sweep runs every cell in every block, in the order of its plan, and says what it pinned', async () => {
  const { results, dir, status } = await bench.run({
    name: 'sweep',
    topic: { partitions: 1 },
    load: { ...load, duration: '2s' },
    consumers: { groups: 0 },
    producer: { 'enable.idempotence': false },
    sweep: { axes: { acks: ['1', 'all'] } },
    repeats: 2,
  });
  assert.is(results.length, 4);
  const plan = readFileSync(join(dir, 'plan.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const planned = plan.filter(({ type }) => type === 'planned').map(({ cellId, block }) => [cellId, block]);
  assert.equal(
    results.map(({ cellId, block }) => [cellId, block]),
    planned,
  );
  const manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
  assert.is(manifest.pinned.producer['batch.size'], 16384);
  assert.is(manifest.cluster.kafkaVersion, bench.cluster.kafkaVersion);
  assert.ok(manifest.cluster.local);
  assert.ok([0, 3].includes(status), `status ${status}`);
});

test('an existing topic is appended to, read from where the repeat begins, and never deleted', async () => {
  const name = 'kept-topic';
  const topic = { name, partitions: 2, replicationFactor: 1, configs: {} };
  await bench.admin((observer) => observer.ask({ kind: 'create-topic', topic, timeoutMs: 10_000 }));
  const input = { name: 'existing', topic: { name, existing: true }, load: { ...load, duration: '2s' } };
  const disks: number[] = [];
  for (let i = 0; i < 2; i++) {
    const result = only((await bench.run(input)).results);
    assertComplete(result);
    assert.is(result.counts.foreign, 0);
    disks.push(result.bytes.brokerDisk ?? 0);
  }
  // What the first run left in the topic is none of the second's bytes.
  const [first = 0, second = 0] = disks;
  assert.ok(first > 0 && Math.abs(second / first - 1) < 0.3, disks.join(' and '));
  assert.equal(await bench.topics(), [name]);
  await bench.admin((observer) => observer.ask({ kind: 'delete-topics', names: [name], timeoutMs: 10_000 }));
});

test('halving drops cells after the first block, and a resumed run drops the same ones', async () => {
  const input: WorkloadInput = {
    name: 'halving',
    load: { ...load, duration: '2s' },
    sweep: {
      axes: { 'linger.ms': [0, 150, 300] },
      design: { halving: { metric: 'due-to-ack p50', keep: 0.3, finalists: 1 } },
    },
    repeats: 2,
  };
  // As for a user: an invalid repeat is measured again, and only then is nothing left to do.
  const again = { retry: true, calmMs: 0 };
  const { results, dir } = await bench.run(input, again);
  assert.is(results.length, 4);
  const lines = (): string[] =>
    readFileSync(join(dir, 'plan.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"round"'));
  const [round] = lines();
  // Which one is best is for a machine of its own to tell; here one is kept, and it stays the same one.
  const { block, kept } = JSON.parse(round ?? '{}') as { block?: number; kept?: string[] };
  assert.equal([block, kept?.length], [1, 1], round);
  assert.equal((await loadRun(dir)).unfinished, []);
  rmSync(join(dir, 'cells', kept?.[0] ?? '', '1'), { recursive: true });
  const resumed = await bench.run(input, { ...again, target: { resumeDir: dir } });
  assert.is(resumed.results.length, 4);
  assert.equal(lines(), [round]);
});

test('stopping a run keeps what was finished, and resuming does the rest and no more', async () => {
  const input = {
    name: 'resumed',
    topic: { partitions: 1 },
    load: { ...load, duration: '2s' },
    consumers: { groups: 0 },
    repeats: 3,
  };
  const stop = new AbortController();
  const first = await bench.run(input, { signal: stop.signal, onResult: () => stop.abort() });
  assert.ok(first.interrupted);
  assert.is(first.results.length, 1);
  let again = 0;
  const second = await bench.run(input, { target: { resumeDir: first.dir }, onResult: () => again++ });
  assert.is(second.results.length, 3);
  assert.ok(again >= 2);
  assert.equal(second.results[0], first.results[0]);
  assert.equal(await bench.topics(), []);
});

test.run();
