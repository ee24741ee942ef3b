import { spawn } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';
import { readSample } from '../../bench/corpus/sample/sample-file.ts';
import type { SampleReport } from '../../bench/jobs/sample/sample.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { suite } from '../support/suite.ts';
import { groupNames, type Written, writeRecords } from '../support/written-topic.ts';

const test = suite('ksweep sample against a real broker', { timeoutMs: 120_000 });
const bench = new KafkaBench();
const TOPIC = 'orders';
const RECORDS = 3_000;
const FIRST_MS = Date.UTC(2026, 0, 5, 8);

/** Three partitions, every tenth record a tombstone, one key on a third of the records, one header on each. */
const written: Written[] = Array.from({ length: RECORDS }, (_, i) => ({
  key: i % 3 === 0 ? 'hot' : `customer-${i % 50}`,
  value:
    i % 10 === 9
      ? null
      : Buffer.from(
          `{"order":${i},"status":"paid","amount":${(i * 37) % 1000},"note":"${'x'.repeat(i % 40)}"}`,
        ),
  timestampMs: FIRST_MS + i * 2,
  partition: i % 3,
  headers: [{ source: i % 2 === 0 ? 'web' : 'app' }],
}));

test.before(async () => {
  await bench.start();
  await bench.admin(async (observer) => {
    const topic = { name: TOPIC, partitions: 3, replicationFactor: 1, configs: { 'retention.ms': -1 } };
    await observer.ask({ kind: 'create-topic', topic, timeoutMs: 20_000 });
  });
  await writeRecords(bench.cluster.bootstrapServers, TOPIC, written);
});
test.after(() => bench.stop());

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ksweep(words: readonly string[]): Promise<Ended> {
  const cli = join(packageRoot(), 'dist/bench/cli/main.js');
  const child = spawn(
    process.execPath,
    [cli, ...words, '--bootstrap-server', bench.cluster.bootstrapServers],
    {
      env: { ...process.env, XDG_STATE_HOME: bench.resultsDir },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

const file = (name: string): string => join(bench.resultsDir, name);

async function sample(name: string, words: readonly string[]): Promise<SampleReport> {
  const { status, stdout, stderr } = await ksweep([
    'sample',
    '--topic',
    TOPIC,
    '-o',
    file(name),
    '--json',
    ...words,
  ]);
  assert.is(status, 0, stderr);
  return JSON.parse(stdout) as SampleReport;
}

test('takes the newest records whole, and leaves no group behind', async () => {
  const report = await sample('end.sample', ['--records', '900']);
  const { info, records } = readSample(file('end.sample'));
  assert.is(records.length, 900);
  assert.equal([info.topic, info.partitions, info.taken, info.topicRecords], [TOPIC, 3, 'end', RECORDS]);
  const expected = written.slice(RECORDS - 900);
  records.forEach((record, i) => {
    const { key, value, timestampMs, partition, headers } = expected[i] as Written;
    assert.equal(
      [record.key?.toString(), record.value?.toString(), record.timestampMs, record.partition],
      [key, value?.toString(), timestampMs, partition],
    );
    assert.is(record.headers[0]?.value?.toString(), headers?.[0]?.['source']);
  });
  assert.is(report.figures.tombstones, 90);
  assert.is(report.figures.keys.hottest?.share, 1 / 3);
  assert.ok(Math.abs((report.figures.rate?.meanPerSec ?? 0) - 500) < 1, JSON.stringify(report.figures.rate));
  assert.is(report.figures.outOfOrder.records, 0);
  assert.equal(
    report.origin.history.reduce((sum, interval) => sum + interval.records, 0),
    RECORDS,
  );
  assert.equal(await groupNames(bench.cluster.bootstrapServers), []);
});

test.run();
