import protobuf from 'protobufjs';
import { nearest } from '../../common/nearest.ts';
import { decimalNumber, namedInteger, namedText, randomBytes, singleNumber } from './named-values.ts';
import { withImports } from './protobuf-imports.ts';
import { noFiniteValue, readSchema, refuse, type Serializer, unsupported, wordOf } from './serializer.ts';
import { type DrawAt, drawer, type Field, leaf, type Shape } from './shape.ts';

const INT32 = 2 ** 31 - 1;
const UINT32 = 2 ** 32 - 1;
/** How often a oneof has no field set, beside one of its fields. */
const UNSET_WEIGHT = 0.2;

/** The message types of a file or message, in the order in which they are written, as the registry counts them. */
const messagesOf = (space: protobuf.NamespaceBase): protobuf.Type[] =>
  space.nestedArray.filter((one) => one instanceof protobuf.Type);

interface Message {
  readonly type: protobuf.Type;
  readonly indexes: readonly number[];
  /** As the file names it: "Order.Line". */
  readonly name: string;
}

function allMessages(space: protobuf.NamespaceBase, around: readonly number[], prefix: string): Message[] {
  return messagesOf(space).flatMap((type, index) => {
    const one = { type, indexes: [...around, index], name: `${prefix}${type.name}` };
    return [one, ...allMessages(type, one.indexes, `${one.name}.`)];
  });
}

function parsed(file: string): { readonly messages: readonly Message[]; readonly packageName: string } {
  const root = new protobuf.Root();
  try {
    // By itself: imported files of the same package must not be counted among its messages.
    const alone = new protobuf.Root();
    const { package: packageName = '' } = protobuf.parse(readSchema(file), alone, { keepCase: true });
    for (const { path, text } of withImports(file)) {
      if (path === null) root.addJSON(protobuf.common.get(text)?.nested ?? {});
      else protobuf.parse(text, root, { keepCase: true });
    }
    root.resolveAll();
    const space = packageName === '' ? alone : alone.lookup(packageName);
    const own = space instanceof protobuf.Namespace ? allMessages(space, [], '') : [];
    const messages = own.map((one) => ({ ...one, type: root.lookupType(one.type.fullName) }));
    return { messages, packageName };
  } catch (error) {
    if (error instanceof Error && error.name === 'KsweepError') throw error;
    throw refuse(`${file} is no Protobuf schema: ${wordOf(error)}`);
  }
}

/** The message that is meant: by its name in the file or its full name, else the first one. */
function messageOf(file: string, name: string | undefined): Message {
  const { messages, packageName } = parsed(file);
  const found = messages.find(
    (one) => name === undefined || [one.name, `${packageName}.${one.name}`].includes(name),
  );
  if (found !== undefined) return found;
  if (name === undefined) throw refuse(`${file} has no message`);
  const names = messages.map((one) => one.name);
  const guess = nearest(name, names);
  const meant = guess === undefined ? `: ${names.join(', ')}` : `; did you mean ${guess}?`;
  throw refuse(`${file} has no message ${name}${meant}`);
}

/** Google's own messages whose numbers mean something together. */
const WELL_KNOWN: Readonly<Record<string, (at: DrawAt) => unknown>> = {
  '.google.protobuf.Timestamp': ({ timeMs }) => ({
    seconds: Math.floor(timeMs / 1000),
    nanos: (timeMs % 1000) * 1_000_000,
  }),
  '.google.protobuf.Duration': ({ random }) => ({
    seconds: random.int(86_400),
    nanos: random.int(1000) * 1_000_000,
  }),
};

/** How a scalar is drawn, by the type and the name of its field. */
function scalar(type: string, name: string): (at: DrawAt) => unknown {
  switch (type) {
    case 'double':
      return decimalNumber;
    case 'float':
      return singleNumber;
    case 'bool':
      return ({ random }) => random.int(4) > 0;
    case 'string':
      return namedText(name);
    case 'bytes':
      return ({ random }) => randomBytes(random.int(64), random);
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      return namedInteger(name, 0, INT32);
    case 'uint32':
    case 'fixed32':
      return namedInteger(name, 0, UINT32);
    default:
      return namedInteger(name, 0, Number.MAX_SAFE_INTEGER);
  }
}

/** Shapes of one file's messages; those that were met before are the same shape again. */
class Shapes {
  readonly #file: string;
  readonly #messages = new Map<protobuf.Type, Shape>();

  constructor(file: string) {
    this.#file = file;
  }

  message(type: protobuf.Type): Shape {
    const known = this.#messages.get(type);
    if (known !== undefined) return known;
    if (type.fullName === '.google.protobuf.Any') throw unsupported(this.#file, 'google.protobuf.Any');
    const wellKnown = WELL_KNOWN[type.fullName];
    if (wellKnown !== undefined) return leaf(wellKnown);
    const fields: Field[] = [];
    const shape: Shape = { kind: 'record', fields };
    this.#messages.set(type, shape);
    for (const field of type.fieldsArray) if (field.partOf === null) fields.push(this.#field(field));
    for (const oneof of type.oneofsArray) {
      const branches = oneof.fieldsArray.map((field) => {
        return { shape: this.#value(field), wrap: field.name, weight: 1 };
      });
      const unset = { shape: leaf(() => ({})), wrap: null, weight: UNSET_WEIGHT };
      fields.push({ name: null, shape: { kind: 'choice', branches: [...branches, unset] }, optional: false });
    }
    return shape;
  }

  #field(field: protobuf.Field): Field {
    const { name, repeated, required } = field;
    if (field instanceof protobuf.MapField) {
      if (field.keyType === 'bool') throw unsupported(this.#file, `a map with bool keys (${field.fullName})`);
      const drawKey = scalar(field.keyType, 'key');
      const shape: Shape = { kind: 'map', key: (at) => String(drawKey(at)), value: this.#value(field) };
      return { name, shape, optional: false };
    }
    const value = this.#value(field);
    if (repeated) return { name, shape: { kind: 'list', item: value, min: 0, max: 5 }, optional: false };
    // The library tells presence of scalars only; a message may always be left out.
    const present = field.hasPresence || field.resolvedType instanceof protobuf.Type;
    return { name, shape: value, optional: !required && present };
  }

  #value(field: protobuf.Field): Shape {
    const { resolvedType } = field;
    if (field.delimited) throw unsupported(this.#file, `a group (${field.fullName})`);
    if (resolvedType instanceof protobuf.Type) return this.message(resolvedType);
    if (resolvedType instanceof protobuf.Enum) {
      const values = Object.values(resolvedType.values);
      return leaf(({ random }) => values[random.int(values.length)]);
    }
    return leaf(scalar(field.type, field.name));
  }
}

/**
 * Serializes values of a message of a .proto file; without a name, of its first one. Throws workload-invalid for a file
 * that holds no schema, with the parser's own words, and for a message that it does not have.
 */
export function protobufSerializer(file: string, name: string | undefined): Serializer {
  const { type, indexes } = messageOf(file, name);
  const draw = drawer(new Shapes(file).message(type));
  if (draw === null) throw noFiniteValue(file);
  return { draw, encode: (value) => type.encode(value as object).finish(), messageIndexes: indexes };
}
