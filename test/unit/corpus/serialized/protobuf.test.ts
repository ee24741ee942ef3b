import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { protobufSerializer } from '../../../../bench/corpus/serialized/protobuf.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('protobuf payloads');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-protobuf-'));
test.after(() => rmSync(folder, { recursive: true }));
const TIME_MS = 1_767_600_000_123;
const options = { longs: Number, bytes: String };

function written(text: string): string {
  const file = join(folder, 'schema.proto');
  writeFileSync(file, text);
  return file;
}

interface Decoded {
  readonly value: Record<string, unknown>;
  readonly hex: string;
}

/** Serialized, and read again by a parser of its own. */
function decoded(text: string, name: string, count: number, seed = 1): Decoded[] {
  const { draw, encode } = protobufSerializer(written(text), name);
  const type = protobuf.parse(text, { keepCase: true }).root.lookupType(name);
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const drawn = draw({ random, timeMs: TIME_MS }) as Record<string, unknown>;
    assert.is(type.verify(drawn), null, JSON.stringify(drawn));
    const bytes = encode(drawn);
    const value = type.toObject(type.decode(bytes), options);
    const meant = type.toObject(type.fromObject(drawn), { ...options, defaults: true });
    assert.equal(type.toObject(type.decode(bytes), { ...options, defaults: true }), meant);
    return { value, hex: Buffer.from(bytes).toString('hex') };
  });
}

const ORDERS = `
syntax = "proto3";
package shop.v1;
import "google/protobuf/timestamp.proto";
enum Status { UNKNOWN = 0; PAID = 3; }
message Customer { string email = 1; optional string first_name = 2; }
message Order {
  message Line { string sku = 1; int32 quantity = 2; sint64 delta = 3; }
  enum Kind { A = 0; }
  message Deep { message Deeper { bool ok = 1; } Deeper in = 1; }
  fixed64 id = 1;
  Status status = 2;
  Customer customer = 3;
  repeated Line lines = 4;
  map<string, double> prices = 5;
  map<int64, Line> by_number = 6;
  oneof payment { string card = 7; int64 voucher = 8; }
  google.protobuf.Timestamp created_at = 9;
  bytes raw = 10;
  Order parent = 11;
  repeated float ratios = 12;
}`;

const message = (text: string, name?: string): string => {
  try {
    protobufSerializer(written(text), name);
  } catch (error) {
    return String(error);
  }
  throw new Error('expected an error');
};

test('nested messages, oneofs, enums, lists, maps and bytes come back from the library as they were drawn', () => {
  // The library's own Timestamp is not in a parser that was given no import.
  const text = ORDERS.replace(/^import.*$/m, '').replace('google.protobuf.Timestamp', 'Customer');
  const values = decoded(text, 'shop.v1.Order', 300).map(({ value }) => value);
  const payments = new Set(values.map((value) => ['card', 'voucher'].filter((name) => name in value).join()));
  assert.equal([...payments].sort(), ['', 'card', 'voucher']);
  assert.equal([...new Set(values.map((value) => value['status'] ?? 0))].sort(), [0, 3]);
  const customers = values.map((value) => value['customer']).filter((one) => one !== undefined) as {
    email: string;
  }[];
  assert.ok(customers.length > 100 && customers.every(({ email }) => email.endsWith('@example.com')));
  assert.ok(
    values.some((value) => (value['parent'] as { parent?: unknown } | undefined)?.parent !== undefined),
  );
});

test('a Timestamp is the time of the record', () => {
  const { draw } = protobufSerializer(written(ORDERS), 'Order');
  const random = createRandom(1);
  const times = Array.from({ length: 50 }, () => draw({ random, timeMs: TIME_MS }) as Record<string, unknown>)
    .map((value) => value['created_at'])
    .filter((time) => time !== undefined);
  assert.ok(times.length > 10);
  for (const time of times) assert.equal(time, { seconds: 1_767_600_000, nanos: 123_000_000 });
});

test('a message is found by its name, and its path counts messages only', () => {
  const path = (name?: string) => protobufSerializer(written(ORDERS), name).messageIndexes;
  assert.equal(path(), [0]);
  assert.equal(path('Customer'), [0]);
  assert.equal(path('shop.v1.Order'), [1]);
  assert.equal(path('Order.Line'), [1, 0]);
  assert.equal(path('Order.Deep.Deeper'), [1, 1, 0]);
});

test('the same seed draws the same bytes, another seed others', () => {
  const text = 'syntax = "proto3"; message A { string note = 1; int64 count = 2; }';
  const bytes = (seed: number): string[] => decoded(text, 'A', 20, seed).map(({ hex }) => hex);
  assert.equal(bytes(7), bytes(7));
  assert.not.equal(bytes(7), bytes(8));
});

test('what cannot be used is refused with the file and the parser’s word', () => {
  assert.match(message('message {'), /schema\.proto is no Protobuf schema: illegal .*line 1/);
  assert.match(message('syntax = "proto3"; message A { B b = 1; }'), /is no Protobuf schema: no such .*B/);
  assert.match(message(ORDERS, 'Ordr'), /has no message Ordr; did you mean Order\?/);
  assert.match(message('syntax = "proto3"; enum A { B = 0; }'), /has no message$/);
  const proto3 = (text: string): string => message(`syntax = "proto3"; ${text}`);
  assert.match(
    proto3('import "other.proto"; message A {}'),
    /imports "other\.proto", which is in no folder around it/,
  );
  assert.match(
    proto3('import "google/protobuf/any.proto"; message A { google.protobuf.Any a = 1; }'),
    /protobuf\.Any/,
  );
  assert.match(proto3('message A { map<bool, string> a = 1; }'), /a map with bool keys \(\.A\.a\)/);
  assert.match(
    message('syntax = "proto2"; message A { optional group G = 1 { optional int32 b = 1; } }'),
    /a group/,
  );
  assert.match(
    message('syntax = "proto2"; message A { required A a = 1; }'),
    /no value of this schema has an end/,
  );
});

test('of any messages every value is valid and comes back', () => {
  const scalars =
    'double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes';
  const type = fc.constantFrom(...scalars.split(' '), 'E', 'M0', 'M1', 'M2');
  const key = fc.constantFrom(
    'string',
    'int32',
    'int64',
    'uint32',
    'uint64',
    'sint32',
    'sint64',
    'fixed32',
    'sfixed64',
  );
  const field = fc.oneof(
    type.map((one) => (n: number) => `${one} f${n} = ${n};`),
    type.map((one) => (n: number) => `optional ${one} f${n} = ${n};`),
    type.map((one) => (n: number) => `repeated ${one} f${n} = ${n};`),
    fc.tuple(key, type).map(
      ([from, to]) =>
        (n: number) =>
          `map<${from}, ${to}> f${n} = ${n};`,
    ),
    type.map((one) => (n: number) => `oneof o${n} { ${one} f${n} = ${n}; string g${n} = ${n + 100}; }`),
  );
  const body = fc
    .array(field, { maxLength: 6 })
    .map((fields) => fields.map((one, i) => one(i + 1)).join(' '));
  fc.assert(
    fc.property(fc.tuple(body, body, body), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (bodies, seed) => {
      const messages = bodies.map((one, index) => `message M${index} { ${one} }`);
      decoded(`syntax = "proto3"; enum E { Z = 0; X = -1; Y = 7; } ${messages.join(' ')}`, 'M0', 3, seed);
    }),
    { numRuns: 100, seed: 18 },
  );
});

test.run();
