import * as assert from 'uvu/assert';
import { answerToken, type TokenTaker } from '../../../../bench/client/tokens/answer.ts';
import { googleToken, provideToken, regionOf } from '../../../../bench/client/tokens/provide.ts';
import { splitTokens, TOKENS_BY, type TokenSpec } from '../../../../bench/client/tokens/spec.ts';
import { redactText } from '../../../../bench/common/redact.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('tokens by provider', { timeoutMs: 30_000 });

const MSK: TokenSpec = {
  provider: 'msk-iam',
  region: null,
  profile: null,
  roleArn: null,
  roleSessionName: null,
};
const SERVERS = 'b-1.name.abc123.c2.kafka.eu-west-1.amazonaws.com:9098';
const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION', 'AWS_SESSION_TOKEN'] as const;
const before = NAMES.map((name) => process.env[name]);

test.before(() => {
  for (const name of NAMES) delete process.env[name];
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIAEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'not-a-real-secret';
});
test.after(() => {
  for (const [index, name] of NAMES.entries()) {
    if (before[index] === undefined) delete process.env[name];
    else process.env[name] = before[index];
  }
});

test('the region is the one that the brokers’ address names', () => {
  assert.is(regionOf(SERVERS), 'eu-west-1');
  assert.is(regionOf('boot-abc.c1.kafka-serverless.us-east-2.amazonaws.com:9098'), 'us-east-2');
  assert.is(regionOf('b-1.x.kafka.cn-north-1.amazonaws.com.cn:9098,b-2.x'), 'cn-north-1');
  assert.is(regionOf('kafka-1:9092'), null);
});

test('a token of Amazon MSK is a signed request for kafka-cluster:Connect, of the region and for a quarter of an hour', async () => {
  const { value, expiresAtMs } = await provideToken(MSK, SERVERS);
  const url = new URL(Buffer.from(value, 'base64url').toString());
  assert.is(url.hostname, 'kafka.eu-west-1.amazonaws.com');
  assert.is(url.searchParams.get('Action'), 'kafka-cluster:Connect');
  assert.match(
    url.searchParams.get('X-Amz-Credential') ?? '',
    /^AKIAEXAMPLE\/\d+\/eu-west-1\/kafka-cluster\//,
  );
  assert.is(url.searchParams.get('X-Amz-Expires'), '900');
  assert.match(url.searchParams.get('X-Amz-Signature') ?? '', /^[0-9a-f]{64}$/);
  const leftSec = (expiresAtMs - Date.now()) / 1000;
  assert.ok(leftSec > 600 && leftSec <= 900, `${leftSec} s left`);
  // A token that an error repeats is no longer to be read there.
  assert.not.match(redactText(`refused: ${value}`), value);
});

test('AWS_REGION goes before the address, and without either it is asked for', async () => {
  process.env['AWS_REGION'] = 'ap-south-1';
  const { value } = await provideToken(MSK, SERVERS);
  assert.is(new URL(Buffer.from(value, 'base64url').toString()).hostname, 'kafka.ap-south-1.amazonaws.com');
  delete process.env['AWS_REGION'];
  let message = '';
  await provideToken(MSK, 'kafka-1:9092').catch((error: Error) => {
    message = error.message;
  });
  assert.match(message, /region is not known: set AWS_REGION/);
});

test('a token of Google has its account in the middle and the access token at the end', () => {
  const { value, principal } = googleToken(
    'ya29.x',
    'load@project.iam.gserviceaccount.com',
    5_000_000,
    1_400_000,
  );
  const [header, payload, signature] = value
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString());
  assert.equal(JSON.parse(header ?? ''), { typ: 'JWT', alg: 'GOOG_OAUTH2_TOKEN' });
  assert.equal(JSON.parse(payload ?? ''), {
    exp: 5_000,
    iat: 1_400,
    iss: 'Google',
    scope: 'kafka',
    sub: 'load@project.iam.gserviceaccount.com',
  });
  assert.equal([signature, principal], ['ya29.x', 'load@project.iam.gserviceaccount.com']);
});

/** What a client hears. */
function taker() {
  const heard: unknown[][] = [];
  const client: TokenTaker = {
    setToken: (...values) => void heard.push(values),
    tokenFailed: (reason) => void heard.push([reason]),
  };
  return { heard, client };
}

const given = { [TOKENS_BY]: JSON.stringify(MSK), 'bootstrap.servers': SERVERS };

test('a client hears of its token or of why there is none, and a closed one of nothing', async () => {
  const token = { value: 'v', expiresAtMs: 5, principal: 'p' };
  const { heard, client } = taker();
  await answerToken(
    given,
    () => client,
    async () => token,
  );
  await answerToken(
    given,
    () => client,
    async () => {
      throw new Error('no credentials');
    },
  );
  await answerToken(
    {},
    () => client,
    async () => token,
  );
  await answerToken(
    given,
    () => {
      throw new Error('the client is closed');
    },
    async () => token,
  );
  assert.equal(heard, [['v', 5, 'p'], ['no credentials']]);
});

test('the specification never reaches librdkafka, which knows no such setting', () => {
  assert.equal(splitTokens(given), { settings: { 'bootstrap.servers': SERVERS }, spec: MSK });
});

test.run();
