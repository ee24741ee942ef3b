import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { EXIT, KsweepError } from '../../bench/errors.ts';
import { packageRoot } from '../../bench/package-root.ts';
import { type LocalCluster, startLocalCluster } from '../../infra/local/cluster.ts';
import { runJava } from '../../infra/local/launch.ts';
import { isAlive, processId } from '../../infra/local/processes.ts';
import { answers } from '../../infra/local/ready.ts';
import { suite } from '../support/suite.ts';

const test = suite('local cluster', { timeoutMs: 90_000 });

async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function createTopic(cluster: LocalCluster, topic: string): Promise<string> {
  const tool = ['-cp', cluster.jars, 'org.apache.kafka.tools.TopicCommand'];
  const what = ['--create', '--topic', topic, '--partitions', '2', '--replication-factor', '1'];
  return runJava([...tool, '--bootstrap-server', cluster.bootstrapServers, ...what]);
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

test('Kafka 3.9 on ZooKeeper', async () => {
  const cluster = await startLocalCluster({ brokers: 1, mode: 'zookeeper' });
  try {
    assert.is(cluster.kafkaVersion, '3.9.2');
    await createTopic(cluster, 'orders');
    await until('both partitions have a log', async () => (await cluster.topicBytes('orders')) === 0);
  } finally {
    await cluster.stop();
  }
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

test('kill -9 of the process that owns it leaves no broker and no data', async () => {
  const entry = pathToFileURL(join(packageRoot(), 'dist', 'infra', 'local', 'cluster.js')).href;
  const code = `import { startLocalCluster } from ${JSON.stringify(entry)};
    const { folder, brokers } = await startLocalCluster({ brokers: 1 });
    console.log(JSON.stringify({ folder, pid: brokers[0].pid }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(owner, 'exit');
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  const { folder, pid } = JSON.parse(line) as { folder: string; pid: number };
  const broker = processId(pid);
  assert.ok(broker !== undefined && existsSync(folder));
  owner.kill('SIGKILL');
  await ended;
  await until('the broker ends', () => broker !== undefined && !isAlive(broker));
  await until('its folder is removed', () => !existsSync(folder));
});

test('ksweep cluster up, status and down', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  const run = async (...args: string[]): Promise<{ code: number | null; json: Record<string, unknown> }> => {
    const program = `import { Command } from 'commander';
      import { registerCluster } from ${JSON.stringify(pathToFileURL(join(packageRoot(), 'dist/bench/commands/cluster.js')).href)};
      const program = new Command(); registerCluster(program);
      await program.parseAsync(['node', 'ksweep', ...process.argv.slice(1)]);`;
    const child: ChildProcess = spawn(
      process.execPath,
      ['--input-type=module', '-e', program, '--', 'cluster', ...args, '--json'],
      {
        cwd: packageRoot(),
        // The jars come from the usual cache, the state goes to one of this test.
        env: { ...process.env, KSWEEP_STATE: cache },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, json: JSON.parse(out) as Record<string, unknown> };
  };
  try {
    assert.is((await run('status')).code, EXIT.harness);
    const up = await run('up', '--name', 'nightly');
    assert.is(up.code, EXIT.pass);
    const status = await run('status', '--name', 'nightly');
    assert.is(status.code, EXIT.pass);
    assert.is(status.json['state'], 'up');
    const [broker] = status.json['brokers'] as { pid: number }[];
    process.kill(broker?.pid ?? 0, 'SIGSTOP');
    const stuck = await run('status', '--name', 'nightly');
    assert.is(stuck.code, EXIT.harness);
    assert.is((stuck.json['brokers'] as { state: string }[])[0]?.state, 'stuck');
    const down = await run('down', '--name', 'nightly');
    assert.equal(down.json, { name: 'nightly', stopped: true, keptFolder: null });
    assert.not.ok(existsSync(String(up.json['folder'])));
    assert.is((await run('status', '--name', 'nightly')).json['state'], 'none');
  } finally {
    await run('down', '--name', 'nightly');
    rmSync(cache, { recursive: true, force: true });
  }
});

test.run();
