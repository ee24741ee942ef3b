import { z } from 'zod';

const schemaFile = z.string().min(1).meta({ description: 'The schema, relative to the workload file.' });
const schemaId = z.int().min(0).max(0x7fff_ffff).meta({
  description: "The schema's id in the registry, written into each record (docs/serialized.md).",
});

const avroPayload = z.strictObject({ source: z.literal('avro'), schema: schemaFile, schemaId }).meta({
  description: 'Values of an Avro schema, generated, in the wire format of Confluent’s serializers.',
});

const protobufPayload = z
  .strictObject({
    source: z.literal('protobuf'),
    schema: schemaFile,
    message: z.string().min(1).optional().meta({
      description:
        'The message by its name in the file, such as Order or Order.Line; default: the first one.',
    }),
    schemaId,
  })
  .meta({
    description: 'Messages of a .proto file, generated, in the wire format of Confluent’s serializers.',
  });

const jsonSchemaPayload = z
  .strictObject({ source: z.literal('json-schema'), schema: schemaFile, schemaId })
  .meta({
    description: 'Values of a JSON Schema, generated, in the wire format of Confluent’s serializers.',
  });

/** Where the bytes of records come from. */
export const payloadSchema = z.discriminatedUnion('source', [
  z
    .strictObject({ source: z.literal('json') })
    .meta({ description: 'Generated JSON events with realistic fields.' }),
  z.strictObject({ source: z.literal('random'), randomShare: z.number().min(0).max(1).default(1) }),
  z.strictObject({
    source: z.literal('file'),
    path: z.string().min(1).meta({ description: 'A file or folder, relative to the workload file.' }),
    format: z.enum(['lines', 'json', 'length-prefixed', 'folder']).default('lines').meta({
      description:
        'lines: a record per line. json: each JSON value, or each element of one list. length-prefixed: a u32 big-endian length before each record. folder: a record per file. gzip and zstd are read through.',
    }),
  }),
  z
    .strictObject({
      source: z.literal('sample'),
      path: z.string().min(1).meta({ description: 'The file, relative to the workload file.' }),
    })
    .meta({
      description:
        'A sample that `ksweep sample` took: values with their keys, headers, tombstones and order (docs/sample.md).',
    }),
  avroPayload,
  protobufPayload,
  jsonSchemaPayload,
]);

/** A payload that is generated from the user's schema. */
export type SerializedPayload = z.output<
  typeof avroPayload | typeof protobufPayload | typeof jsonSchemaPayload
>;
