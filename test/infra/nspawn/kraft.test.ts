import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { suite } from '../../support/suite.ts';
import { Aws } from './aws.ts';
import { ClusterCheck, skipWhereImpossible } from './cluster-check.ts';
import { Hosts } from './hosts.ts';
import { loadDuring } from './load.ts';
import { bringNpm } from './npm.ts';
import { lookAtPeers, runOnCluster } from './provisioned-run.ts';

const BROKERS = ['peter-kafka01.foo.bar', 'peter-kafka02.foo.bar', 'peter-kafka03.foo.bar'];
const LOAD = ['peter-load01.foo.bar', 'peter-load02.foo.bar'];
const OPERATOR = '10.77.77.1';
const test = suite('Ansible with KRaft', { timeoutMs: 900_000 });

if (!skipWhereImpossible(test)) {
  const hosts = new Hosts([...BROKERS, ...LOAD]);
  const cluster = new ClusterCheck(hosts, BROKERS);
  const aws = new Aws(hosts);
  test.before(async () => {
    await hosts.up();
    await bringNpm(hosts, LOAD);
    hosts.inventory(
      { kafka: BROKERS, controllers: [], zookeeper: [], load: LOAD, ansible: [] },
      {
        kafka_mode: 'kraft',
        kafka_external_listener: true,
        kafka_jmx_exporter: true,
        load_install_packages: false,
      },
    );
  });
  test.after(async () => {
    await aws.stop();
    await hosts.down();
  });

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

  /** What a command that ssh brings to a load host finds. */
  const helloOf = (name: string): Promise<string> => hosts.ssh(name, 'ksweep agent --stdio');

  test('a second run changes nothing, and finds the operator’s ksweep on the load hosts', async () => {
    await cluster.playUnchanged('site');
    assert.equal(await cluster.consume(), ['before-anything']);
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
    for (const name of LOAD) assert.match(await helloOf(name), `ksweep-agent {"version":"${version}"`);
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

  test('infra up, and then a run by --cluster alone is loaded from the cluster’s load hosts', async () => {
    await aws.start();
    await aws.addUsers();
    const up = await aws.ksweep('infra', 'up', '--spec', aws.spec(), '--yes');
    assert.is(up.status, 0, up.stderr.slice(-3000));
    assert.match(up.stdout, /ksweep run WORKLOAD --cluster kraft-m7g/);
    for (const name of LOAD) {
      assert.match(await hosts.ssh(name, 'readlink /usr/local/bin/ksweep'), /^\/home\/ec2-user\/\.ksweep\//);
    }

    const check = await aws.ksweep('agents', 'check', '--cluster', 'kraft-m7g', '--json');
    assert.is(check.status, 0, check.stdout + check.stderr);
    const inner = BROKERS.map((name) => `${hosts.addressOf(name)}:9092`);
    for (const { brokers } of JSON.parse(check.stdout)) {
      assert.equal(
        brokers.map(({ address }: { address: string }) => address),
        inner,
      );
    }

    const peers = new Map([9092, 9094].map((port) => [port, new Set<string>()]));
    const looking = lookAtPeers(hosts, BROKERS[0] ?? '', peers);
    const { run, manifest, results } = await runOnCluster(aws, hosts).finally(() => looking.stop());
    await looking.ended;
    assert.match(run.stderr, /load from kraft-m7g's own load hosts/, run.stderr);
    assert.equal((manifest.loadHosts ?? []).map(({ name }) => name).sort(), LOAD);
    const last = results.at(-1);
    assert.ok(last !== undefined, run.stderr);
    assert.is.not(last.outcome, 'failed', JSON.stringify(last.reasons));
    assert.ok(last.counts.acknowledged > 0);
    assert.is(last.counts.lost, 0);
    assert.is(last.counts.received, last.counts.acknowledged);
    for (const { name, producers, consumers } of last.loadHosts?.hosts ?? []) {
      assert.equal([LOAD.includes(name), producers, consumers], [true, 1, 1]);
    }
    // Generators by private addresses, and who observes them by the outer listener.
    for (const name of LOAD) assert.ok(peers.get(9092)?.has(hosts.addressOf(name)), `${name} at 9092`);
    assert.equal([...(peers.get(9094) ?? [])], [OPERATOR]);
    assert.not.ok(peers.get(9092)?.has(OPERATOR));
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
