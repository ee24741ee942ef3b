import * as assert from 'uvu/assert';
import { describeError, KsweepError } from '../../../bench/common/errors.ts';
import {
  isSecretName,
  REDACTED,
  redact,
  redactMessage,
  redactText,
  rememberSecrets,
  secretsOf,
} from '../../../bench/common/redact.ts';
import { suite } from '../../support/suite.ts';

const test = suite('redact');

test('knows secrets by name in every spelling', () => {
  for (const name of [
    'sasl.password',
    'ssl.key.password',
    'ssl.keystore.key',
    'ssl.key.pem',
    'sasl.jaas.config',
    'sasl.oauthbearer.client.secret',
    'KSWEEP_SASL_PASSWORD',
    'KSWEEP_SASL_JAAS_CONFIG',
  ]) {
    assert.ok(isSecretName(name), name);
  }
  for (const name of [
    'batch.size',
    'sasl.username',
    'sasl.mechanism',
    'ssl.key.location',
    'sasl.oauthbearer.token.endpoint.url',
    'sasl.oauthbearer.client.id',
    'sasl.oauthbearer.client.credentials.client.id',
    'key',
    'keys',
  ]) {
    assert.not.ok(isSecretName(name), name);
  }
});

test('replaces values by key at any depth and leaves the rest alone', () => {
  const value = { a: [{ 'sasl.password': 'x', n: 1, ok: true, none: null }], 'batch.size': 16384 };
  assert.equal(redact(value), {
    a: [{ 'sasl.password': REDACTED, n: 1, ok: true, none: null }],
    'batch.size': 16384,
  });
});

test('finds a known secret in any text, also URL-encoded and inside JSON', () => {
  const secrets = secretsOf({ 'sasl.password': 'p w"d/1', 'client.id': 'shown' });
  assert.equal(secrets, ['p w"d/1']);
  for (const text of [
    'login p w"d/1 failed',
    `?q=${encodeURIComponent('p w"d/1')}`,
    JSON.stringify('p w"d/1'),
  ]) {
    const out = redactText(text, secrets);
    assert.match(out, REDACTED);
    assert.not.match(out, 'd/1');
    assert.not.match(out, 'd%2F1');
  }
});

test('replaces assignments, quoted values and passwords in URLs', () => {
  assert.is(redactText('--set sasl.password=abc x'), `--set sasl.password=${REDACTED} x`);
  assert.is(redactText('{"ssl.key.password": "a b", "n": 1}'), `{"ssl.key.password": "${REDACTED}", "n": 1}`);
  assert.is(redactText('https://user:abc@host/x'), `https://user:${REDACTED}@host/x`);
  assert.is(redactText('linger.ms=5 key=value at 10:30:00'), 'linger.ms=5 key=value at 10:30:00');
});

test('what is wrong with a setting stays, its value does not', () => {
  assert.is(
    redactMessage('producer.sasl.password: belongs into a file; --set sasl.password=hunter2'),
    'producer.sasl.password: belongs into a file; --set sasl.password=[redacted]',
  );
});

test('a secret that the process was given is blanked without its name, too', () => {
  rememberSecrets({
    producer: { 'sasl.password': ['correct horse'] },
    records: { headers: { 'api-key': 'battery' } },
  });
  const error = new KsweepError('broker-unreachable', 'login with correct horse failed', {
    details: ['[2026-01-01] ERROR battery was refused'],
  });
  assert.is(
    describeError(error),
    'ksweep: login with [redacted] failed\n  [2026-01-01] ERROR [redacted] was refused',
  );
});

test.run();
