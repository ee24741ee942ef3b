import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../bench/common/errors.ts';
import type { RunSummary } from '../../bench/run/run.ts';
import { KafkaBench, scratchFolders } from '../support/kafka-run.ts';
import { agentsOf, isRunning } from '../support/processes.ts';
import { assertRunFolder } from '../support/schemas.ts';
import { suite } from '../support/suite.ts';

const test = suite('a run that goes on, and what one leaves', { timeoutMs: 120_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

const short = {
  topic: { partitions: 1 },
  records: { size: 200, corpus: '1MiB' },
  load: { rate: 300, warmup: '1s', duration: '1s', drainLimit: '2s' },
  consumers: { groups: 0 },
};

test('an invalid repeat whose second attempt was cut off gets it on --resume, and torn files go', async () => {
  const input = { name: 'retry', ...short };
  const { dir, leftTopics } = await bench.run(input);
  assert.equal(leftTopics, []);
  const cell = join(dir, 'cells', '000-baseline');
  const file = join(cell, '0', 'result.json');
  // As a Ctrl-C in the second attempt leaves it, and a kill in mid-write.
  const measured = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...measured, attempt: 0, outcome: 'invalid' }));
  mkdirSync(join(cell, '.0.0a1b2c3d.tmp'));

  const resumed = await bench.run(input, { target: { resumeDir: dir }, retry: true });
  assert.equal(
    resumed.results.map(({ attempt }) => attempt),
    [1],
  );
  assert.equal(readdirSync(cell).sort(), ['0', '0.attempt-0']);
  assert.ok(JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')).finishedAt);
  assertRunFolder(dir, ['000-baseline/0', '000-baseline/0.attempt-0']);
});

test('a run is not resumed on another cluster, and its folder stays as it was', async () => {
  const input = { name: 'elsewhere', ...short };
  const { dir } = await bench.run(input);
  const file = join(dir, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const other = { ...manifest, cluster: { ...manifest.cluster, kafkaVersion: '3.9.2' } };
  writeFileSync(file, JSON.stringify(other));
  let refused: unknown;
  await bench.run(input, { target: { resumeDir: dir } }).catch((error: unknown) => {
    refused = error;
  });
  assert.instance(refused, KsweepError);
  assert.is((refused as KsweepError).code, 'not-comparable');
  assert.match((refused as KsweepError).details.join(), /broker version: 3\.9\.2 against /);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')), other);
});

test('kill -9 of the observer: the run ends with the cause, and its topic is deleted all the same', async () => {
  let killed = false;
  let thrown: unknown;
  await bench
    .run(
      { name: 'killed-observer', ...short },
      {
        onProgress({ phase }) {
          if (phase !== 'measure' || killed) return;
          killed = true;
          // The first of them is the observer's.
          process.kill(agentsOf(process.pid)[0] as number, 'SIGKILL');
        },
      },
    )
    .catch((error: unknown) => {
      thrown = error;
    });
  assert.instance(thrown, KsweepError);
  assert.match((thrown as KsweepError).message, /observer ended: its agent was killed by SIGKILL/);
  assert.equal(await bench.topics(), []);
});

test('a broker that stands still for good: bounded time, the cause and the topic left are named, --resume deletes it', async () => {
  const input = { name: 'frozen-broker', ...short };
  const scratch = scratchFolders();
  const lines: string[] = [];
  let processes: number[] = [];
  let frozen = false;
  let dir = '';
  let summary: RunSummary | undefined;
  let cause = '';
  const startedAt = performance.now();
  try {
    summary = await bench.run(input, {
      onLine: (line) => lines.push(line),
      onFolder: (path) => {
        dir = path;
      },
      onProgress({ phase }) {
        if (phase !== 'measure' || frozen) return;
        frozen = true;
        processes = agentsOf(process.pid);
        bench.cluster.signalBroker(0, 'SIGSTOP');
      },
    });
    cause = JSON.stringify(summary.results.map(({ reasons }) => reasons));
  } catch (error) {
    assert.instance(error, KsweepError);
    cause = (error as KsweepError).message;
  } finally {
    bench.cluster.signalBroker(0, 'SIGCONT');
  }
  assert.ok(performance.now() - startedAt < 90_000);
  // The run has ended them itself, while the broker stood still.
  assert.is(processes.length, 2);
  assert.equal(processes.filter(isRunning), []);
  assert.equal(scratchFolders(), scratch);
  assert.match(cause, /unacknowledged|no longer|did not|timed out|not ready/i);
  const told = lines.find((line) => line.startsWith('could not be deleted'));
  const [topic] = (await bench.topics()).slice(0, 1);
  assert.match(told ?? '', topic ?? 'no topic is left', lines.join('\n'));
  if (summary !== undefined) assert.equal(summary.leftTopics, [topic]);
  assert.ok(existsSync(join(dir, 'plan.ndjson')));
  await bench.run(input, { target: { resumeDir: dir } });
  assert.equal(await bench.topics(), []);
  assert.equal(agentsOf(process.pid), []);
  assert.equal(scratchFolders(), scratch);
});

test.run();
