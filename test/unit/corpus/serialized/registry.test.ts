import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { protobufSerializer } from '../../../../bench/corpus/serialized/protobuf.ts';
import { fetchSchema } from '../../../../bench/corpus/serialized/registry.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('schemas of a registry', { timeoutMs: 20_000 });
const folder = mkdtempSync(join(tmpdir(), 'ksweep-registry-'));

const AVRO = '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}]}';
const ORDER =
  'syntax = "proto3"; package shop; import "shop/money.proto"; message Order { Money total = 1; Line line = 2; message Line { string sku = 1; } }';
const MONEY = 'syntax = "proto3"; package shop; message Money { string currency = 1; int64 units = 2; }';

/** What a registry answers, by path (REST interface of Confluent's Schema Registry). */
const ANSWERS: Readonly<Record<string, object>> = {
  '/subjects/orders-value/versions/latest': { subject: 'orders-value', id: 42, version: 3, schema: AVRO },
  '/subjects/a%2Fb%20c/versions/2': { id: 7, version: 2, schemaType: 'JSON', schema: '{"type":"object"}' },
  '/subjects/shop/versions/latest': {
    id: 9,
    version: 1,
    schemaType: 'PROTOBUF',
    schema: ORDER,
    references: [{ name: 'shop/money.proto', subject: 'money', version: 4 }],
  },
  '/subjects/money/versions/4': { id: 8, version: 4, schemaType: 'PROTOBUF', schema: MONEY },
  '/subjects/linked/versions/latest': {
    id: 1,
    version: 1,
    schema: AVRO,
    references: [{ name: 'x', subject: 'other', version: 1 }],
  },
  '/subjects/outside/versions/latest': {
    id: 1,
    version: 1,
    schemaType: 'PROTOBUF',
    schema: ORDER,
    references: [{ name: '../../money.proto', subject: 'money', version: 4 }],
  },
  '/subjects/strange/versions/latest': { hello: 'world' },
};

let server: Server;
let registry: string;
const logins: (string | undefined)[] = [];

test.before(async () => {
  server = createServer((request, response) => {
    logins.push(request.headers.authorization);
    if (request.url === '/subjects/secret/versions/latest') {
      response.writeHead(401).end('{"error_code":401}');
      return;
    }
    const answer = ANSWERS[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, {
      'content-type': 'application/vnd.schemaregistry.v1+json',
    });
    response.end(JSON.stringify(answer ?? { error_code: 40401 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
test.after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const latest = (subject: string) => ({ registry, subject, version: 'latest' }) as const;

test('a subject’s newest schema, with its id', async () => {
  const { file, schemaId, version } = await fetchSchema('avro', latest('orders-value'), folder, {});
  assert.equal([schemaId, version, readFileSync(file, 'utf8')], [42, 3, AVRO]);
});

test('a version, of a subject whose name has to be escaped', async () => {
  const found = await fetchSchema('json-schema', { registry, subject: 'a/b c', version: 2 }, folder, {});
  assert.is(found.schemaId, 7);
  assert.ok(found.file.startsWith(folder));
});

test('what a .proto file imports comes from the registry, too', async () => {
  const { file } = await fetchSchema('protobuf', latest('shop'), join(folder, 'shop'), {});
  const { draw, encode, messageIndexes } = protobufSerializer(file, 'Order.Line');
  assert.equal(messageIndexes, [0, 0]);
  assert.ok(encode(draw({ random: createRandom(1), timeMs: 1 })).length > 0);
  assert.equal(protobufSerializer(file, undefined).messageIndexes, [0]);
});

test('user and password, or a token, log in', async () => {
  const by = async (given: string): Promise<string | undefined> => {
    await fetchSchema('avro', latest('orders-value'), folder, { KSWEEP_SCHEMA_REGISTRY_AUTH: given });
    return logins.at(-1);
  };
  assert.is(await by('alice:wonder:land'), `Basic ${Buffer.from('alice:wonder:land').toString('base64')}`);
  assert.is(await by('eyJhbGciOi'), 'Bearer eyJhbGciOi');
});

for (const [what, subject, expected] of [
  ['another kind', 'shop', /subject shop is PROTOBUF, not AVRO/],
  ['no such subject', 'nobody', /has no version latest of subject nobody/],
  ['no login', 'secret', /refused the login \(401\)/],
  ['references', 'linked', /refers to other subjects \(other\)/],
  ['something else', 'strange', /answered 200, and not with a schema/],
] as const) {
  test(`${what} is told in words`, async () => {
    const told = await fetchSchema('avro', latest(subject), folder, {}).then(
      () => 'fetched',
      (error: Error) => error.message,
    );
    assert.match(told, expected);
  });
}

test('a reference that leads out of its folder is not followed, and silence is told', async () => {
  const told = (subject: string, from = registry): Promise<string> =>
    fetchSchema('protobuf', { ...latest(subject), registry: from }, folder, {}).then(
      () => 'fetched',
      (error: Error) => error.message,
    );
  assert.match(await told('outside'), /a reference is called \.\.\/\.\.\/money\.proto/);
  assert.match(await told('shop', 'http://127.0.0.1:9'), /did not answer/);
});

test.run();
