import { own } from '../../common/own.ts';
import { jsonLeaf } from './json-leaves.ts';
import { noFiniteValue, parseJson, refuse, type Serializer, unsupported } from './serializer.ts';
import { drawer, type Field, leaf, type Shape } from './shape.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Says nothing about what is valid. */
const ANNOTATIONS = new Set([
  ...['$schema', '$id', '$comment', '$anchor', '$defs', 'definitions', 'title', 'description', 'default'],
  ...['examples', 'deprecated', 'readOnly', 'writeOnly', 'contentMediaType', 'contentEncoding', 'javaType'],
]);

/** What may stand beside each type. */
const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength', 'format'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  boolean: [],
  null: [],
};
const NULL_WEIGHT = 0.2;

const isMap = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isOfType(value: unknown, type: string): boolean {
  if (value === null) return type === 'null';
  if (Array.isArray(value)) return type === 'array';
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

/** What says something about validity, of one schema. */
const keywordsOf = (schema: JsonSchema): string[] =>
  Object.keys(schema).filter((key) => !ANNOTATIONS.has(key) && !/^(x-|connect\.)/.test(key));

/** Without `type`, the type that the keywords are about; a text where they tell nothing. */
function typesOf(schema: JsonSchema): string[] {
  if (schema['type'] !== undefined) return [schema['type']].flat().map(String);
  const found = Object.keys(BY_TYPE).find((type) =>
    keywordsOf(schema).some((key) => BY_TYPE[type]?.includes(key)),
  );
  return [found ?? 'string'];
}

/** Shapes of one file's schemas; those that were met before by a reference are the same shape again. */
class Shapes {
  readonly #file: string;
  readonly #root: unknown;
  readonly #referenced = new Map<string, Shape>();

  constructor(file: string, root: unknown) {
    this.#file = file;
    this.#root = root;
  }

  /** @param at where the schema stands, as a JSON pointer; @param name of the field that it is the schema of. */
  of(schema: unknown, at: string, name: string): Shape {
    if (schema === true) return this.#ofType('string', {}, at, name);
    if (!isMap(schema)) {
      throw refuse(
        `${this.#file} is no JSON Schema: ${at} is ${JSON.stringify(schema)}, and no map of keywords`,
      );
    }
    for (const whole of ['$ref', 'const', 'enum', 'oneOf', 'anyOf']) {
      if (schema[whole] === undefined) continue;
      const beside = keywordsOf(schema).find((key) => key !== whole && key !== 'type');
      if (beside !== undefined) throw unsupported(this.#file, `"${beside}" beside "${whole}" (${at})`);
      return this.#whole(whole, schema, at, name);
    }
    const types = typesOf(schema);
    const allowed = ['type', ...types.flatMap((type) => own(BY_TYPE, type) ?? [])];
    const odd = keywordsOf(schema).find((key) => !allowed.includes(key));
    if (odd !== undefined) throw unsupported(this.#file, `"${odd}" (${at})`);
    const shapes = types.map((type) => ({ type, shape: this.#ofType(type, schema, at, name) }));
    return shapes.length === 1 && shapes[0] !== undefined ? shapes[0].shape : choice(shapes);
  }

  #whole(keyword: string, schema: JsonSchema, at: string, name: string): Shape {
    const value = schema[keyword];
    if (keyword === '$ref') return this.#reference(String(value), at, name);
    if (keyword === 'const') return this.#values([value], schema, at);
    if (!Array.isArray(value) || value.length === 0) {
      throw refuse(`${this.#file} is no JSON Schema: ${at}/${keyword} is no list with something in it`);
    }
    if (keyword === 'enum') return this.#values(value, schema, at);
    if (schema['type'] !== undefined) throw unsupported(this.#file, `"type" beside "${keyword}" (${at})`);
    const branches = value.map((one: unknown, index) => ({
      type: isMap(one) ? String(own(one, 'type') ?? index) : String(index),
      shape: this.of(one, `${at}/${keyword}/${index}`, name),
    }));
    if (keyword === 'oneOf') this.#refuseOverlap(value, at);
    return choice(branches);
  }

  /** Values that are listed, as far as they are of the type that stands beside them. */
  #values(listed: readonly unknown[], schema: JsonSchema, at: string): Shape {
    const types = schema['type'] === undefined ? null : typesOf(schema);
    const values = listed.filter((value) => types === null || types.some((type) => isOfType(value, type)));
    if (values.length === 0) throw refuse(`${this.#file}: no value listed in ${at} is of its type`);
    return leaf(({ random }) => values[random.int(values.length)]);
  }

  /** Of "exactly one" only what types tell apart can be promised. */
  #refuseOverlap(branches: readonly unknown[], at: string): void {
    const types = branches.flatMap((branch) => {
      const target = this.#target(branch);
      const found = isMap(target) && target['type'] !== undefined ? typesOf(target) : ['any'];
      return found.map((type) => (type === 'integer' ? 'number' : type));
    });
    const apart = !types.includes('any') && new Set(types).size === types.length;
    if (!apart && branches.length > 1) {
      throw unsupported(this.#file, `"oneOf" whose branches are not of different types (${at})`);
    }
  }

  #target(schema: unknown): unknown {
    const seen = new Set<unknown>();
    let one = schema;
    while (isMap(one) && one['$ref'] !== undefined && !seen.has(one)) {
      seen.add(one);
      one = this.#find(String(one['$ref']));
    }
    return one;
  }

  #find(reference: string): unknown {
    if (!/^#(\/|$)/.test(reference)) {
      throw unsupported(this.#file, `a "$ref" to another file or to an anchor ("${reference}")`);
    }
    const keys = reference.split('/').slice(1);
    const decoded = keys.map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
    const found = decoded.reduce<unknown>(
      (one, key) => (typeof one === 'object' && one !== null ? own(one as JsonSchema, key) : undefined),
      this.#root,
    );
    if (found === undefined) throw refuse(`${this.#file} is no JSON Schema: there is no ${reference}`);
    return found;
  }

  #reference(reference: string, at: string, name: string): Shape {
    const known = this.#referenced.get(reference);
    if (known !== undefined) return known;
    const branches: { shape: Shape; wrap: null; weight: number }[] = [];
    const shape: Shape = { kind: 'choice', branches };
    // Before what it refers to is read, which may refer to it again.
    this.#referenced.set(reference, shape);
    const last = reference.split('/').at(-1);
    const target = this.of(this.#find(reference), reference, name === '' ? (last ?? at) : name);
    branches.push({ shape: target, wrap: null, weight: 1 });
    return shape;
  }

  #ofType(type: string, schema: JsonSchema, at: string, name: string): Shape {
    if (type === 'object') return this.#object(schema, at);
    if (type === 'array') return this.#array(schema, at, name);
    if (own(BY_TYPE, type) === undefined)
      throw refuse(`${this.#file} is no JSON Schema: ${at} has the type "${type}"`);
    return jsonLeaf(type, schema, name, (what) => unsupported(this.#file, `${what} (${at})`));
  }

  #object(schema: JsonSchema, at: string): Shape {
    const { properties, required = [], additionalProperties } = schema;
    const names = isMap(properties) ? Object.keys(properties) : [];
    const needed = Array.isArray(required) ? required.map(String) : [];
    const bare = needed.find((one) => !names.includes(one));
    if (bare !== undefined)
      throw unsupported(this.#file, `a required property without a schema, "${bare}" (${at})`);
    if (names.length === 0 && isMap(additionalProperties)) {
      const value = this.of(additionalProperties, `${at}/additionalProperties`, '');
      return { kind: 'map', key: (where) => `k${where.random.int(1000)}`, value };
    }
    const fields = names.map((one): Field => {
      const part = own(properties as JsonSchema, one);
      const shape = this.of(part, `${at}/properties/${one}`, one);
      return { name: one, shape, optional: !needed.includes(one) };
    });
    return { kind: 'record', fields };
  }

  #array(schema: JsonSchema, at: string, name: string): Shape {
    if (Array.isArray(schema['items'])) throw unsupported(this.#file, `"items" as a list (${at})`);
    const min = Number(schema['minItems'] ?? 0);
    const max = Math.min(Number(schema['maxItems'] ?? Number.POSITIVE_INFINITY), Math.max(min, 5));
    if (!(max >= min)) throw unsupported(this.#file, `minItems ${min} above maxItems (${at})`);
    return { kind: 'list', item: this.of(schema['items'] ?? true, `${at}/items`, name), min, max };
  }
}

const choice = (shapes: readonly { readonly type: string; readonly shape: Shape }[]): Shape => ({
  kind: 'choice',
  branches: shapes.map(({ type, shape }) => ({
    shape,
    wrap: null,
    weight: type === 'null' ? NULL_WEIGHT : 1,
  })),
});

/**
 * Serializes values of a JSON Schema. Throws workload-invalid for a file that holds none, and for a keyword that values
 * cannot be made for: none is passed over.
 */
export function jsonSchemaSerializer(file: string): Serializer {
  const root = parseJson(file);
  const draw = drawer(new Shapes(file, root).of(root, '#', ''));
  if (draw === null) throw noFiniteValue(file);
  return { draw, encode: (value) => Buffer.from(JSON.stringify(value)), messageIndexes: null };
}
