import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readClientSettings } from '../../bench/driver/client-properties.ts';
import { confluentDriver } from '../../bench/driver/confluent/driver.ts';
import { type LocalCluster, startLocalCluster } from '../../infra/local/cluster.ts';
import { runJava } from '../../infra/local/launch.ts';
import { suite } from '../support/suite.ts';
import { TokenServer } from '../support/token-server.ts';

const LOGIN = 'org.apache.kafka.common.security';
const CONNECT_LIMIT_MS = 3000;

const test = suite('client security', { timeoutMs: 90_000 });
let folder: string;
let cluster: LocalCluster;
const at = (name: string): string => join(folder, name);

/** A CA, and a certificate for 127.0.0.1 that it signed, with its key in one PEM file as Kafka wants it. */
function makeCertificates(): void {
  const openssl = (...args: string[]): unknown =>
    execFileSync('openssl', args, { stdio: 'pipe', cwd: folder });
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-days', '1'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ksweep test CA');
  openssl('req', ...newKey.slice(0, 3), '-keyout', 'broker.key', '-out', 'broker.csr', '-subj', '/CN=broker');
  writeFileSync(at('san.cnf'), 'subjectAltName=IP:127.0.0.1\n');
  const sign = ['x509', '-req', '-in', 'broker.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
  openssl(...sign, '-days', '1', '-extfile', 'san.cnf', '-out', 'broker.pem');
  writeFileSync(
    at('broker-store.pem'),
    readFileSync(at('broker.key'), 'utf8') + readFileSync(at('broker.pem'), 'utf8'),
  );
}

test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  makeCertificates();
  cluster = await startLocalCluster({
    brokers: 1,
    protocol: 'SASL_SSL',
    brokerConfigs: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': at('broker-store.pem'),
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512,OAUTHBEARER',
      'listener.name.client.plain.sasl.jaas.config': `${LOGIN}.plain.PlainLoginModule required user_alice="wonder;land";`,
      'listener.name.client.scram-sha-512.sasl.jaas.config': `${LOGIN}.scram.ScramLoginModule required;`,
      // Without a key set of a token issuer, the broker takes unsigned tokens and checks their claims.
      'listener.name.client.oauthbearer.sasl.jaas.config': `${LOGIN}.oauthbearer.OAuthBearerLoginModule required;`,
    },
  });
  // Users of SCRAM are stored in the cluster, which only a client that is in already can do.
  writeFileSync(
    at('alice.properties'),
    clientProperties('PLAIN', 'plain.PlainLoginModule', 'alice', 'wonder;land'),
  );
  const tool = [
    '-cp',
    cluster.jars,
    'kafka.admin.ConfigCommand',
    '--bootstrap-server',
    cluster.bootstrapServers,
  ];
  const user = [
    '--entity-type',
    'users',
    '--entity-name',
    'bob',
    '--add-config',
    'SCRAM-SHA-512=[password=builder]',
  ];
  await runJava([...tool, '--command-config', at('alice.properties'), '--alter', ...user]);
});
test.after(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function clientProperties(mechanism: string, module: string, user: string, password: string): string {
  return [
    'security.protocol=SASL_SSL',
    `sasl.mechanism=${mechanism}`,
    `sasl.jaas.config=${LOGIN}.${module} required username="${user}" password="${password}";`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${at('ca.pem')}`,
    '',
  ].join('\n');
}

/** Number of brokers that the client sees with this properties file. */
async function brokersSeen(properties: string, env: Record<string, string> = {}): Promise<number> {
  const file = at('client.properties');
  writeFileSync(file, properties);
  const admin = confluentDriver.createAdmin({
    ...readClientSettings(file, env),
    'bootstrap.servers': cluster.bootstrapServers,
  });
  try {
    await admin.connect(CONNECT_LIMIT_MS);
    return (await admin.describeCluster(CONNECT_LIMIT_MS)).length;
  } finally {
    await admin.close();
  }
}

async function refused(attempt: Promise<number>): Promise<void> {
  const outcome = await attempt.then(
    (brokers) => `saw ${brokers} brokers`,
    () => 'refused',
  );
  assert.is(outcome, 'refused');
}

test('TLS with PLAIN and with SCRAM, by the same file as a Java client', async () => {
  assert.is(
    await brokersSeen(clientProperties('PLAIN', 'plain.PlainLoginModule', 'alice', 'wonder;land')),
    1,
  );
  assert.is(
    await brokersSeen(clientProperties('SCRAM-SHA-512', 'scram.ScramLoginModule', 'bob', 'builder')),
    1,
  );
});

test('OAUTHBEARER by the client credentials of a token server', async () => {
  const server = new TokenServer('ksweep', 'opensesame');
  const url = await server.listen();
  const properties = (secret: string): string =>
    [
      'security.protocol=SASL_SSL',
      'sasl.mechanism=OAUTHBEARER',
      `sasl.login.callback.handler.class=${LOGIN}.oauthbearer.OAuthBearerLoginCallbackHandler`,
      `sasl.oauthbearer.token.endpoint.url=${url}`,
      `sasl.jaas.config=${LOGIN}.oauthbearer.OAuthBearerLoginModule required clientId="ksweep" clientSecret="${secret}" scope="kafka";`,
      `ssl.truststore.location=${at('ca.pem')}`,
      'ssl.truststore.type=PEM',
      '',
    ].join('\n');
  try {
    assert.is(await brokersSeen(properties('opensesame')), 1);
    assert.ok(server.granted > 0);
    const before = server.granted;
    await refused(brokersSeen(properties('wrong')));
    assert.is(server.granted, before);
  } finally {
    await server.close();
  }
});

test('the environment gives the password', async () => {
  const properties = clientProperties('PLAIN', 'plain.PlainLoginModule', 'alice', 'wrong');
  assert.is(await brokersSeen(properties, { KSWEEP_SASL_PASSWORD: 'wonder;land' }), 1);
});

test('a wrong password and an unknown CA are refused', async () => {
  await refused(brokersSeen(clientProperties('SCRAM-SHA-512', 'scram.ScramLoginModule', 'bob', 'wrong')));
  const untrusting = clientProperties('PLAIN', 'plain.PlainLoginModule', 'alice', 'wonder;land');
  const other = untrusting.replace(at('ca.pem'), at('other.pem'));
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      at('other.key'),
      '-out',
      at('other.pem'),
      '-subj',
      '/CN=other',
    ],
    { stdio: 'pipe' },
  );
  await refused(brokersSeen(other));
});

test.run();
