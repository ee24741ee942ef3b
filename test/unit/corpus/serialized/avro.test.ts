import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import avsc from 'avsc';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { avroSerializer } from '../../../../bench/corpus/serialized/avro.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('avro payloads');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-avro-'));
test.after(() => rmSync(folder, { recursive: true }));
const TIME_MS = 1_767_600_000_123;

function written(text: string): string {
  const file = join(folder, 'schema.avsc');
  writeFileSync(file, text);
  return file;
}

interface Decoded {
  readonly value: Record<string, unknown>;
  readonly hex: string;
}

/** Serialized, and read again by the library without our logical types. */
function decoded(schema: unknown, count: number, seed = 1): Decoded[] {
  const { draw, encode } = avroSerializer(written(JSON.stringify(schema)));
  const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const drawn = draw({ random, timeMs: TIME_MS });
    assert.ok(type.isValid(drawn), JSON.stringify(drawn));
    const bytes = Buffer.from(encode(drawn));
    const value = type.fromBuffer(bytes) as Record<string, unknown>;
    assert.is(type.toString(value), type.toString(drawn));
    return { value, hex: bytes.toString('hex') };
  });
}

const record = (fields: unknown[]): unknown => ({ type: 'record', name: 'Order', namespace: 'shop', fields });
const field = (name: string, type: unknown): unknown => ({ name, type });
const message = (schema: unknown, text = JSON.stringify(schema)): string => {
  try {
    avroSerializer(written(text));
  } catch (error) {
    return String(error);
  }
  throw new Error('expected an error');
};

test('nested records, unions, enums, arrays, maps and bytes come back from the library as they were drawn', () => {
  const schema = record([
    field('orderId', 'string'),
    field('status', { type: 'enum', name: 'Status', symbols: ['OPEN', 'PAID'] }),
    field('customer', { type: 'record', name: 'Customer', fields: [field('email', 'string')] }),
    field('lines', {
      type: 'array',
      items: { type: 'record', name: 'Line', fields: [field('quantity', 'int')] },
    }),
    field('tags', { type: 'map', values: 'double' }),
    field('note', ['null', 'string', 'shop.Customer']),
    field('hash', { type: 'fixed', name: 'Hash', size: 7 }),
    field('raw', 'bytes'),
  ]);
  const values = decoded(schema, 300).map(({ value }) => value);
  assert.ok(values.every((value) => /^\d+$/.test(String(value['orderId']))));
  assert.ok(values.every((value) => /@example\.com$/.test((value['customer'] as { email: string }).email)));
  assert.equal([...new Set(values.map((value) => value['status']))].sort(), ['OPEN', 'PAID']);
  const notes = new Set(values.map(({ note }) => (note === null ? 'null' : Object.keys(note as object)[0])));
  assert.equal([...notes].sort(), ['null', 'shop.Customer', 'string']);
});

test('logical types hold what they say', () => {
  const logical = (type: string, logicalType: string, more = {}): unknown => ({ type, logicalType, ...more });
  const schema = record([
    field('made', logical('long', 'timestamp-millis')),
    field('day', logical('int', 'date')),
    field('clock', logical('long', 'time-micros')),
    field('total', logical('bytes', 'decimal', { precision: 4, scale: 2 })),
    field('tax', logical('fixed', 'decimal', { name: 'Tax', size: 6, precision: 3 })),
    field('trace', logical('string', 'uuid')),
    field('span', logical('fixed', 'duration', { name: 'Span', size: 12 })),
    field('maybe', ['null', logical('long', 'timestamp-micros')]),
    // Without meaning on a string: the string is drawn.
    field('odd', logical('string', 'date')),
  ]);
  for (const { value } of decoded(schema, 300)) {
    assert.is(value['made'], TIME_MS);
    assert.ok(Math.abs(Number(value['day']) - TIME_MS / 86_400_000) < 32);
    assert.ok(Number(value['clock']) < 86_400_000_000);
    const total = value['total'] as Buffer;
    const unscaled = total.readIntBE(0, total.length);
    assert.ok(unscaled >= 0 && unscaled < 10_000);
    assert.ok((value['tax'] as Buffer).readIntBE(0, 6) < 1_000);
    assert.match(
      String(value['trace']),
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.ok((value['span'] as Buffer).readUInt32LE(0) < 12);
    assert.type(value['odd'], 'string');
  }
});

test('the same seed draws the same bytes, another seed others', () => {
  const schema = record([field('note', 'string'), field('count', 'long')]);
  const bytes = (seed: number): string[] => decoded(schema, 20, seed).map(({ hex }) => hex);
  assert.equal(bytes(7), bytes(7));
  assert.not.equal(bytes(7), bytes(8));
});

test('a record that may hold itself ends; one that must is refused', () => {
  const tree = (children: unknown): unknown => record([field('size', 'int'), field('more', children)]);
  decoded(tree({ type: 'array', items: 'shop.Order' }), 200);
  decoded(tree(['null', 'shop.Order']), 200);
  decoded(tree({ type: 'map', values: 'shop.Order' }), 200);
  assert.match(message(tree('shop.Order')), /schema\.avsc: no value of this schema has an end/);
});

test('what is no schema is refused with the file and the parser’s word', () => {
  assert.match(message(null, '{'), /records\.payload\.schema: .*schema\.avsc is no JSON: /);
  assert.match(
    message(record([field('a', 'Missing')])),
    /schema\.avsc is no Avro schema: undefined type.*Missing/,
  );
  const nanos = record([field('t', { type: 'long', logicalType: 'timestamp-nanos' })]);
  assert.match(message(nanos), /cannot make values of the logical type timestamp-nanos/);
  assert.throws(() => avroSerializer(join(folder, 'none.avsc')), /none\.avsc cannot be read/);
});

test('of any schema every value is valid and comes back', () => {
  let names = 0;
  let held = 0;
  const primitive = fc.constantFrom('null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string');
  const { type } = fc.letrec<{ type: unknown }>((tie) => ({
    type: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      primitive,
      fc.array(primitive, { minLength: 1, maxLength: 4 }).map((all) => [...new Set(all)]),
      tie('type').map((items) => ({ type: 'array', items })),
      tie('type').map((values) => ({ type: 'map', values })),
      fc.integer({ min: 1, max: 20 }).map((size) => ({ type: 'fixed', name: `F${names++}`, size })),
      fc.array(tie('type'), { maxLength: 4 }).map((types) => ({
        type: 'record',
        name: `R${names++}`,
        fields: types.map((one, index) => field(`f${index}`, one)),
      })),
    ),
  }));
  fc.assert(
    fc.property(type, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (schema, seed) => {
      // A name may come up twice where fast-check uses a part again: such a schema is no schema.
      try {
        avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
      } catch {
        return;
      }
      decoded(schema, 5, seed);
      held++;
    }),
    { numRuns: 150, seed: 18 },
  );
  assert.ok(held > 100, `${held} schemas`);
});

test.run();
