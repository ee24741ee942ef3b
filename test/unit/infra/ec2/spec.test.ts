import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { candidatesOf, hostsOf, zoneOf } from '../../../../infra/ec2/hosts.ts';
import { overBudget, priceOf } from '../../../../infra/ec2/price.ts';
import { specNotes, specProblems } from '../../../../infra/ec2/spec.ts';
import type { ClusterSpec } from '../../../../infra/ec2/spec-schema.ts';
import { catalog, shippedSpec } from '../../../support/ec2-spec.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('a cluster’s file');

function changed(change: (spec: ClusterSpec) => void, file = 'kraft-m7g.yaml'): string[] {
  const spec = structuredClone(shippedSpec(file).spec);
  change(spec);
  return specProblems(spec, catalog).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('every shipped one is valid and within its budget', () => {
  const files = readdirSync(join(packageRoot(), 'infra', 'clusters'));
  assert.is(files.length, 3);
  const prices = catalog.prices.get('us-east-1');
  if (prices === undefined) throw new Error('no prices');
  for (const file of files) {
    const { spec } = shippedSpec(file);
    assert.is(overBudget(spec, priceOf(spec, prices)), undefined, file);
  }
});

test('hosts are named by role and number, and spread over the zones', () => {
  const { spec } = shippedSpec('notes.yaml');
  assert.equal(
    hostsOf(spec).map(({ name }) => name.split('.')[0]),
    [
      'peter-zk01',
      'peter-zk02',
      'peter-zk03',
      'peter-kafka01',
      'peter-kafka02',
      'peter-kafka03',
      'peter-ansible01',
    ],
  );
  const role = spec.roles.broker;
  const [first] = candidatesOf(spec, role);
  if (first === undefined) throw new Error('no candidate');
  assert.equal(
    [1, 2, 3, 4].map((number) => zoneOf(spec, role, first, number)),
    ['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1a'],
  );
});

test('a role falls back to other zones first, then to other types; in one placement group all share a zone', () => {
  const { spec } = shippedSpec('spot-nightly.yaml');
  const load = { ...spec.roles.broker, count: 1 };
  assert.equal(
    candidatesOf(spec, load).map(({ instanceType, firstZone }) => `${instanceType} ${firstZone}`),
    ['m6i.large 0', 'm6i.large 1', 'm6i.large 2', 'm5.large 0', 'm5.large 1', 'm5.large 2'],
  );
  assert.is(candidatesOf(spec, spec.roles.broker).length, 2);
  const grouped = { ...spec.roles.broker, placement: 'cluster' as const };
  assert.is(zoneOf(spec, grouped, { instanceType: 'm6i.large', firstZone: 1 }, 3), 'us-east-1b');
});

test('what AWS or Kafka would refuse is refused here, by its key', () => {
  const cases: readonly [(spec: ClusterSpec) => void, RegExp][] = [
    [(spec) => spec.zones.push('eu-central-1a'), /^zones\.3: .*not in us-east-1/],
    [
      (spec) => Object.assign(spec, { operatorCidr: '0.0.0.0/0' }),
      /^operatorCidr: would open ssh to 4,294,967,296 addresses/,
    ],
    [
      (spec) => Object.assign(spec, { operatorCidr: '0.0.0.0/1' }),
      /to 2,147,483,648 addresses.*operatorCidrWide/,
    ],
    [(spec) => Object.assign(spec, { operatorCidr: '10.0.0.0/15' }), /to 131,072 addresses/],
    [(spec) => Object.assign(spec.roles.broker, { count: 2 }), /^roles\.broker\.count: two brokers/],
    [(spec) => Object.assign(spec.roles.broker, { instanceType: 'm7g.lrge' }), /did you mean m7g\.large/],
    [(spec) => spec.roles.broker.fallbackTypes.push('m6i.large'), /mixes arm64 and x86_64/],
    [(spec) => Object.assign(spec.roles.broker, { market: 'spot', placement: 'cluster' }), /placement group/],
    [(spec) => Object.assign(spec.roles.broker, { cpuCredits: 'unlimited' }), /only burstable/],
    [
      (spec) => Object.assign(spec.roles.broker, { instanceType: 't3.large', placement: 'cluster' }),
      /does not take burstable/,
    ],
    [
      (spec) =>
        Object.assign(spec.roles.broker, { dataVolume: { sizeGiB: 100, iops: 3000, throughputMiBps: 900 } }),
      /^roles\.broker\.dataVolume\.throughputMiBps: .*750|0\.25/,
    ],
    [(spec) => Object.assign(spec.kafka, { mode: 'zookeeper' }), /needs a role zookeeper/],
    [
      (spec) => Object.assign(spec.roles, { load: { ...spec.roles.broker } }),
      /names the hosts of broker already/,
    ],
  ];
  assert.equal(
    changed(() => {}),
    [],
  );
  for (const [change, expected] of cases) {
    const problems = changed(change);
    assert.ok(
      problems.some((problem) => expected.test(problem)),
      `${expected}: ${problems.join(' | ')}`,
    );
  }
  assert.match(
    changed((spec) => Object.assign(spec.kafka, { version: '4.3.0' }), 'notes.yaml').join(),
    /Kafka 4\.3\.0 has no ZooKeeper mode/,
  );
  const even = changed((spec) => Object.assign(spec.roles.zookeeper ?? {}, { count: 4 }), 'notes.yaml');
  assert.match(even.join(), /roles\.zookeeper\.count: a quorum of 4/);
});

test('the price is that of the catalogue: hosts, volumes, addresses, and volumes alone when stopped', () => {
  const { spec } = shippedSpec('kraft-m7g.yaml');
  const prices = catalog.prices.get('us-east-1');
  if (prices === undefined) throw new Error('no prices');
  const price = priceOf(spec, prices);
  const { perGBMonth, perExtraMBpsMonth } = prices.gp3;
  const volumes = (5 * 20 * perGBMonth + 3 * (200 * perGBMonth + 125 * perExtraMBpsMonth)) / 730;
  const instances =
    3 * (prices.instancesPerHour['m7g.large'] ?? 0) + 2 * (prices.instancesPerHour['m7g.xlarge'] ?? 0);
  assert.ok(Math.abs((price.perHour ?? 0) - (instances + volumes + 5 * 0.005)) < 1e-9);
  assert.ok(Math.abs(price.stoppedPerDay - 24 * volumes) < 1e-9);
  const small = { ...spec, budget: { perHour: 0.1 } };
  assert.match(overBudget(small, price) ?? '', /per hour is over the budget of 0\.10 USD/);
  const unknown = priceOf(spec, { ...prices, instancesPerHour: {} });
  assert.match(overBudget(spec, unknown) ?? '', /not known/);
});

test('spot is priced by its market, and by on-demand where that does not tell', () => {
  const { spec } = shippedSpec('spot-nightly.yaml');
  const prices = catalog.prices.get('us-east-1');
  if (prices === undefined) throw new Error('no prices');
  const onDemand = priceOf(spec, prices).perHour ?? 0;
  const spot = new Map([
    ['m6i.large', 0.03],
    ['m5.large', 0.04],
    ['m6i.xlarge', 0.06],
    ['m5.xlarge', 0.05],
  ]);
  const price = priceOf(spec, prices, spot);
  assert.ok((price.perHour ?? 0) < onDemand);
  assert.is(price.roles[0]?.instancesPerHour, 3 * 0.04, 'the dearest of its types');
});

test('load hosts without a way to the brokers from outside are noted before there are hosts', () => {
  for (const file of ['kraft-m7g.yaml', 'spot-nightly.yaml', 'notes.yaml']) {
    assert.equal(specNotes(shippedSpec(file).spec), [], file);
  }
  const { spec } = shippedSpec('kraft-m7g.yaml');
  const closed = { ...spec, kafka: { ...spec.kafka, externalListener: false } };
  assert.match(specNotes(closed).join(), /kafka\.externalListener is not set: `ksweep run --cluster`/);
});

test.run();
