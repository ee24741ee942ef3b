import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import librdkafka from '../../bench/client/properties/librdkafka.json' with { type: 'json' };
import { PROPERTIES } from '../../bench/client/properties/table.ts';
import {
  propertyConflicts,
  translateConsumer,
  translateProducer,
} from '../../bench/client/properties/translate.ts';
import { packageRoot } from '../../bench/common/package-root.ts';
import type { Scalar } from '../../bench/common/scalar.ts';
import { suite } from '../support/suite.ts';

const test = suite('properties against the real client');

/**
 * Connects a client with each settings in one child process, since combinations are checked only then; nobody
 * listens, so what was accepted fails on the network. null where it was accepted, else what the client said.
 */
function accepted(role: 'Producer' | 'KafkaConsumer', list: readonly object[]): (string | null)[] {
  const script = `
    const Kafka = require('@confluentinc/kafka-javascript');
    const [role, list] = [process.argv[1], JSON.parse(process.argv[2])];
    const said = (settings) => new Promise((resolve) => {
      try {
        const client = new Kafka[role]({ 'bootstrap.servers': '127.0.0.1:1', ...settings });
        client.on('event.error', () => {});
        client.connect({ timeout: 50 }, (error) =>
          resolve(error && !/transport failure|timed out/i.test(error.message) ? error.message : null));
      } catch (error) { resolve(error.message); }
    });
    Promise.all(list.map(said)).then((all) => {
      require('node:fs').writeSync(1, JSON.stringify(all));
      process.kill(process.pid, 'SIGKILL');
    });`;
  const { stdout } = spawnSync(process.execPath, ['-e', script, role, JSON.stringify(list)], {
    cwd: packageRoot(),
    env: { ...process.env, UV_THREADPOOL_SIZE: '32' },
    timeout: 60_000,
  });
  return JSON.parse(stdout.toString().trim().split('\n').at(-1) ?? '[]');
}

/** A few values that a property allows. */
function samples(property: (typeof PROPERTIES)[number]): Scalar[] {
  const { check } = property;
  switch (check.kind) {
    case 'integer':
      return [check.min, property.javaDefault ?? check.max];
    case 'boolean':
      return [true, false];
    case 'one of':
      return [...check.values];
    case 'text':
      return [property.kafka === 'partition.assignment.strategy' ? 'cooperative-sticky' : 'some-text'];
  }
}

const allowed = (role: 'producer' | 'consumer'): Record<string, Scalar>[] =>
  PROPERTIES.filter((property) => property.role === role || property.role === 'both').flatMap((property) =>
    samples(property).flatMap((value): Record<string, Scalar>[] => {
      const settings: Record<string, Scalar> = { [property.kafka]: value };
      if (property.kafka === 'transaction.size') settings['transactional.id'] = 'x';
      if (property.kafka === 'session.timeout.ms') settings['heartbeat.interval.ms'] = 1;
      if (property.kafka === 'compression.type' || property.kafka.startsWith('compression.')) {
        settings['compression.type'] =
          property.kafka.split('.')[1] === 'type' ? value : (property.kafka.split('.')[1] ?? 'none');
      }
      // Some need company that the samples don't have, such as a backoff above its own maximum.
      return propertyConflicts(role, settings).length === 0 ? [settings] : [];
    }),
  );

test('the client takes every translated producer setting, the defaults and pins included', () => {
  const list = [{}, { 'transactional.id': 'x' }, { acks: 1 }, ...allowed('producer')];
  const said = accepted(
    'Producer',
    list.map((settings) => translateProducer(settings).client),
  );
  for (const [i, message] of said.entries())
    assert.is(message, null, `${JSON.stringify(list[i])}: ${message}`);
  assert.ok(list.length > 50);
});

test('the client takes every translated consumer setting, in both group protocols', () => {
  const list = [{}, { 'group.protocol': 'consumer' }, { 'group.instance.id': 'x' }, ...allowed('consumer')];
  const said = accepted(
    'KafkaConsumer',
    list.map((settings) => ({ ...translateConsumer(settings).client, 'group.id': 'g' })),
  );
  for (const [i, message] of said.entries())
    assert.is(message, null, `${JSON.stringify(list[i])}: ${message}`);
  assert.ok(list.length > 40);
});

test('what ksweep refuses as a combination, the client refuses too', () => {
  for (const [role, settings] of [
    ['Producer', { 'message.timeout.ms': 5, 'linger.ms': 5 }],
    ['Producer', { 'reconnect.backoff.ms': 2000, 'reconnect.backoff.max.ms': 1000 }],
    ['Producer', { 'transactional.id': 'x', 'message.timeout.ms': 60_001, 'transaction.timeout.ms': 60_000 }],
    ['KafkaConsumer', { 'group.id': 'g', 'max.poll.interval.ms': 44_999, 'session.timeout.ms': 45_000 }],
    ['KafkaConsumer', { 'group.id': 'g', 'fetch.max.bytes': 1000 }],
  ] as const)
    assert.is.not(accepted(role, [settings])[0], null, JSON.stringify(settings));
});

test('the client refuses what ksweep would not have passed on, so the check above can fail', () => {
  assert.is.not(accepted('Producer', [{ 'linger.mss': 5 }])[0], null);
});

test('the list of pass-through names is that of the installed client', () => {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('@confluentinc/kafka-javascript/package.json');
  assert.is(librdkafka.librdkafka, JSON.parse(readFileSync(manifest, 'utf8')).librdkafka);
  const text = readFileSync(join(manifest, '..', 'types', 'config.d.ts'), 'utf8');
  for (const name of [...librdkafka.producer, ...librdkafka.consumer])
    assert.ok(text.includes(`"${name}"`), name);
  assert.ok(librdkafka.producer.length > 140 && librdkafka.consumer.length > 140);
});

test('every option of the source notes is understood under Kafka’s name', () => {
  const producer = [
    'client.dns.lookup',
    'acks',
    'buffer.memory',
    'compression.type',
    'enable.idempotence',
    'max.in.flight.requests.per.connection',
    'retries',
    'batch.size',
    'linger.ms',
    'transactional.id',
  ];
  const consumer = [
    'fetch.min.bytes',
    'fetch.max.bytes',
    'fetch.max.wait.ms',
    'max.partition.fetch.bytes',
    'session.timeout.ms',
    'heartbeat.interval.ms',
    'group.id',
    'group.instance.id',
    'enable.auto.commit',
    'auto.offset.reset',
    'isolation.level',
    'max.poll.records',
    'partition.assignment.strategy',
    'group.protocol',
  ];
  const known = (role: string): string[] =>
    PROPERTIES.filter((one) => one.role === role || one.role === 'both').map(({ kafka }) => kafka);
  for (const name of producer) assert.ok(known('producer').includes(name), name);
  for (const name of consumer) assert.ok(known('consumer').includes(name), name);
});

test.run();
