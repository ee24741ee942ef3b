import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { clientSettings, readClientSettings } from '../../../../bench/client/security/client-properties.ts';
import { parseJaas } from '../../../../bench/client/security/jaas.ts';
import { parseProperties } from '../../../../bench/client/security/properties-file.ts';
import { KsweepError } from '../../../../bench/common/errors.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('client properties');
const settings = (text: string) => clientSettings(parseProperties(text, 'client.properties'));
const failure = (body: () => unknown): KsweepError => {
  try {
    body();
  } catch (error) {
    if (error instanceof KsweepError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

test('reads escapes, separators, comments and continued lines as Java does', () => {
  const text =
    '# c\n! c\na=1\nb : 2\nc 3\n  d = x\\\n    y\\\\\nwith\\ space\\:colon=\\u00e9\\t!\nempty=\r\ne=v\\=w # no comment\n';
  const read = [...parseProperties(text, 'f')].map(([key, { value }]) => [key, value]);
  assert.equal(read, [
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
    ['d', 'xy\\'],
    ['with space:colon', 'é\t!'],
    ['empty', ''],
    ['e', 'v=w # no comment'],
  ]);
});

test('of a key that is set twice the last one counts, as in Java, and it is told', () => {
  const read = parseProperties('a=1\\\n2\n\nb=1\na=3\n', 'f');
  assert.equal(read.get('a'), { value: '3', where: 'f:5', overrides: 'f:1' });
  const notes: string[] = [];
  clientSettings(parseProperties('client.id=a\nclient.id=b\n', 'f'), (line) => notes.push(line));
  assert.equal(notes, ['f:2: client.id overrides the value at f:1']);
});

test('translates SCRAM with a JAAS login over TLS', () => {
  const text = [
    'security.protocol=SASL_SSL',
    'sasl.mechanism=SCRAM-SHA-512',
    'sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\',
    '  username="alice" \\',
    '  password="p\\\\"w;d";',
    'ssl.endpoint.identification.algorithm=',
  ].join('\n');
  assert.equal(settings(text), {
    'security.protocol': 'sasl_ssl',
    'ssl.endpoint.identification.algorithm': 'none',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.username': 'alice',
    'sasl.password': 'p"w;d',
  });
});

test('translates OAUTHBEARER to OIDC client credentials', () => {
  const text = [
    'security.protocol=SASL_PLAINTEXT',
    'sasl.mechanism=OAUTHBEARER',
    'sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler',
    'sasl.oauthbearer.token.endpoint.url=https://id.example.com/token',
    'sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="me" clientSecret="s3" scope="kafka";',
  ].join('\n');
  assert.equal(settings(text), {
    'security.protocol': 'sasl_plaintext',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.method': 'oidc',
    'sasl.oauthbearer.token.endpoint.url': 'https://id.example.com/token',
    'sasl.oauthbearer.client.id': 'me',
    'sasl.oauthbearer.client.secret': 's3',
    'sasl.oauthbearer.scope': 'kafka',
  });
});

test('refuses what it cannot honour, with the place and the nearest spelling', () => {
  const cases: [string, RegExp, RegExp | undefined][] = [
    ['\nsecurty.protocol=SSL', /client\.properties:2: unknown property securty/, /security\.protocol/],
    ['security.protocol=SSLL', /expected one of PLAINTEXT, SSL/, /SSL/],
    ['security.protocol=SSL\nssl.cipher.suites=x', /:2: ssl\.cipher\.suites has no equivalent/, undefined],
    ['security.protocol=SSL\nssl.truststore.location=/x/ca.jks', /JKS truststore/, /keytool.*openssl/],
    [
      'security.protocol=SSL\nssl.truststore.location=/no/ca.pem',
      /there is no file \/no\/ca\.pem/,
      undefined,
    ],
    ['sasl.mechanism=PLAIN', /no effect with security\.protocol=PLAINTEXT/, undefined],
    ['security.protocol=SASL_SSL', /SASL needs sasl\.mechanism/, /PLAIN/],
    [
      'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.username=me',
      /PLAIN needs sasl\.password/,
      undefined,
    ],
    [
      'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=a.ScramLoginModule required username="a" password="hunter2";',
      /:3: ScramLoginModule does not fit/,
      undefined,
    ],
  ];
  for (const [text, message, hint] of cases) {
    const error = failure(() => settings(text));
    assert.is(error.code, 'client-properties-invalid');
    assert.match(error.message, message);
    if (hint !== undefined) assert.match(error.hint ?? '', hint);
    assert.not.match(`${error.message} ${error.hint}`, 'hunter2');
  }
});

test('a JAAS line that cannot be read is refused without its password', () => {
  const error = failure(() =>
    settings(
      'security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=x required password="hunter2"',
    ),
  );
  assert.match(error.message, /sasl\.jaas\.config: it does not end with a semicolon/);
  assert.not.match(error.message, 'hunter2');
});

test('the environment goes before the file, and a misspelt variable is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
  try {
    const file = join(folder, 'client.properties');
    writeFileSync(
      file,
      'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=a\nsasl.password=b\n',
    );
    const read = readClientSettings(file, { KSWEEP_SASL_PASSWORD: 'c' });
    assert.is(read['sasl.password'], 'c');
    assert.is(read['sasl.username'], 'a');
    const error = failure(() => readClientSettings(undefined, { KSWEEP_SASL_PASWORD: 'c' }));
    assert.match(error.hint ?? '', 'KSWEEP_SASL_PASSWORD');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('JAAS as Java reads it: both quotes, any order, several lines, comments, blanks and signs in quotes', () => {
  const login = (value: string) => parseJaas(value, 'f:1').options;
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  assert.equal(login(`${plain} username='APIKEY' password='s3cr3t/with+signs==';`), {
    username: 'APIKEY',
    password: 's3cr3t/with+signs==',
  });
  assert.equal(login(`${plain}\n  password="pa ss;word"\n  username="load" ;`), {
    password: 'pa ss;word',
    username: 'load',
  });
  assert.equal(login(`${plain} /* who */ username=me // and what\n password="it's";`), {
    username: 'me',
    password: "it's",
  });
  assert.equal(login(`${plain} username="a\\"b" password="\\t\\101";`), { username: 'a"b', password: '\tA' });
  assert.equal(login(`${plain} username="u" password="p" user_a-b.c="d";`)['user_a-b.c'], 'd');
});

test('what Java would refuse in JAAS is refused in words, without the password', () => {
  const plain = 'a.PlainLoginModule required';
  const cases: [string, RegExp][] = [
    [`${plain} username="u" password=12345hunter2;`, /begins like a number and has no quotes/],
    [`${plain} username="u" password=;`, /option password has no value/],
    [`${plain} username="u" password="hunter2"`, /does not end with a semicolon/],
    ['a.PlainLoginModule username="u" password="hunter2";', /no control flag/],
    ['', /names no login module/],
    [`${plain} username="u"; ${plain} username="v";`, /more than one login module/],
    ['com.sun.security.auth.module.LdapLoginModule required;', /LdapLoginModule has no equivalent/],
  ];
  for (const [value, message] of cases) {
    const error = failure(() => parseJaas(value, 'f:1'));
    assert.match(error.message, message);
    assert.not.match(`${error.message} ${error.hint}`, 'hunter2');
  }
});

test('all problems come at once, and settings of the workload are left out with one note', () => {
  const notes: string[] = [];
  const read = (text: string) => clientSettings(parseProperties(text, 'f'), (line) => notes.push(line));
  const error = failure(() => read('security.protocol=SASL_SSL\nsasl.mechansim=PLAIN\nssl.provider=x\n'));
  assert.match(error.message, /3 problems/);
  assert.match(error.details.join('\n'), /sasl\.mechansim.*did you mean sasl\.mechanism/);
  assert.equal(
    read(
      'acks=all\nclient.dns.lookup=use_all_dns_ips\nsession.timeout.ms=45000\nkey.converter=x.Y\nclient.id= me \n',
    ),
    { 'client.id': 'me' },
  );
  assert.is(notes.length, 1);
  assert.match(notes[0] ?? '', /acks, client\.dns\.lookup, session\.timeout\.ms, key\.converter/);
});

test('every fault of every part is told in one answer', () => {
  const error = failure(() =>
    settings(
      [
        'security.protocol=SASL_SSL',
        'sasl.mechanism=NTLM',
        'sasl.jaas.config=com.sun.security.auth.module.LdapLoginModule required;',
        'ssl.truststore.location=/no/ca.pem',
        'ssl.keystore.location=/no/key.pem',
        'ssl.cipher.suites=x',
      ].join('\n'),
    ),
  );
  assert.match(error.message, /5 problems/);
  for (const part of [/NTLM/, /LdapLoginModule/, /ca\.pem/, /key\.pem/, /cipher/]) {
    assert.match(error.details.join('\n'), part);
  }
  const without = failure(() => settings('sasl.mechanism=PLAIN\nsasl.username=a\nssl.key.password=b'));
  assert.match(without.message, /3 problems/);
});

test('Java’s names that do not decide who connects are left out with one note, those that do are refused', () => {
  const notes: string[] = [];
  const read = (text: string) => clientSettings(parseProperties(text, 'f'), (line) => notes.push(line));
  read(
    [
      'security.protocol=SSL',
      'ssl.protocol=TLSv1.3',
      'ssl.enabled.protocols=TLSv1.2,TLSv1.3',
      'ssl.keymanager.algorithm=SunX509',
      'schema.registry.url=https://sr.example.com',
      'basic.auth.user.info=key:hunter2',
      'producer.sasl.jaas.config=hunter2',
    ].join('\n'),
  );
  assert.is(notes.length, 1);
  assert.match(
    notes[0] ?? '',
    /left out: ssl\.protocol, ssl\.enabled\.protocols, ssl\.keymanager\.algorithm, schema/,
  );
  assert.not.match(notes[0] ?? '', 'hunter2');
  assert.match(
    failure(() => read('security.protocol=SSL\nssl.enabled.protocols=TLSv1.3')).message,
    /no equivalent/,
  );
});

test('Kafka trims values, passwords too; what is in quotes of a JAAS line is kept', () => {
  const read = settings(
    'security.protocol=SSL\nssl.keystore.certificate.chain=c\nssl.keystore.key=k\nssl.key.password= sesame \t\n',
  );
  assert.is(read['ssl.key.password'], 'sesame');
  const quoted = settings(
    'security.protocol=SASL_SSL \nsasl.mechanism= PLAIN\nsasl.jaas.config=a.PlainLoginModule required username="u" password=" p ";  ',
  );
  assert.is(quoted['sasl.password'], ' p ');
});

test('the files that people bring are read as Kafka’s tools read them', () => {
  const cloud = settings(
    "security.protocol=SASL_SSL\nsasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='APIKEY12345' password='s3cr3t/with+signs==';\nsasl.mechanism=PLAIN\n",
  );
  assert.is(cloud['sasl.username'], 'APIKEY12345');
  assert.is(cloud['sasl.password'], 's3cr3t/with+signs==');
  const scram = settings(
    'security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\\n    username="load" \\\n    password=\'pa ss;word\';',
  );
  assert.is(scram['sasl.username'], 'load');
  assert.is(scram['sasl.password'], 'pa ss;word');
});

test.run();
