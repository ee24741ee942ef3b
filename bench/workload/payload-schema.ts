import { z } from 'zod';

/** Where a schema comes from: a file with an id, or a registry that has both. */
const schemaOrigin = {
  schema: z.string().min(1).optional().meta({
    description: 'The schema’s file, relative to the workload file; with schemaId.',
  }),
  schemaId: z.int().min(0).max(0x7fff_ffff).optional().meta({
    description: "The schema's id in the registry, written into each record (docs/serialized.md).",
  }),
  registry: z
    .url({ protocol: /^https?$/, error: 'expected an address such as http://registry:8081' })
    .optional()
    .meta({
      description:
        'A schema registry that is asked for schema and id before anything is sent; KSWEEP_SCHEMA_REGISTRY_AUTH logs in.',
    }),
  subject: z.string().min(1).optional().meta({ description: 'Of the registry, such as orders-value.' }),
  version: z
    .union([z.literal('latest'), z.int().min(1)])
    .optional()
    .meta({ description: 'Of the subject; default: latest.' }),
};

const avroPayload = z.strictObject({ source: z.literal('avro'), ...schemaOrigin }).meta({
  description: 'Values of an Avro schema, generated, in the wire format of Confluent’s serializers.',
});

const protobufPayload = z
  .strictObject({
    source: z.literal('protobuf'),
    message: z.string().min(1).optional().meta({
      description:
        'The message by its name in the file, such as Order or Order.Line; default: the first one.',
    }),
    ...schemaOrigin,
  })
  .meta({
    description: 'Messages of a .proto file, generated, in the wire format of Confluent’s serializers.',
  });

const jsonSchemaPayload = z.strictObject({ source: z.literal('json-schema'), ...schemaOrigin }).meta({
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

/** A payload that is generated from the user's schema, as the workload says it. */
export type SchemaPayload = z.output<typeof avroPayload | typeof protobufPayload | typeof jsonSchemaPayload>;

/** The same with the schema in a file, and its id. */
export type SerializedPayload = SchemaPayload & { readonly schema: string; readonly schemaId: number };

export function isOfSchema(payload: z.output<typeof payloadSchema>): payload is SchemaPayload {
  return payload.source === 'avro' || payload.source === 'protobuf' || payload.source === 'json-schema';
}

/** Whether its schema is at hand: a registry has been asked where one is named. */
export const isAtHand = (payload: z.output<typeof payloadSchema>): payload is SerializedPayload =>
  isOfSchema(payload) && payload.schema !== undefined && payload.schemaId !== undefined;
