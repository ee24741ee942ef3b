import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { kafkaJars } from '../../infra/local/jars.ts';
import { javaCommand } from '../../infra/local/java.ts';
import { DEFAULT_KAFKA_VERSION } from '../../infra/local/versions.ts';
import { ksweep } from '../support/cli.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { suite } from '../support/suite.ts';

const RECORDS = 12_000;
const WARM_UP = 3_000;
/** Two seconds at this rate, so that windows of a quarter of a second end in both parts. */
const PRODUCER = [
  ...['--num-records', String(RECORDS), '--record-size', '100', '--throughput', '6000.5'],
  ...['--warmup-records', String(WARM_UP), '--reporting-interval', '250'],
  ...['--command-property', 'acks=all', 'linger.ms=2'],
];

const bench = new KafkaBench();
const folder = mkdtempSync(join(tmpdir(), 'ksweep-perf-'));
let jars = '';

/** Runs one of Kafka's own tools; its standard output. */
async function original(tool: string, words: readonly string[]): Promise<string> {
  const args = ['-Xmx256m', '-cp', join(jars, '*'), `org.apache.kafka.tools.${tool}`, ...words];
  const { stdout } = await promisify(execFile)(javaCommand(), args, { timeout: 60_000 });
  return stdout;
}

const linesOf = (stdout: string): string[] => stdout.split('\n').slice(0, -1);
/** A line without its figures. */
const shapeOf = (line: string): string => line.replaceAll(/\d+/g, 'N');
const isWindow = (line: string): boolean => / max latency\.$/.test(line);
/** How many windows end, and in which part of the run, is a matter of time. */
const shape = (stdout: string): string[] =>
  linesOf(stdout)
    .filter((line) => !isWindow(line))
    .map(shapeOf);
const windows = (stdout: string): string[] => [...new Set(linesOf(stdout).filter(isWindow).map(shapeOf))];
/** A machine that is busy sends late, which is told and makes the run invalid; for nothing else may it be. */
const besideLate = (reasons: readonly string[]): string[] =>
  reasons.filter((reason) => !/the last record was sent \d+ ms late/.test(reason));
const reasonsIn = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line.startsWith('ksweep: invalid: '));

const test = suite('kafka/perf', { timeoutMs: 120_000 });

test.before(async () => {
  // As brokers are by default; ksweep's own make no topic that nobody made.
  [jars] = await Promise.all([
    kafkaJars(DEFAULT_KAFKA_VERSION),
    bench.start(1, { 'auto.create.topics.enable': 'true' }),
  ]);
});
// It removes the temporary folder of this file, and what lies in it.
test.after(() => bench.stop());

const at = (): string[] => ['--bootstrap-server', bench.cluster.bootstrapServers];

test('perf producer prints the original’s lines, and what became of every record beside', async () => {
  const theirs = await original('ProducerPerformance', ['--topic', 'perf', ...at(), ...PRODUCER]);
  const ours = await ksweep(['perf', 'producer', '--topic', 'perf', ...at(), ...PRODUCER]);
  assert.equal(besideLate(reasonsIn(ours.stderr)), []);
  assert.is(ours.code, reasonsIn(ours.stderr).length === 0 ? 0 : 3, ours.stderr);
  assert.equal(shape(ours.stdout), shape(theirs));
  assert.is(windows(theirs).length, 1);
  assert.equal(windows(ours.stdout), windows(theirs));
  for (const stdout of [theirs, ours.stdout]) {
    const totals = linesOf(stdout)
      .slice(-2)
      .map((line) => /^\d+( steady state)? records sent/.exec(line)?.[0]);
    assert.equal(totals, [`${RECORDS} records sent`, `${RECORDS - WARM_UP} steady state records sent`]);
  }
  assert.match(ours.stderr, `acknowledged ${RECORDS} of ${RECORDS} records, 0 failed, 0 lost`);
  assert.match(ours.stderr, /due→ack: p50 [\d.]+ ms/);
  assert.is(ours.stderr.match(/from the call of send/g)?.length, 1);
});

