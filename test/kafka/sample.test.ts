import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readSample, type SampleRecord } from '../../bench/corpus/sample/sample-file.ts';
import type { SampleReport } from '../../bench/jobs/sample/sample.ts';
import { loadRun } from '../../bench/results/load-run.ts';
import { type Ended, ksweep } from '../support/cli.ts';
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

/** Of earlier files on the same broker: a run that was killed leaves its group. */
let groupsBefore: string[] = [];

test.before(async () => {
  await bench.start();
  groupsBefore = await groupNames(bench.cluster.bootstrapServers);
  await bench.admin(async (observer) => {
    const topic = { name: TOPIC, partitions: 3, replicationFactor: 1, configs: { 'retention.ms': -1 } };
    await observer.ask({ kind: 'create-topic', topic, timeoutMs: 20_000 });
  });
  await writeRecords(bench.cluster.bootstrapServers, TOPIC, written);
});
test.after(() => bench.stop());

const run = (words: readonly string[]): Promise<Ended> =>
  ksweep([...words, '--bootstrap-server', bench.cluster.bootstrapServers], {
    ...process.env,
    XDG_STATE_HOME: bench.resultsDir,
  });

const file = (name: string): string => join(bench.resultsDir, name);

async function sample(name: string, words: readonly string[]): Promise<SampleReport> {
  const {
    code: status,
    stdout,
    stderr,
  } = await run(['sample', '--topic', TOPIC, '-o', file(name), '--json', ...words]);
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
  assert.equal(await groupNames(bench.cluster.bootstrapServers), groupsBefore);
});

test('evenly it reads runs all over the logs; anonymized no byte stays, and what matters does', async () => {
  const plain = await sample('even.sample', ['--records', '480', '--evenly', '--max-rate', '100k/s']);
  const times = readSample(file('even.sample')).records.map(({ timestampMs }) => timestampMs);
  assert.is(times.length, 480);
  assert.ok(Math.min(...times) < FIRST_MS + 60, 'the oldest run begins at the start');
  assert.ok(Math.max(...times) > FIRST_MS + RECORDS * 1.8, 'the newest lies in the last part');
  assert.is(plain.figures.rate, null);

  const hidden = await sample('hidden.sample', ['--records', '900', '--anonymize']);
  const { info, records } = readSample(file('hidden.sample'));
  assert.equal([info.topic, info.anonymized, hidden.keptBytes], [null, true, 0]);
  const open = readSample(file('end.sample')).records;
  records.forEach((record, i) => {
    const before = open[i];
    assert.equal([record.key?.length, record.value?.length], [before?.key?.length, before?.value?.length]);
    assert.equal([record.timestampMs, record.partition], [before?.timestampMs, before?.partition]);
  });
  assert.is(hidden.figures.keys.hottest?.share, 1 / 3);
  for (const { ratios, before } of hidden.compressibility) {
    const change = ratios.gzip6 / (before?.gzip6 ?? Number.NaN);
    // The substitution is another one each time.
    assert.ok(change > 0.7 && change < 1.4, `ratio × ${change}`);
  }
  assert.equal(await groupNames(bench.cluster.bootstrapServers), groupsBefore);
});

test('a run replays the sample: its arrivals twice as fast, its keys, headers and tombstones', async () => {
  const kept = 'replayed';
  await bench.admin(async (observer) => {
    const topic = { name: kept, partitions: 1, replicationFactor: 1, configs: { 'retention.ms': -1 } };
    await observer.ask({ kind: 'create-topic', topic, timeoutMs: 20_000 });
  });
  const { dir } = await bench.run({
    name: 'replay',
    topic: { name: kept, existing: true },
    records: { payload: { source: 'sample', path: file('end.sample') }, stamp: 'header' },
    load: {
      rate: { replay: { path: file('end.sample'), speed: 2 } },
      producers: 2,
      warmup: '1s',
      duration: '2s',
    },
  });
  const [result] = (await loadRun(dir)).repeats;
  if (result === undefined || result.outcome === 'failed')
    return assert.unreachable(JSON.stringify(result?.reasons));
  // 500 records a second in the sample, twice as fast: three seconds of load, of which two are measured.
  assert.is(result.rate.kind, 'shape');
  assert.is(Math.round((result.rate.offeredPerSec ?? 0) * result.window.measuredSec), 2_000);
  const { sent, acknowledged, lost, duplicated, outOfOrder } = result.counts;
  assert.equal([sent, acknowledged, lost, duplicated, outOfOrder], [3_000, 3_000, 0, 0, 0]);
  const { code: status, stderr } = await run(['sample', '--topic', kept, '-o', file('again.sample')]);
  assert.is(status, 0, stderr);
  const { records } = readSample(file('again.sample'));
  // What a loaded machine spoiled is measured once more, into the same topic.
  const attempts = result.attempt + 1;
  assert.is(records.length, 3_000 * attempts);
  const open = readSample(file('end.sample')).records;
  const shape = ({ key, value, headers }: SampleRecord): string =>
    [key, value, headers.find(({ name }) => name.toString() === 'source')?.value].join('|');
  const count = (list: readonly SampleRecord[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const record of list) counts.set(shape(record), (counts.get(shape(record)) ?? 0) + 1);
    return counts;
  };
  // Each producer sends the sample round after round: 1,500 records of each are each record once or twice.
  const expected = count(open);
  const got = count(records);
  assert.equal([...got.keys()].sort(), [...expected.keys()].sort());
  for (const [text, times] of got) {
    const of = expected.get(text) ?? 0;
    assert.ok(
      times >= 2 * of * attempts && times <= 4 * of * attempts,
      `${text}: ${times}, in the sample ${of}`,
    );
  }
});

test('a comparison of codecs and a sizing begin at the topic', async () => {
  const words = [
    'codecs',
    '--payload-topic',
    TOPIC,
    '--payload-records',
    '600',
    '--rate',
    '1MB/s',
    '--quick',
    '--dry-run',
  ];
  const codecs = await run([...words, '--results', bench.resultsDir]);
  assert.is(codecs.code, 0, codecs.stderr);
  assert.match(codecs.stderr, /sample +600 records/);
  assert.match(codecs.stdout, /^orders-.+\.sample, \d+ B per record on average, offered at 1MB\/s/);

  const size = await run(['size', 'partitions', '--from-topic', TOPIC, '--per-partition', '1MB/s', '--json']);
  assert.is(size.code, 0, size.stderr);
  const { warnings } = JSON.parse(size.stdout) as { warnings: { code: string; text: string }[] };
  const told = warnings.find(({ code }) => code === 'sampled')?.text ?? '';
  assert.match(
    told,
    /average \d+B\/s, peak \d+B\/s, recordSize \d+, keyed true, hottestKeyShare 0\.33\d?: from a sample of/,
  );
  // 3,000 records in six seconds.
  const [, average = '', recordSize = ''] = /average (\d+)B\/s.+recordSize (\d+)/.exec(told) ?? [];
  const perSec = Number(average) / Number(recordSize);
  assert.ok(perSec > 450 && perSec < 550, told);
  assert.equal(await groupNames(bench.cluster.bootstrapServers), groupsBefore);

  const none = await run(['sample', '--topic', 'no-such-topic', '-o', file('none.sample')]);
  assert.is(none.code, 2);
  assert.match(none.stderr, /there is no topic no-such-topic/);
});

test.run();
