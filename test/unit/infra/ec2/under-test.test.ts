import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { burstableNotes, burstingNotes } from '../../../../bench/run/judge/hardware-notes.ts';
import { ansibleInventory } from '../../../../infra/ec2/inventory.ts';
import { brokerHardware, provisionedUnderTest } from '../../../../infra/ec2/under-test.ts';
import { catalog, inventory, shippedSpec } from '../../../support/ec2-spec.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('a provisioned cluster under test');

test('from inside by private addresses, from outside by the outer listener, or not at all', () => {
  const closed = inventory('kraft-m7g.yaml');
  const [first] = closed.hosts;
  const inside = provisionedUnderTest(closed, catalog, [first?.privateIp ?? '']);
  assert.is(inside.info.bootstrapServers.split(',').length, 3);
  assert.match(inside.info.bootstrapServers, /^10\.0\.0\.3:9092,/);
  assert.throws(
    () => provisionedUnderTest(closed, catalog, ['198.51.100.1']),
    /listens only to its own hosts/,
  );
  const open = provisionedUnderTest(inventory('kraft-m7g.yaml', 'm7g.large', true), catalog, []);
  assert.match(open.info.bootstrapServers, /^192\.0\.2\.3:9094,/);
});

test('generators on its own hosts use private addresses, while this machine uses the outer listener', () => {
  const open = inventory('kraft-m7g.yaml', 'm7g.large', true);
  const load = open.hosts.flatMap(({ name, role }) => (role === 'load' ? [name] : []));
  const there = provisionedUnderTest(open, catalog, [], load);
  assert.match(String(there.connection['bootstrap.servers']), /^192\.0\.2\.3:9094,/);
  assert.match(String(there.loadConnection?.['bootstrap.servers']), /^10\.0\.0\.3:9092,/);
  assert.is(provisionedUnderTest(open, catalog, []).loadConnection, undefined);
  assert.is(provisionedUnderTest(open, catalog, [], ['elsewhere']).loadConnection, undefined);
  assert.is(provisionedUnderTest(open, catalog, [], [...load, 'elsewhere']).loadConnection, undefined);
  const inside = provisionedUnderTest(open, catalog, [open.hosts[0]?.privateIp ?? ''], load);
  assert.match(String(inside.connection['bootstrap.servers']), /^10\.0\.0\.3:9092,/);
  assert.is(inside.loadConnection, undefined);
  assert.throws(
    () => provisionedUnderTest(inventory('kraft-m7g.yaml'), catalog, [], load),
    /listens only to/,
  );
});

test('a load host’s network is known by the baseline of its type', () => {
  const own = inventory('kraft-m7g.yaml', 'm7g.large', true);
  const { loadHostNetworks } = provisionedUnderTest(own, catalog, []);
  const load = own.hosts.filter(({ role }) => role === 'load');
  assert.ok(load.length > 0);
  assert.equal(
    Object.entries(loadHostNetworks ?? {}),
    load.map(({ name, instanceType }) => [
      name,
      (catalog.instances.get(instanceType)?.network.baselineGbps ?? 0) * 1.25e8,
    ]),
  );
});

test('Ansible gets groups, ids and data devices as the playbooks want them', () => {
  const { spec } = shippedSpec('notes.yaml');
  const notes = inventory('notes.yaml', 't2.medium');
  const { all } = parse(ansibleInventory(spec, notes)) as {
    all: {
      vars: Record<string, unknown>;
      children: Record<string, { hosts: Record<string, Record<string, unknown>> }>;
    };
  };
  assert.equal(Object.keys(all.children).sort(), ['ansible', 'controllers', 'kafka', 'load', 'zookeeper']);
  assert.is(all.children['zookeeper']?.hosts['peter-zk03.foo.bar']?.['zookeeper_myid'], 3);
  assert.is(all.children['kafka']?.hosts['peter-kafka01.foo.bar']?.['kafka_data_device'], '/dev/xvdf');
  assert.is(all.vars['kafka_mode'], 'zookeeper');
  const nitro = parse(ansibleInventory(shippedSpec('kraft-m7g.yaml').spec, inventory('kraft-m7g.yaml'))) as {
    all: typeof all;
  };
  assert.is(
    nitro.all.children['kafka']?.hosts['kafka01.bench.internal']?.['kafka_data_device'],
    '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0abc',
  );
  const within = parse(ansibleInventory(spec, notes, 'ansible-host')) as { all: typeof all };
  assert.match(
    String(within.all.children['kafka']?.hosts['peter-kafka01.foo.bar']?.['ansible_host']),
    /^10\./,
  );
});

test('hardware goes into the manifest, and CPU credits and bursts are marked', () => {
  const hardware = brokerHardware(inventory('notes.yaml', 't2.medium'), catalog);
  assert.is(hardware['instanceType'], 't2.medium');
  assert.is(hardware['cpuCredits'], 'standard');
  assert.match(burstableNotes(hardware)[0]?.message ?? '', /CPU credits \(t2\.medium, credits standard\)/);
  const steady = brokerHardware(inventory('kraft-m7g.yaml'), catalog);
  assert.equal(burstableNotes(steady), []);
  assert.equal(burstableNotes(null), []);
  const baseline = Number(steady['networkBaselineBytesPerSec']);
  assert.ok(baseline > 0);
  const at = (perSec: number) =>
    burstingNotes(
      { bytes: { wirePerRecord: 1000 }, rate: { achievedPerSec: perSec / 1000 } } as never,
      steady,
      { replicationFactor: 3, groups: 1 },
    );
  // Three replicas on three brokers: each takes in what is produced, and sends it to its group and two replicas.
  assert.equal(
    at(baseline * 0.99).filter(({ message }) => /network/.test(message)),
    [],
  );
  assert.match(
    at(baseline * 1.05)
      .map(({ message }) => message)
      .join(),
    /above the network baseline of m7g\.large/,
  );
});

test.run();
