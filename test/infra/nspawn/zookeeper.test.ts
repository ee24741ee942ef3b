import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { ClusterCheck, skipWhereImpossible } from './cluster-check.ts';
import { Hosts } from './hosts.ts';
import { bringNpm } from './npm.ts';

const SERVERS = ['peter-zk01.foo.bar', 'peter-zk02.foo.bar', 'peter-zk03.foo.bar'];
const BROKERS = ['peter-kafka01.foo.bar', 'peter-kafka02.foo.bar', 'peter-kafka03.foo.bar'];
const LOAD = BROKERS.slice(2);
const test = suite('Ansible with ZooKeeper', { timeoutMs: 900_000 });

// The notes' cluster: six hosts, Kafka 3.9 on ZooKeeper 3.8.
if (!skipWhereImpossible(test)) {
  const hosts = new Hosts([...SERVERS, ...BROKERS]);
  const cluster = new ClusterCheck(hosts, BROKERS);
  test.before(async () => {
    await hosts.up();
    await bringNpm(hosts, LOAD);
    hosts.inventory(
      { zookeeper: SERVERS, kafka: BROKERS, load: LOAD },
      { kafka_mode: 'zookeeper', load_install_packages: false },
    );
  });
  test.after(() => hosts.down());

  test('site.yml makes a healthy cluster with one leader of the ensemble', async () => {
    await cluster.play('site');
    await cluster.produce('before-anything');
    const answers = await Promise.all(
      SERVERS.map((name) =>
        hosts.ssh(
          name,
          'exec 3<>/dev/tcp/$(hostname)/2181; printf srvr >&3; cat <&3; cat /var/lib/zookeeper/myid',
        ),
      ),
    );
    assert.is(answers.filter((answer) => answer.includes('Mode: leader')).length, 1);
    assert.is(answers.filter((answer) => answer.includes('Mode: follower')).length, 2);
    assert.equal(
      answers.map((answer) => answer.trim().split('\n').at(-1)),
      ['1', '2', '3'],
    );
  });

  test('a second run changes nothing', async () => {
    await cluster.playUnchanged('site');
    assert.equal(await cluster.consume(), ['before-anything']);
  });

  test('smoke.yml passes', () => cluster.play('smoke'));

  test('a boot of all hosts brings ensemble and brokers back with their data', async () => {
    // A broker whose ensemble is gone first waits for it until systemd's limit.
    await hosts.off(BROKERS);
    await hosts.off(SERVERS);
    await hosts.on();
    await cluster.healthy();
    assert.equal(await cluster.consume(), ['before-anything']);
  });

  test('stop.yml stops brokers before the ensemble, start.yml brings both back', async () => {
    await cluster.play('stop');
    for (const name of SERVERS) {
      assert.is((await hosts.ssh(name, 'systemctl is-active zookeeper-server || true')).trim(), 'inactive');
    }
    await cluster.play('start');
    assert.equal(await cluster.consume(), ['before-anything']);
  });
}
test.run();
