import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { EXIT, KsweepError } from '../../bench/common/errors.ts';
import { chooseCluster } from '../../bench/run/cluster/choose-cluster.ts';
import { workloadSchema } from '../../bench/workload/schema.ts';
import {
  attachLocalCluster,
  type LocalClusterOptions,
  startLocalCluster,
} from '../../infra/local/cluster.ts';
import { FakeKafka } from '../support/fake-kafka.ts';
import { isRunning } from '../support/processes.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('start of a local cluster');
const fake = new FakeKafka();
test.before(() => fake.use());
test.after(() => fake.remove());

const foldersLeft = (): string[] => readdirSync(fake.env['TMPDIR'] ?? '');

/** The error of a start in this mode of fake-java.ts, having left nothing behind. */
async function failure(mode: string, options: Partial<LocalClusterOptions>): Promise<KsweepError> {
  process.env['FAKE_JAVA'] = mode;
  try {
    await (await startLocalCluster({ brokers: 1, ...options })).stop();
  } catch (error) {
    assert.instance(error, KsweepError);
    assert.is((error as KsweepError).exitStatus, EXIT.harness);
    assert.equal(foldersLeft(), []);
    return error as KsweepError;
  } finally {
    delete process.env['FAKE_JAVA'];
  }
  return assert.unreachable(`it started although java ${mode}`) as never;
}

test('one limit holds for all of a start: a format that hangs, a broker that is never ready', async () => {
  const format = await failure('format-hangs', { limitMs: 300 });
  assert.match(format.message, 'kafka.tools.StorageTool did not end in time');
  const broker = await failure('hangs', { limitMs: 3_000 });
  assert.match(broker.message, 'broker 1 was not ready within 3 s');
  assert.match(broker.details.join('\n'), 'INFO starting');
});

test('a broker that dies gives its last log lines', async () => {
  const { message, details } = await failure('dies', {});
  assert.match(message, 'broker 1 ended while it started');
  assert.match(details.join('\n'), 'ERROR the disk is on fire');
});

test('a port that was taken in between: other ports are tried, three times at most', async () => {
  const left = join(fake.folder, 'port-taken');
  process.env['FAKE_PORT_TAKEN'] = left;
  try {
    writeFileSync(left, '2');
    const lines: string[] = [];
    const cluster = await startLocalCluster({ brokers: 1, onProgress: (line) => lines.push(line) });
    await cluster.stop();
    assert.is(lines.filter((line) => /its port .* was taken; trying other ports/.test(line)).length, 2);
    writeFileSync(left, '3');
    assert.match((await failure('', {})).message, 'was taken, 3 times in a row');
  } finally {
    delete process.env['FAKE_PORT_TAKEN'];
  }
});

test('a cluster behind TLS is ready again after a restart, and CPU time is not compared across it', async () => {
  const cluster = await startLocalCluster({ brokers: 2, protocol: 'SSL' });
  try {
    const before = cluster.cpu();
    assert.is(cluster.cpu()?.processes, before?.processes);
    cluster.signalBroker(1, 'SIGKILL');
    await until('a dead broker has no CPU time', () => cluster.cpu() === null);
    await cluster.restartBroker(1);
    assert.ok(cluster.brokers.every(({ alive }) => alive));
    assert.is.not(cluster.cpu()?.processes, before?.processes);
  } finally {
    await cluster.stop();
  }
});

test('a file that is no state hinders only who asks for it', () => {
  const folder = fake.env['KSWEEP_STATE'] ?? '';
  mkdirSync(folder);
  const file = join(folder, 'broken.json');
  writeFileSync(file, '{}');
  assert.is(attachLocalCluster('kafka.example:9092'), undefined);
  assert.throws(() => attachLocalCluster(file), /is not the state of a local cluster/);
});

test('run --local --keep: tells where data and state stay, after a clean shutdown; without it nothing stays', async () => {
  const lines: string[] = [];
  const choose = (flags: { keep?: true }) =>
    chooseCluster(
      { local: true, brokers: '1', ...flags },
      workloadSchema.parse({ name: 'keep' }),
      (line) => lines.push(line),
      new AbortController().signal,
    );
  await (await choose({ keep: true })).stop();
  const [, folder = ''] = /^kept: (\S+) /.exec(lines.at(-1) ?? '') ?? [];
  assert.ok(existsSync(join(folder, 'broker-1', 'data')), lines.join('\n'));
  assert.match(readFileSync(join(folder, 'broker-1', 'node.log'), 'utf8'), 'shut down completed');
  const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
  assert.ok(state.nodes[0].command.includes('kafka.Kafka'));
  assert.not.ok(isRunning(state.nodes[0].pid));

  const before = foldersLeft();
  await (await choose({})).stop();
  assert.equal(foldersLeft(), before);
});

test.run();
