import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { LocalClusterStatus } from '../../infra/local/named.ts';
import { ksweep } from '../support/cli.ts';
import { FakeKafka } from '../support/fake-kafka.ts';
import { suite } from '../support/suite.ts';
import { until } from '../support/until.ts';

const test = suite('ksweep cluster');
const fake = new FakeKafka();
const env = { ...process.env, ...fake.env };
test.after(() => fake.remove());

const cluster = (...words: string[]) => ksweep(['cluster', ...words], env);
async function statusOf(name: string): Promise<{ code: number | null; told: LocalClusterStatus }> {
  const { code, stdout } = await cluster('status', '--name', name, '--json');
  return { code, told: JSON.parse(stdout) as LocalClusterStatus };
}

test('its help names every option', async () => {
  const options = {
    up: ['--name', '--brokers', '--kafka-version', '--mode', '--ensemble', '--keep', '--json'],
    status: ['--name', '--json'],
    down: ['--name', '--keep', '--json'],
  };
  for (const [command, names] of Object.entries(options)) {
    const { code, stdout } = await cluster(command, '--help');
    assert.is(code, 0);
    for (const name of names) assert.match(stdout, `${name} `.trimEnd());
  }
});

test('what cannot be asked for is refused with 1, and starts nothing', async () => {
  const cases: [string[], RegExp][] = [
    [['up', '--brokers', '6'], /1 to 5 brokers, not 6/],
    [['up', '--brokers', 'two'], /--brokers two: expected a whole number/],
    [['up', '--mode', 'zokeeper'], /did you mean zookeeper/],
    [['up', '--mode', 'zookeeper'], /Kafka 4\.3\.0 has no ZooKeeper mode/],
    [['up', '--brokers', '3', '--ensemble', '2'], /1 or 3 nodes/],
    [['up', '--kafka-version', '2.6.0'], /KAFKA_HOME holds Kafka 4\.3\.0, not 2\.6\.0/],
    [['up', '--name', '../escape'], /is not a name for a cluster/],
    [['ups'], /unknown command 'ups'/],
  ];
  for (const [words, message] of cases) {
    const { code, stderr } = await cluster(...words);
    assert.is(code, 1, `${words.join(' ')}: ${stderr}`);
    assert.match(stderr, message);
  }
  assert.equal(readdirSync(fake.env['TMPDIR'] ?? ''), []);
});

test('a named cluster: up, a broker that stops, one that dies, up again, down, and down again', async () => {
  const up = await cluster('up', '--name', 'night.1', '--brokers', '2', '--json');
  assert.is(up.code, 0, up.stderr);
  const started = JSON.parse(up.stdout);
  assert.equal(
    [started.name, started.kafkaVersion, started.mode, started.brokers.length],
    ['night.1', '4.3.0', 'kraft', 2],
  );
  assert.is(started.bootstrapServers.split(',').length, 2);
  try {
    const all = await statusOf('night.1');
    assert.equal([all.code, all.told.state, all.told.folder], [0, 'up', started.folder]);
    const again = await cluster('up', '--name', 'night.1');
    assert.is(again.code, 1);
    assert.match(again.stderr, 'local cluster "night.1" runs already');

    const [first, second] = all.told.brokers;
    process.kill(first?.pid ?? 0, 'SIGSTOP');
    process.kill(second?.pid ?? 0, 'SIGKILL');
    let seen = await statusOf('night.1');
    await until('one is stuck and one dead', async () => {
      seen = await statusOf('night.1');
      return seen.told.brokers.map(({ state }) => state).join() === 'stuck,dead';
    });
    assert.equal([seen.code, seen.told.state], [2, 'down']);
    process.kill(first?.pid ?? 0, 'SIGCONT');
    assert.equal((await statusOf('night.1')).told.state, 'degraded');
    const text = await cluster('status', '--name', 'night.1');
    assert.is(text.code, 2);
    assert.match(text.stdout, 'night.1: Apache Kafka 4.3.0 (kraft), degraded');
    assert.match(text.stdout, /broker 2 {2}127\.0\.0\.1:\d+ {2}pid \d+ {2}dead/);
  } finally {
    const down = await cluster('down', '--name', 'night.1', '--json');
    assert.equal(JSON.parse(down.stdout), { name: 'night.1', stopped: true, keptFolder: null });
  }
  assert.not.ok(existsSync(started.folder));
  const twice = await cluster('down', '--name', 'night.1', '--json');
  assert.equal([twice.code, JSON.parse(twice.stdout).stopped], [0, false]);
  const none = await statusOf('night.1');
  assert.equal([none.code, none.told.state], [2, 'none']);
});

test('--keep: down tells where the data stay', async () => {
  assert.is((await cluster('up', '--keep')).code, 0);
  const { code, stderr } = await cluster('down');
  assert.is(code, 0);
  const [, folder = ''] = /its data kept in (\S+)/.exec(stderr) ?? [];
  assert.ok(existsSync(join(folder, 'broker-1', 'data')), stderr);
});

test('a broker that does not start: its last log lines, exit 2, and no cluster of that name', async () => {
  const { code, stderr } = await ksweep(['cluster', 'up'], { ...env, FAKE_JAVA: 'dies' });
  assert.is(code, 2);
  assert.match(stderr, 'broker 1 ended while it started');
  assert.match(stderr, 'ERROR the disk is on fire');
  assert.is((await cluster('status')).code, 2);
});

test.run();
