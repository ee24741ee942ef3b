import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.ts';
import { ClusterCheck, skipWhereImpossible } from './cluster-check.ts';
import { Hosts } from './hosts.ts';
import { loadDuring } from './load.ts';

const BROKERS = ['peter-kafka01.foo.bar', 'peter-kafka02.foo.bar', 'peter-kafka03.foo.bar'];
const test = suite('Ansible with KRaft', { timeoutMs: 900_000 });

if (!skipWhereImpossible(test)) {
  const hosts = new Hosts(BROKERS);
  const cluster = new ClusterCheck(hosts, BROKERS);
  test.before(async () => {
    await hosts.up();
    hosts.inventory(
      { kafka: BROKERS, controllers: [], zookeeper: [], load: [], ansible: [] },
      { kafka_mode: 'kraft', kafka_external_listener: true, kafka_jmx_exporter: true },
    );
  });
  test.after(() => hosts.down());

  test('site.yml makes a healthy cluster of an own user, with limits, metrics and settings', async () => {
    await cluster.play('site');
    await cluster.produce('before-anything');
    const [first = ''] = BROKERS;
    assert.is((await hosts.ssh(first, 'systemctl is-enabled kafka-server')).trim(), 'enabled');
    assert.is(
      (await hosts.ssh(first, 'ps -o user= -p $(systemctl show -P MainPID kafka-server)')).trim(),
      'kafka',
    );
    assert.match(
      await hosts.ssh(first, 'tr "\\0" " " </proc/$(systemctl show -P MainPID kafka-server)/cmdline'),
      /-Xmx512m/,
    );
    assert.match(
      await hosts.ssh(first, 'cat /etc/systemd/system/kafka-server.service'),
      /^LimitNOFILE=100000$/m,
    );
    assert.match(await hosts.ssh(first, 'cat /etc/sysctl.d/90-kafka.conf'), /^vm\.swappiness = 1$/m);
    assert.match(
      await hosts.ssh(
        first,
        'exec 3<>/dev/tcp/127.0.0.1/7071; printf "GET /metrics HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3',
      ),
      /^kafka_server_replicamanager_underreplicatedpartitions\S* 0\.0$/m,
    );
  });

  test('a second run changes nothing', async () => {
    await cluster.playUnchanged('site');
    assert.equal(await cluster.consume(), ['before-anything']);
  });

  test('smoke.yml passes, and fails where the topic is somebody else’s', async () => {
    await cluster.play('smoke');
    await cluster.topics(
      '--create',
      '--topic',
      'peter-overview01',
      '--partitions',
      '1',
      '--replication-factor',
      '3',
    );
    const refused = await hosts.playbook('smoke');
    assert.is.not(refused.status, 0);
    assert.match(refused.output, /already exists/);
    assert.match(await cluster.topics('--list'), /^peter-overview01$/m);
    await cluster.topics('--delete', '--topic', 'peter-overview01');
  });

  test('a change of configuration restarts the brokers one by one', async () => {
    const before = await cluster.startTimes();
    await cluster.play('site', '-e', '{"kafka_broker_configs": {"log.retention.hours": 24}}');
    const after = await cluster.startTimes();
    for (const [index, time] of after.entries()) {
      assert.ok(time > (before[index] ?? 0), `${BROKERS[index]} was restarted`);
      assert.ok(time > (after[index - 1] ?? 0), `${BROKERS[index]} came after the one before it`);
    }
    assert.match(
      await hosts.ssh(BROKERS[0] ?? '', 'cat /etc/kafka/server.properties'),
      /^log\.retention\.hours=24$/m,
    );
    assert.equal(await cluster.consume(), ['before-anything']);
  });

  test('a boot of all hosts brings the brokers back with their data', async () => {
    await hosts.off();
    await hosts.on();
    await cluster.healthy();
    assert.equal(await cluster.consume(), ['before-anything']);
  });

  test('stop.yml and start.yml: clean, and with their data', async () => {
    await cluster.play('stop');
    for (const name of BROKERS) {
      assert.is((await hosts.ssh(name, 'systemctl is-active kafka-server || true')).trim(), 'inactive');
    }
    await cluster.play('start');
    assert.equal(await cluster.consume(), ['before-anything']);
  });

  test('rolling-restart.yml under load of ksweep with acks=all loses nothing', async () => {
    const before = await cluster.startTimes();
    const servers = BROKERS.map((name) => `${hosts.addressOf(name)}:9094`).join(',');
    // Of three replicas two have to have a record before it is acknowledged.
    await cluster.topics(
      ...['--create', '--topic', 'ksweep-load', '--partitions', '6', '--replication-factor', '3'],
      ...['--config', 'min.insync.replicas=2'],
    );
    const load = await loadDuring(
      hosts,
      servers,
      'ksweep-load',
      () => cluster.loadArrives(),
      () => cluster.play('rolling-restart'),
    );

    for (const [index, time] of (await cluster.startTimes()).entries()) {
      assert.ok(time > (before[index] ?? 0), `${BROKERS[index]} was restarted`);
    }
    assert.equal(load.failures, []);
    assert.ok(load.repeats >= 2 && load.due > 0, `${load.repeats} repeats`);
    assert.ok(load.acknowledged > 0.9 * load.due, `${load.acknowledged} of ${load.due} acknowledged`);
    assert.is(load.lost, 0);
    assert.equal(await cluster.consume(), ['before-anything']);
  });
}
test.run();
