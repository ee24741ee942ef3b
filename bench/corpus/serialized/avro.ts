import avsc from 'avsc';
import { decimalNumber, namedInteger, namedText, randomBytes, singleNumber, uuid } from './named-values.ts';
import { noFiniteValue, parseJson, refuse, type Serializer, unsupported, wordOf } from './serializer.ts';
import { type DrawAt, drawer, type Field, leaf, type Shape } from './shape.ts';

const INT = 2 ** 31 - 1;
const LONG = Number.MAX_SAFE_INTEGER;
const DAY_MS = 86_400_000;
/** Beside another branch, null is drawn this often. */
const NULL_WEIGHT = 0.2;

/** A logical type of the schema, whose values stay those of the type under it. */
class Logical extends avsc.types.LogicalType {
  readonly attributes: Readonly<Record<string, unknown>>;

  constructor(schema: avsc.Schema, options?: unknown) {
    super(schema, options);
    this.attributes = schema as unknown as Readonly<Record<string, unknown>>;
  }
  protected override _fromValue(value: unknown): unknown {
    return value;
  }
  protected override _toValue(value: unknown): unknown {
    return value;
  }
}

/** How the value of a logical type is drawn, by the type under it. A type that is not in its row leaves it without meaning. */
const LOGICAL: Readonly<
  Record<string, Readonly<Record<string, (type: Logical) => (at: DrawAt) => unknown>>>
> = {
  decimal: { bytes: (type) => decimal(type, null), fixed: (type) => decimal(type, sizeOf(type)) },
  uuid: {
    string: () => (at) => uuid(at.random),
    fixed: () => (at) => Buffer.from(uuid(at.random).replaceAll('-', ''), 'hex'),
  },
  date: { int: () => (at) => Math.floor(at.timeMs / DAY_MS) - at.random.int(30) },
  'time-millis': { int: () => (at) => at.timeMs % DAY_MS },
  'time-micros': { long: () => (at) => (at.timeMs % DAY_MS) * 1000 + at.random.int(1000) },
  'timestamp-millis': { long: () => (at) => at.timeMs },
  'timestamp-micros': { long: () => (at) => at.timeMs * 1000 + at.random.int(1000) },
  'local-timestamp-millis': { long: () => (at) => at.timeMs },
  'local-timestamp-micros': { long: () => (at) => at.timeMs * 1000 + at.random.int(1000) },
  duration: { fixed: () => duration },
};

/** Nanoseconds since 1970 are more than a JavaScript number holds exactly. */
const UNSUPPORTED_LOGICAL = ['timestamp-nanos', 'local-timestamp-nanos'];

const sizeOf = ({ underlyingType }: Logical): number => (underlyingType as avsc.types.FixedType).size;

/** The unscaled value, two's complement, big-endian. */
function decimal({ attributes }: Logical, sizeBytes: number | null): (at: DrawAt) => Buffer {
  const precision = Number(attributes['precision']);
  const limit = Math.min(10 ** Math.min(precision, 8), 2 ** (8 * Math.min(sizeBytes ?? 4, 4) - 1));
  return ({ random }) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(random.int(1 + random.int(limit)));
    if (sizeBytes !== null) {
      return sizeBytes <= 4
        ? bytes.subarray(4 - sizeBytes)
        : Buffer.concat([Buffer.alloc(sizeBytes - 4), bytes]);
    }
    let from = 0;
    while (from < 3 && bytes[from] === 0 && (bytes[from + 1] ?? 0) < 0x80) from++;
    return bytes.subarray(from);
  };
}

/** Months, days and milliseconds, each an unsigned little-endian 32-bit number. */
function duration({ random }: DrawAt): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(random.int(12), 0);
  bytes.writeUInt32LE(random.int(28), 4);
  bytes.writeUInt32LE(random.int(DAY_MS), 8);
  return bytes;
}

const logicalTypes = Object.fromEntries(Object.keys(LOGICAL).map((name) => [name, Logical]));

function typeOf(file: string): avsc.Type {
  const schema = parseJson(file) as avsc.Schema;
  const typeHook = (one: avsc.Schema): undefined => {
    const name = (one as { logicalType?: unknown } | null)?.logicalType;
    if (UNSUPPORTED_LOGICAL.includes(String(name))) throw unsupported(file, `the logical type ${name}`);
  };
  try {
    return avsc.Type.forSchema(schema, { logicalTypes, wrapUnions: true, typeHook });
  } catch (error) {
    if (error instanceof Error && error.name === 'KsweepError') throw error;
    throw refuse(`${file} is no Avro schema: ${wordOf(error)}`);
  }
}

/** The shape of a type; records that were met before are the same shape again. */
function shapeOf(type: avsc.Type, name: string, records: Map<avsc.Type, Shape>): Shape {
  const of = (part: avsc.Type, partName = name): Shape => shapeOf(part, partName, records);
  if (type instanceof Logical) {
    const draw = LOGICAL[type.typeName.replace('logical:', '')]?.[type.underlyingType.typeName];
    const unfit =
      type.typeName === 'logical:uuid' && type.underlyingType.typeName === 'fixed' && sizeOf(type) !== 16;
    return draw === undefined || unfit ? of(type.underlyingType) : leaf(draw(type));
  }
  if (type instanceof avsc.types.RecordType) {
    const known = records.get(type);
    if (known !== undefined) return known;
    const fields: Field[] = [];
    const shape: Shape = { kind: 'record', fields };
    records.set(type, shape);
    for (const field of type.fields) {
      fields.push({ name: field.name, shape: of(field.type, field.name), optional: false });
    }
    return shape;
  }
  if (type instanceof avsc.types.WrappedUnionType) {
    const branches = type.types.map((branch) => {
      const isNull = branch.typeName === 'null';
      return {
        shape: of(branch),
        wrap: isNull ? null : (branch.branchName ?? branch.typeName),
        weight: isNull ? NULL_WEIGHT : 1,
      };
    });
    return { kind: 'choice', branches };
  }
  if (type instanceof avsc.types.ArrayType) return { kind: 'list', item: of(type.itemsType), min: 0, max: 5 };
  if (type instanceof avsc.types.MapType) {
    return { kind: 'map', key: namedText('key'), value: of(type.valuesType as avsc.Type) };
  }
  if (type instanceof avsc.types.EnumType) {
    const { symbols } = type;
    return leaf(({ random }) => symbols[random.int(symbols.length)]);
  }
  if (type instanceof avsc.types.FixedType) {
    const { size } = type;
    return leaf(({ random }) => randomBytes(size, random));
  }
  return leaf(primitive(type.typeName, name));
}

function primitive(typeName: string, name: string): (at: DrawAt) => unknown {
  switch (typeName) {
    case 'null':
      return () => null;
    case 'boolean':
      return ({ random }) => random.int(4) > 0;
    case 'int':
      return namedInteger(name, 0, INT);
    case 'long':
      return namedInteger(name, 0, LONG);
    case 'float':
      return singleNumber;
    case 'double':
      return decimalNumber;
    case 'bytes':
      return ({ random }) => randomBytes(random.int(64), random);
    default:
      return namedText(name);
  }
}

/** Throws workload-invalid for a file that holds no Avro schema, with the parser's own words. */
export function avroSerializer(file: string): Serializer {
  const type = typeOf(file);
  const draw = drawer(shapeOf(type, type.name ?? '', new Map()));
  if (draw === null) throw noFiniteValue(file);
  return { draw, encode: (value) => type.toBuffer(value), messageIndexes: null };
}
