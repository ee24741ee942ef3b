import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';
import { startLocalCluster } from '../../infra/local/cluster.ts';
import { localClusterStatus, stopNamedCluster } from '../../infra/local/named.ts';
import { FakeKafka } from '../support/fake-kafka.ts';
import { isRunning } from '../support/processes.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('when the owner of a local cluster is gone');
const fake = new FakeKafka();
test.before(() => fake.use());
test.after(() => fake.remove());

const CLUSTER = pathToFileURL(join(packageRoot(), 'dist', 'infra', 'local', 'cluster.js')).href;

/** Runs a program against infra/local/cluster.ts in a process of its own, until it prints a line of JSON. */
async function owner<T>(program: string): Promise<{ child: ChildProcess; told: T }> {
  const imports = `import { attachLocalCluster, startLocalCluster } from ${JSON.stringify(CLUSTER)};`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${imports}\n${program}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, told: JSON.parse(line) as T };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('kill -9 with keep: the broker is shut down cleanly and its data stay', async () => {
  const { child, told } = await owner<{ folder: string; pid: number }>(`
    const { folder, brokers } = await startLocalCluster({ brokers: 1, keep: true });
    console.log(JSON.stringify({ folder, pid: brokers[0].pid }));
    setInterval(() => {}, 1000);`);
  await kill(child);
  await until('the broker ends', () => !isRunning(told.pid));
  assert.match(readFileSync(join(told.folder, 'broker-1', 'node.log'), 'utf8'), 'shut down completed');
  assert.ok(existsSync(join(told.folder, 'broker-1', 'data')));
});

test('kill -9 without keep, after a restart: no broker and no data stay', async () => {
  const { child, told } = await owner<{ folder: string; pid: number }>(`
    const cluster = await startLocalCluster({ brokers: 1 });
    await cluster.restartBroker(0);
    console.log(JSON.stringify({ folder: cluster.folder, pid: cluster.brokers[0].pid }));
    setInterval(() => {}, 1000);`);
  assert.ok(isRunning(told.pid));
  await kill(child);
  await until('broker and folder go', () => !isRunning(told.pid) && !existsSync(told.folder));
});

test('brokers of a cluster that stays are brought back: after kill -9, and after an exit at once', async () => {
  await startLocalCluster({ brokers: 2, detachedAs: 'shared' });
  try {
    const attach = `const cluster = attachLocalCluster(${JSON.stringify(join(fake.env['KSWEEP_STATE'] ?? '', 'shared.json'))});`;
    const states = async (): Promise<string[] | undefined> =>
      (await localClusterStatus('shared'))?.brokers.map(({ state }) => state);
    const first = await owner<number>(`${attach}
      cluster.signalBroker(0, 'SIGSTOP');
      cluster.signalBroker(1, 'SIGKILL');
      console.log(cluster.brokers[0].pid);
      setInterval(() => {}, 1000);`);
    assert.is((await states())?.[0], 'stuck');
    await kill(first.child);
    await until('both brokers are up', async () => (await states())?.join() === 'up,up');
    assert.is((await localClusterStatus('shared'))?.brokers[0]?.pid, first.told, 'it was only paused');

    // As after a second Ctrl-C; the one that was brought back already is left alone.
    const second = await owner<number>(`${attach}
      cluster.signalBroker(1, 'SIGKILL');
      await cluster.restartBroker(1);
      cluster.signalBroker(0, 'SIGSTOP');
      console.log(cluster.brokers[1].pid);
      process.exit(130);`);
    await until('both brokers are up', async () => (await states())?.join() === 'up,up');
    assert.is((await localClusterStatus('shared'))?.brokers[1]?.pid, second.told, 'it was not started again');
  } finally {
    await stopNamedCluster('shared', false);
  }
  assert.is(await localClusterStatus('shared'), undefined);
});

test.run();
