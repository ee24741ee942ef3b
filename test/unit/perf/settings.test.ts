import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { redactMessage } from '../../../bench/common/redact.ts';
import { type GivenSettings, perfSettings } from '../../../bench/perf/settings.ts';
import { suite } from '../../support/suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'ksweep-perf-settings-'));
const config = join(folder, 'client.properties');

function settings(given: Partial<GivenSettings>, env: Record<string, string> = {}) {
  const notes: string[] = [];
  const found = perfSettings(
    'producer',
    { bootstrapServer: undefined, configFile: undefined, properties: [], own: {}, ...given },
    env,
    (line) => notes.push(line),
  );
  return { ...found, notes };
}

const test = suite('perf/settings');

test.after(() => rmSync(folder, { recursive: true }));

test('--bootstrap-server goes before a property, and that before the file', () => {
  writeFileSync(config, 'bootstrap.servers=file:1\nlinger.ms=1\nacks=1\n');
  const all = settings({
    bootstrapServer: 'flag:3',
    configFile: config,
    properties: ['bootstrap.servers=property:2', 'linger.ms=20'],
  });
  assert.is(all.connection['bootstrap.servers'], 'flag:3');
  assert.equal(all.settings, { 'linger.ms': 20, acks: 1 });
  const property = settings({ configFile: config, properties: ['bootstrap.servers=property:2'] });
  assert.is(property.connection['bootstrap.servers'], 'property:2');
  assert.is(settings({ configFile: config }).connection['bootstrap.servers'], 'file:1');
});

test('values are of the kinds that the settings want; an = in a value stays', () => {
  const { settings: found } = settings({
    bootstrapServer: 'a:1',
    properties: [
      'enable.idempotence=false',
      'acks=all',
      'transactional.id=a=b',
      'statistics.interval.ms=500',
    ],
  });
  assert.equal(found, {
    'enable.idempotence': false,
    acks: 'all',
    'transactional.id': 'a=b',
    'statistics.interval.ms': 500,
  });
});

test('serializers are the tool’s own; what has no equivalent is left out and told', () => {
  const { settings: found, notes } = settings({
    bootstrapServer: 'a:1',
    properties: ['key.serializer=org.example.X', 'max.block.ms=1000'],
  });
  assert.equal(found, {});
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', 'max.block.ms is left out: a full queue is back-pressure here');
});

test('security goes to the connection, and its secrets are known to who prints', () => {
  writeFileSync(
    config,
    'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="opensesame-18";\n',
  );
  const { settings: found, connection } = settings({ bootstrapServer: 'a:1', configFile: config });
  assert.equal(found, {});
  assert.is(connection['sasl.password'], 'opensesame-18');
  assert.not.match(redactMessage('it was opensesame-18'), 'opensesame-18');
});

test('variables of the environment go before the file', () => {
  writeFileSync(config, 'security.protocol=PLAINTEXT\n');
  const { connection } = settings(
    { bootstrapServer: 'a:1', configFile: config },
    { KSWEEP_SECURITY_PROTOCOL: 'SSL' },
  );
  assert.is(connection['security.protocol'], 'ssl');
});

test('no cluster, no name=value and a missing file are errors of usage', () => {
  const refused = (given: Partial<GivenSettings>, why: RegExp) =>
    assert.throws(
      () => settings(given),
      (error: unknown) => error instanceof KsweepError && error.exitStatus === 1 && why.test(error.message),
    );
  refused({}, /no cluster/);
  refused({ bootstrapServer: 'a:1', properties: ['acks'] }, /invalid property: acks/);
  refused({ bootstrapServer: 'a:1', configFile: join(folder, 'gone') }, /could not be read/);
});

test.run();