test('perf consumer prints the original’s header and line: all records, to the byte', async () => {
  const words = ['--topic', 'perf', '--num-records', String(2 * RECORDS), '--timeout', '20000', ...at()];
  const theirs = await original('ConsumerPerformance', words);
  const ours = await ksweep(['perf', 'consumer', ...words]);
  assert.is(ours.code, 0, ours.stderr);
  assert.equal(shape(ours.stdout), shape(theirs));
  const [header, total = ''] = linesOf(ours.stdout);
  assert.is(header, linesOf(theirs)[0]);
  const fields = (line = ''): string[] => line.split(', ');
  assert.is(fields(total)[4], String(2 * RECORDS));
  assert.is(fields(total)[2], fields(linesOf(theirs)[1])[2], 'the same MB');
  assert.match(ours.stderr, '0 twice');
});

test('transactions, an auto-created topic and a consumer that waits in vain are told, with their exit codes', async () => {
  const produced = await ksweep([
    ...['perf', 'producer', '--topic', 'made-by-asking', '--num-records', '2000', '--payload-monotonic'],
    ...['--throughput', '4000', '--transaction-duration-ms', '100', '--json', ...at()],
  ]);
  const figures = JSON.parse(produced.stdout);
  assert.equal(besideLate(figures.reasons), []);
  assert.is(produced.code, figures.valid ? 0 : 3, produced.stderr);
  assert.is(figures.records.acknowledged, 2000);
  assert.is(figures.records.lost, 0);
  assert.ok(figures.transactions.committed >= 2);
  assert.match(figures.notes.join('\n'), 'the brokers made it by their own defaults');
  assert.match(produced.stderr, '2000 records sent');

  const short = await ksweep([
    ...[
      'perf',
      'consumer',
      '--include',
      'made-.*',
      '--num-records',
      '2001',
      '--timeout',
      '3000',
      '--hide-header',
    ],
    ...['--command-property', 'isolation.level=read_committed', '--json', ...at()],
  ]);
  assert.is(short.code, 3, short.stderr);
  const { records, reasons, lines } = JSON.parse(short.stdout);
  assert.is(records.received, 2000);
  assert.match(reasons.join(), '2000 of 2001 records: none came for 3000 ms');
  assert.match(
    lines[0],
    'WARNING: Exiting before consuming the expected number of records: timeout (3000 ms)',
  );
  assert.is(lines.length, 2);
});

test('records that the brokers refuse are counted by their error, and fail the command', async () => {
  const { code, stderr } = await ksweep([
    ...[
      'perf',
      'producer',
      '--topic',
      'perf',
      '--num-records',
      '5',
      '--record-size',
      '2000000',
      '--throughput',
      '-1',
    ],
    ...[
      '--command-property',
      'max.request.size=4000000',
      'batch.size=3000000',
      'compression.type=none',
      ...at(),
    ],
  ]);
  assert.is(code, 3, stderr);
  assert.match(stderr, '5 records failed (ERR_MSG_SIZE_TOO_LARGE 5)');
});

test('a workload of OMB’s is imported, run, and exported as its result', async () => {
  const workload = join(folder, 'omb.yaml');
  writeFileSync(
    workload,
    `name: round trip
topics: 1
partitionsPerTopic: 4
messageSize: 200
useRandomizedPayloads: true
randomBytesRatio: 0.5
subscriptionsPerTopic: 1
producersPerTopic: 1
consumerPerSubscription: 1
producerRate: 200
testDurationMinutes: 0.05
warmupDurationMinutes: 0
`,
  );
  const imported = join(folder, 'imported.yaml');
  assert.is((await ksweep(['import', 'omb', workload, '-o', imported])).code, 0);
  const run = await ksweep(['run', imported, '--results', folder, '--calm', '0s', '--json', ...at()]);
  const { dir, results } = JSON.parse(run.stdout);
  assert.is(results.at(-1).counts.lost, 0);
  const exported = await ksweep(['export', 'omb', dir, '--json']);
  // A busy machine's repeat may be invalid, and is not exported then.
  assert.is(exported.code, run.code, exported.stderr);
  const [{ file, notes }] = JSON.parse(exported.stdout);
  if (run.code !== 0) {
    assert.equal([file, exported.code], [null, 3]);
    assert.match(notes.join(), 'none of its 1 repeats is valid');
    return;
  }
  const result = JSON.parse(readFileSync(file, 'utf8'));
  assert.equal(
    [
      result.workload,
      result.messageSize,
      result.partitions,
      result.producersPerTopic,
      result.consumersPerTopic,
    ],
    ['round-trip', 200, 4, 1, 1],
  );
  assert.ok(result.publishRate[0] > 0 && result.consumeRate[0] > 0);
  assert.ok(result.aggregatedEndToEndLatency99pct > 0);
});

test.run();
