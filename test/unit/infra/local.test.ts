import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { jvmArguments, planNodes, portsNeeded } from '../../../infra/local/layout.ts';
import { clusterShape } from '../../../infra/local/versions.ts';
import { suite } from '../../support/suite.ts';

const test = suite('local cluster layout');
const portsFrom = (count: number) => Array.from({ length: count }, (_, index) => 20_000 + index);

test('chooses a quorum that fits the brokers, and the version that has the mode', () => {
  const quorums = [1, 2, 3, 4, 5].map((brokers) => clusterShape({ brokers }).quorum);
  assert.equal(quorums, [1, 1, 3, 3, 3]);
  assert.is(clusterShape({ brokers: 1 }).kafkaVersion, '4.3.0');
  assert.is(clusterShape({ brokers: 1, mode: 'zookeeper' }).kafkaVersion, '3.9.2');
  assert.is(clusterShape({ brokers: 1 }, '4.1.0').kafkaVersion, '4.1.0');
});

test('refuses shapes that cannot be, with the reason', () => {
  const cases: [Parameters<typeof clusterShape>, RegExp][] = [
    [[{ brokers: 0 }], /1 to 5 brokers/],
    [[{ brokers: 6 }], /1 to 5 brokers/],
    [[{ brokers: 1.5 }], /1 to 5 brokers/],
    [[{ brokers: 1, kafkaVersion: '2.6.0' }], /4\.3\.0, 3\.9\.2/],
    [[{ brokers: 1, kafkaVersion: '4.3.0', mode: 'zookeeper' }], /no ZooKeeper mode/],
    [[{ brokers: 1, mode: 'zokeeper' }], /expected kraft or zookeeper/],
    [[{ brokers: 3, mode: 'zookeeper', quorum: 2 }], /quorum of 2/],
    [[{ brokers: 1, quorum: 3 }], /3 controllers need/],
    [[{ brokers: 1, kafkaVersion: '4.3.0' }, '4.1.0'], /KAFKA_HOME holds/],
  ];
  for (const [args, message] of cases) {
    try {
      clusterShape(...args);
    } catch (error) {
      assert.instance(error, KsweepError);
      assert.is((error as KsweepError).code, 'usage');
      assert.match((error as KsweepError).message, message);
      continue;
    }
    assert.unreachable(`${JSON.stringify(args)} was accepted`);
  }
});

test('every node of every shape has its own id, folder and ports', () => {
  for (const mode of ['kraft', 'zookeeper'] as const) {
    for (const brokers of [1, 2, 3, 4, 5]) {
      const shape = clusterShape({ brokers, mode });
      const ports = portsFrom(portsNeeded(shape));
      const nodes = planNodes(shape, '/data', ports);
      assert.is(new Set(nodes.map((node) => node.folder)).size, nodes.length);
      assert.is(new Set(nodes.map((node) => node.address)).size, nodes.length);
      const text = nodes.map((node) => `${node.configText}${node.metricsAddress}`).join('');
      for (const port of ports) assert.match(text, String(port));
      assert.is(nodes.filter((node) => node.role === 'broker').length, brokers);
      const controllers = nodes.filter((node) => node.configText.includes('process.roles=broker,controller'));
      assert.is(controllers.length, mode === 'kraft' ? shape.quorum : 0);
      assert.match(text, `offsets.topic.replication.factor=${Math.min(3, brokers)}\n`);
    }
  }
});

test('broker configs are added last, so that they win', () => {
  const shape = clusterShape({ brokers: 1 });
  const [node] = planNodes(shape, '/data', portsFrom(portsNeeded(shape)), {
    brokerConfigs: { 'num.partitions': '7' },
  });
  assert.match(node?.configText ?? '', 'num.partitions=7\n');
  assert.not.match(node?.configText ?? '', 'num.partitions=1\n');
});

test('each line of Kafka gets its own logging', () => {
  const arguments4 = jvmArguments(clusterShape({ brokers: 1 }), 'broker', '/a');
  const arguments3 = jvmArguments(clusterShape({ brokers: 1, kafkaVersion: '3.9.2' }), 'broker', '/a');
  assert.ok(arguments4.includes('-Dlog4j2.configurationFile=/a/log4j2.properties'));
  assert.ok(arguments3.includes('-Dlog4j.configuration=file:/a/log4j.properties'));
});

test.run();
