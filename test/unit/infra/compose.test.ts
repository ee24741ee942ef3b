import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { DEFAULT_KAFKA_VERSION } from '../../../infra/local/versions.ts';
import { suite } from '../../support/suite.ts';

interface Compose {
  services: {
    kafka: {
      image: string;
      ports: string[];
      environment: Record<string, string | number>;
      healthcheck: { test: string[] };
    };
  };
}

const test = suite('compose.yaml');
const text = readFileSync(join(packageRoot(), 'compose.yaml'), 'utf8');
const { image, ports, environment, healthcheck } = (parse(text) as Compose).services.kafka;
const setting = (name: string): string => String(environment[name]);
/** `NAME://host:port,…` or `NAME:PROTOCOL,…` by name. */
const byName = (list: string): Map<string, string> =>
  new Map(list.split(',').map((one) => /^(\w+):(?:\/\/)?(.*)$/.exec(one)?.slice(1) as [string, string]));

test('is the official image of the version that runs locally', () => {
  assert.is(image, `apache/kafka:${DEFAULT_KAFKA_VERSION}`);
});

test('a client on this host reaches it at the address that it advertises, and nobody else does', () => {
  const advertised = byName(setting('KAFKA_ADVERTISED_LISTENERS'));
  const [address] = [...advertised.values()];
  assert.is(address, 'localhost:9092');
  assert.match(text, `--bootstrap-server ${address}`);
  assert.equal(ports, ['127.0.0.1:9092:9092']);
  // Docker forwards to the container's own address, not to its loopback.
  assert.is(byName(setting('KAFKA_LISTENERS')).get([...advertised.keys()][0] ?? ''), '0.0.0.0:9092');
});

test('every listener has a protocol, and the roles name listeners that are there', () => {
  const listeners = byName(setting('KAFKA_LISTENERS'));
  const protocols = byName(setting('KAFKA_LISTENER_SECURITY_PROTOCOL_MAP'));
  assert.equal([...protocols.keys()].sort(), [...listeners.keys()].sort());
  const controller = setting('KAFKA_CONTROLLER_LISTENER_NAMES');
  const advertised = byName(setting('KAFKA_ADVERTISED_LISTENERS'));
  assert.equal([...advertised.keys(), controller].sort(), [...listeners.keys()].sort());
  assert.ok(advertised.has(setting('KAFKA_INTER_BROKER_LISTENER_NAME')));
  const voter = `${setting('KAFKA_NODE_ID')}@${listeners.get(controller)}`;
  assert.is(setting('KAFKA_CONTROLLER_QUORUM_VOTERS'), voter);
  assert.is(setting('KAFKA_PROCESS_ROLES'), 'broker,controller');
});

test('internal topics fit on one broker', () => {
  for (const name of [
    'KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR',
    'KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR',
    'KAFKA_TRANSACTION_STATE_LOG_MIN_ISR',
    'KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR',
    'KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR',
  ]) {
    assert.is(setting(name), '1', name);
  }
});

/** Runs the health check against a port of this host. */
async function health(port: number): Promise<number | null> {
  const [how, program = '', ...args] = healthcheck.test;
  assert.is(how, 'CMD');
  // Compose writes a literal dollar as two.
  const words = args.map((word) =>
    word.replaceAll('$$', '$').replace('localhost/19092', `127.0.0.1/${port}`),
  );
  const child = spawn(program, words, { stdio: 'ignore' });
  return ((await once(child, 'close')) as [number | null])[0];
}

test('the health check passes where ApiVersions is answered, on a listener inside, and fails elsewhere', async () => {
  assert.is(byName(setting('KAFKA_ADVERTISED_LISTENERS')).get('BROKER'), 'localhost:19092');
  assert.match(healthcheck.test.at(-1) ?? '', '/dev/tcp/localhost/19092');
  let asked = Buffer.alloc(0);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      asked = Buffer.concat([asked, chunk]);
      if (asked.length === 14) socket.write(Buffer.from([0, 0, 0, 6, 0, 0, 0, 1, 0, 0]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  assert.is(await health(port), 0);
  assert.equal([...asked], [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255]);
  await new Promise((resolve) => server.close(resolve));
  assert.is.not(await health(port), 0);
});

test.run();
