import * as assert from 'uvu/assert';
import type { KsweepError } from '../../../../bench/common/errors.ts';
import type { ClusterInfo, LoadHostInfos } from '../../../../bench/results/ground.ts';
import { differencesBetween, groundOf } from '../../../../bench/results/ground.ts';
import { describeEnvironment } from '../../../../bench/run/write/environment.ts';
import { refuseOtherGround } from '../../../../bench/run/write/manifest.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('a resumed run’s ground');
const versions = { client: '1.10.1', librdkafka: '2.15.0' };
const brokers = [{ id: 1, address: 'kafka-1:9092' }];
const info = {
  bootstrapServers: 'kafka-1:9092',
  kafkaVersion: '4.3.0',
  mode: 'kraft' as const,
  local: false,
  hardware: null,
};

/** What the refusal names, where a run of the first cluster is resumed on the second. */
function refused(
  before: Partial<ClusterInfo>,
  now: Partial<ClusterInfo>,
  began = versions,
  [hostsThen, hostsNow]: readonly [LoadHostInfos, LoadHostInfos] = [[], []],
): readonly string[] {
  const cluster = { ...info, brokers, ...before };
  const { brokers: present, ...under } = { ...info, brokers, ...now };
  try {
    refuseOtherGround(
      {
        environment: describeEnvironment(began),
        cluster,
        ...(hostsThen.length === 0 ? {} : { loadHosts: hostsThen }),
      },
      {
        versions,
        brokers: present,
        cluster: { info: under, connection: {}, control: null },
        agents: { hosts: hostsNow.map(({ name }) => ({ name, command: ['x'], rack: null })), told: hostsNow },
      },
    );
    return [];
  } catch (error) {
    assert.equal([(error as KsweepError).code, (error as KsweepError).exitStatus], ['not-comparable', 1]);
    return (error as KsweepError).details;
  }
}

test('the same cluster goes on, by whichever of its addresses it is reached', () => {
  assert.equal(refused({}, { bootstrapServers: 'kafka-1:9092,kafka-2:9092' }), []);
});

test('another version, mode, number of brokers, address or client is refused and named', () => {
  assert.equal(refused({}, { kafkaVersion: '3.9.2', mode: 'zookeeper' }), [
    'broker version: 4.3.0 against 3.9.2',
    'broker mode: kraft against zookeeper',
  ]);
  const two = [...brokers, { id: 2, address: 'kafka-2:9092' }];
  assert.equal(refused({}, { brokers: two }), [
    'brokers: 1 against 2',
    'broker addresses: 1 kafka-1:9092 against 1 kafka-1:9092, 2 kafka-2:9092',
  ]);
  assert.equal(refused({}, { brokers: [{ id: 1, address: 'other:9092' }] }), [
    'broker addresses: 1 kafka-1:9092 against 1 other:9092',
  ]);
  assert.equal(refused({}, {}, { ...versions, librdkafka: '2.5.0' }), [
    'client: 1.10.1, librdkafka 2.5.0 against 1.10.1, librdkafka 2.15.0',
  ]);
});

test('a broker of this machine may come back on another port', () => {
  const moved = [{ id: 1, address: '127.0.0.1:4711' }];
  assert.equal(refused({ local: true }, { local: true, brokers: moved }), []);
});

const hostOf = (name: string, cores = 4) => ({ name, cores, platform: 'linux x64' });

test('other load hosts may go on with it', () => {
  assert.equal(refused({}, {}, versions, [[hostOf('a'), hostOf('b')], [hostOf('c', 8)]]), []);
});

test('runs are compared where their load hosts are as many and as large, whatever they are called', () => {
  const environment = describeEnvironment(versions);
  const groundWith = (...loadHosts: LoadHostInfos) =>
    groundOf({ environment, cluster: { ...info, brokers }, loadHosts });
  const before = groundWith(hostOf('a', 4), hostOf('b', 8));
  assert.equal(differencesBetween(before, groundWith(hostOf('d', 8), hostOf('c', 4))), []);
  assert.equal(differencesBetween(before, groundWith(hostOf('a', 4))), [
    'load hosts: 4 cores, linux x64 + 8 cores, linux x64 against 4 cores, linux x64',
  ]);
});

test.run();
