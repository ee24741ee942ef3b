import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { EXIT, KsweepError } from '../../bench/common/errors.ts';
import { startLocalCluster } from '../../infra/local/cluster.ts';
import { kafkaJars } from '../../infra/local/jars.ts';
import { runJava } from '../../infra/local/launch.ts';
import { answers } from '../../infra/local/ready.ts';
import { DEFAULT_KAFKA_VERSION } from '../../infra/local/versions.ts';
import { ksweep, startKsweep } from '../support/cli.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('local cluster', { timeoutMs: 150_000 });

function createTopic(
  { jars, bootstrapServers }: { jars: string; bootstrapServers: string },
  topic: string,
  replicas = 1,
): Promise<string> {
  const tool = ['-cp', jars, 'org.apache.kafka.tools.TopicCommand', '--bootstrap-server', bootstrapServers];
  const what = ['--create', '--topic', topic, '--partitions', '2', '--replication-factor', String(replicas)];
  return runJava([...tool, ...what]);
}

test('one KRaft broker: topics, bytes on disk, CPU time, a pause, a kill and a restart with its data', async () => {
  const cluster = await startLocalCluster({ brokers: 1 });
  try {
    await createTopic(cluster, 'orders');
    await until('both partitions have a log', async () => (await cluster.topicBytes('orders')) === 0);
    assert.is(await cluster.topicBytes('order'), null);
    const perf = ['-cp', cluster.jars, 'org.apache.kafka.tools.ProducerPerformance', '--topic', 'orders'];
    const load = ['--num-records', '1000', '--record-size', '100', '--throughput', '-1'];
    await runJava([...perf, ...load, '--producer-props', `bootstrap.servers=${cluster.bootstrapServers}`]);
    const bytes = (await cluster.topicBytes('orders')) ?? 0;
    assert.ok(bytes > 100_000 && bytes < 200_000, `${bytes} B for 1000 records of 100 B`);
    assert.ok((cluster.cpu()?.cpuUs ?? 0) > 500_000);

    cluster.signalBroker(0, 'SIGSTOP');
    assert.not.ok(await answers(cluster.bootstrapServers, true, 300));
    cluster.signalBroker(0, 'SIGCONT');
    assert.ok(await answers(cluster.bootstrapServers, true, 10_000));

    const before = cluster.brokers[0]?.pid;
    cluster.signalBroker(0, 'SIGKILL');
    await until('the broker ends', () => cluster.brokers[0]?.alive === false);
    await cluster.restartBroker(0);
    assert.is.not(cluster.brokers[0]?.pid, before);
    assert.is(await cluster.topicBytes('orders'), bytes);
  } finally {
    await cluster.stop();
  }
  assert.not.ok(existsSync(cluster.folder));
  assert.ok(cluster.brokers.every((broker) => !broker.alive));
});

test('a broker that cannot start gives the cause in its last log lines, and exit 2', async () => {
  // The first is found when the storage is formatted, the second when the broker starts.
  for (const [key, value] of [
    ['log.cleaner.threads', '-1'],
    ['metric.reporters', 'no.such.Reporter'],
  ] as const) {
    try {
      const cluster = await startLocalCluster({ brokers: 1, brokerConfigs: { [key]: value } });
      await cluster.stop();
    } catch (error) {
      assert.instance(error, KsweepError);
      const { code, exitStatus, details } = error as KsweepError;
      assert.is(code, 'cluster-failed');
      assert.is(exitStatus, EXIT.harness);
      assert.match(details.join('\n'), new RegExp(`${key}|${value}`));
      continue;
    }
    assert.unreachable(`it started with ${key}=${value}`);
  }
});

interface Status {
  readonly state: string;
  readonly brokers: readonly { readonly pid: number; readonly state: string }[];
}

test('ksweep cluster: three KRaft brokers from KAFKA_HOME; a run that pauses one and is cut off leaves it running', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  const home = join(folder, 'kafka');
  mkdirSync(home);
  symlinkSync(await kafkaJars(DEFAULT_KAFKA_VERSION), join(home, 'libs'));
  const env = { ...process.env, KSWEEP_STATE: join(folder, 'state'), KAFKA_HOME: home };
  const cluster = (...words: string[]) => ksweep(['cluster', ...words, '--name', 'three', '--json'], env);
  const status = async (): Promise<Status> => JSON.parse((await cluster('status')).stdout);
  try {
    const up = await cluster('up', '--brokers', '3');
    assert.is(up.code, EXIT.pass, up.stderr);
    const { bootstrapServers } = JSON.parse(up.stdout);
    const before = await status();
    assert.is(before.state, 'up');
    await createTopic({ jars: join(home, 'libs', '*'), bootstrapServers }, 'orders', 3);

    const file = join(folder, 'pause.json');
    const workload = {
      name: 'pause',
      records: { corpus: '1MiB' },
      load: { rate: 100, warmup: '1s', duration: '60s' },
      disruptions: [{ at: '100ms', action: 'pause-broker', target: 2, for: '59s' }],
    };
    writeFileSync(file, JSON.stringify(workload));
    const run = startKsweep(
      ['run', file, '--bootstrap-server', bootstrapServers, '--results', join(folder, 'results')],
      env,
    );
    const paused = async (): Promise<boolean> => {
      if (run.child.exitCode !== null) throw new Error(`it ended too soon: ${(await run.ended).stderr}`);
      return (await status()).brokers[2]?.state === 'stuck';
    };
    await until('the broker is paused', paused, 60_000);
    // Both stop a run. Two of one kind that come at once are seen as one, and a second that comes later may find it stopped.
    run.child.kill('SIGINT');
    run.child.kill('SIGTERM');
    const { code, stderr } = await run.ended;
    assert.is(code, EXIT.interrupted, stderr);
    await until('the broker runs again', async () => (await status()).state === 'up');
    assert.equal(
      (await status()).brokers.map(({ pid }) => pid),
      before.brokers.map(({ pid }) => pid),
    );
  } finally {
    await cluster('down');
    rmSync(folder, { recursive: true, force: true });
  }
});

test('ksweep cluster: Kafka 3.9.2 on an ensemble of three ZooKeepers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  const env = { ...process.env, KSWEEP_STATE: folder };
  const cluster = (...words: string[]) => ksweep(['cluster', ...words, '--json'], env);
  try {
    const shape = ['--brokers', '2', '--mode', 'zookeeper', '--ensemble', '3', '--kafka-version', '3.9.2'];
    const up = await cluster('up', ...shape);
    assert.is(up.code, EXIT.pass, up.stderr);
    const { bootstrapServers, kafkaVersion } = JSON.parse(up.stdout);
    assert.is(kafkaVersion, '3.9.2');
    const { nodes, jars } = JSON.parse(readFileSync(join(folder, 'local.json'), 'utf8'));
    assert.equal(
      nodes.map(({ role }: { role: string }) => role),
      ['zookeeper', 'zookeeper', 'zookeeper', 'broker', 'broker'],
    );
    await createTopic({ jars: join(jars, '*'), bootstrapServers }, 'orders', 2);
    assert.is((await cluster('status')).code, EXIT.pass);
  } finally {
    await cluster('down');
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
