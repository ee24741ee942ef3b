import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import { jsonSchemaSerializer } from '../../../../bench/corpus/serialized/json-schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('JSON Schema payloads');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-json-schema-'));
test.after(() => rmSync(folder, { recursive: true }));
const TIME_MS = 1_767_600_000_123;

function written(schema: unknown): string {
  const file = join(folder, 'schema.json');
  writeFileSync(file, JSON.stringify(schema));
  return file;
}

/** Serialized, parsed again, and judged by another library. */
function values(schema: object | boolean, count: number, seed = 1): unknown[] {
  const { draw, encode } = jsonSchemaSerializer(written(schema));
  const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const value: unknown = JSON.parse(
      Buffer.from(encode(draw({ random, timeMs: TIME_MS }))).toString('utf8'),
    );
    assert.ok(valid(value), `${JSON.stringify(value)} ${JSON.stringify(valid.errors)}`);
    return value;
  });
}

const refused = (schema: unknown): string => {
  try {
    jsonSchemaSerializer(written(schema));
  } catch (error) {
    return String(error);
  }
  throw new Error('expected an error');
};

const ORDER = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Order',
  type: 'object',
  additionalProperties: false,
  required: ['orderId', 'lines', 'status'],
  properties: {
    orderId: { type: 'string' },
    status: { enum: ['open', 'paid'] },
    note: { oneOf: [{ type: 'null' }, { type: 'string', maxLength: 20 }] },
    lines: { type: 'array', minItems: 1, maxItems: 3, items: { $ref: '#/$defs/line' } },
    prices: { type: 'object', additionalProperties: { type: 'number', exclusiveMinimum: 0 } },
    createdAt: { type: 'string', format: 'date-time' },
    mail: { type: ['string', 'null'], format: 'email' },
    parent: { $ref: '#' },
  },
  $defs: {
    line: {
      type: 'object',
      properties: { quantity: { type: 'integer', minimum: 1, maximum: 9 }, kind: { const: 'line' } },
      required: ['quantity', 'kind'],
    },
  },
};

test('nested objects, lists, maps, choices and references are valid, and filled by their names', () => {
  const drawn = values(ORDER, 300) as Record<string, unknown>[];
  assert.ok(drawn.every(({ orderId }) => /^\d+$/.test(String(orderId))));
  assert.equal([...new Set(drawn.map(({ status }) => status))].sort(), ['open', 'paid']);
  assert.ok(
    drawn.every(
      ({ createdAt = new Date(TIME_MS).toISOString() }) => createdAt === '2026-01-05T08:00:00.123Z',
    ),
  );
  assert.ok(drawn.some(({ note }) => note === null) && drawn.some(({ note }) => typeof note === 'string'));
  assert.ok(drawn.some(({ parent }) => (parent as { parent?: unknown } | undefined)?.parent !== undefined));
  assert.ok(drawn.some(({ mail }) => String(mail).endsWith('@example.com')));
});

test('the same seed draws the same values, another seed others', () => {
  assert.equal(values(ORDER, 20, 7), values(ORDER, 20, 7));
  assert.not.equal(values(ORDER, 20, 7), values(ORDER, 20, 8));
});

test('references in a circle end, or are refused where they cannot', () => {
  values({ $ref: '#/$defs/tree', $defs: { tree: { type: 'array', items: { $ref: '#/$defs/tree' } } } }, 50);
  assert.match(
    refused({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }),
    /no value of this schema has an end/,
  );
});

test('a keyword that values cannot be made for is named, with its place', () => {
  const property = (schema: unknown): string => refused({ type: 'object', properties: { a: schema } });
  assert.match(
    property({ type: 'string', pattern: '^a' }),
    /schema\.json: .*values of "pattern" \(#\/properties\/a\)/,
  );
  assert.match(property({ allOf: [{ type: 'string' }] }), /"allOf"/);
  assert.match(property({ type: 'string', format: 'iri' }), /the format "iri" \(#\/properties\/a\)/);
  assert.match(property({ oneOf: [{ type: 'integer' }, { type: 'number' }] }), /"oneOf" whose branches/);
  assert.match(property({ $ref: 'other.json#/a' }), /"\$ref" to another file/);
  assert.match(property({ $ref: '#/$defs/none' }), /there is no #\/\$defs\/none/);
  assert.match(property({ type: 'strin' }), /#\/properties\/a has the type "strin"/);
  assert.match(property({ type: 'integer', minimum: 5, maximum: 4 }), /bounds that no whole number lies in/);
  assert.match(property({ type: 'string', enum: [1] }), /no value listed in #\/properties\/a is of its type/);
  assert.match(property(7), /#\/properties\/a is 7, and no map of keywords/);
  assert.match(refused({ type: 'object', required: ['b'] }), /a required property without a schema, "b"/);
});

test('of any schema every value is valid', () => {
  const bounds = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 3, max: 90 }));
  const { schema } = fc.letrec<{ schema: object }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom({ type: 'null' }, { type: 'boolean' }, { type: 'string' }, { type: 'number' }, {}),
      fc.constantFrom(
        { type: 'integer', multipleOf: 7 },
        { type: ['null', 'string'] },
        { enum: [1, 'a', null] },
      ),
      bounds.map(([low, range]) => ({ type: 'integer', minimum: low, exclusiveMaximum: low + range })),
      bounds.map(([low, range]) => ({ type: 'integer', maximum: low, exclusiveMinimum: low - range })),
      bounds.map(([low, range]) => ({ type: 'number', exclusiveMinimum: low, maximum: low + range })),
      bounds.map(([low]) => ({ type: 'number', exclusiveMaximum: low })),
      bounds.map(([low, range]) => ({ minLength: low + 50, maxLength: low + 50 + range })),
      tie('schema').map((items) => ({ type: 'array', items, minItems: 2 })),
      tie('schema').map((additionalProperties) => ({ type: 'object', additionalProperties })),
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      fc.dictionary(fc.constantFrom('id', 'name', 'at', 'price', 'x'), tie('schema')).map((properties) => ({
        type: 'object',
        properties,
        required: Object.keys(properties).slice(0, 2),
        additionalProperties: false,
      })),
    ),
  }));
  fc.assert(
    fc.property(schema, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (one, seed) => {
      values(one, 3, seed);
    }),
    { numRuns: 40, seed: 18 },
  );
});

test.run();
