import { poolTask } from '../../common/pool.ts';
import { createRandom } from '../../common/random.ts';
import type { SerializedPayload } from '../../workload/payload-schema.ts';
import { DistinctCounter } from '../distinct.ts';
import { EVENT_GAP_MS, firstTimeMs, type Slice } from '../slice.ts';
import { avroSerializer } from './avro.ts';
import { jsonSchemaSerializer } from './json-schema.ts';
import { protobufSerializer } from './protobuf.ts';
import type { Serializer } from './serializer.ts';
import { wireHeader } from './wire-format.ts';

export interface SerializedInput {
  readonly payload: SerializedPayload;
  /** The schema's file. */
  readonly file: string;
  readonly seed: number;
  readonly index: number;
  readonly sliceBytes: number;
}

function serializerOf(payload: SerializedPayload, file: string): Serializer {
  switch (payload.source) {
    case 'avro':
      return avroSerializer(file);
    case 'json-schema':
      return jsonSchemaSerializer(file);
    case 'protobuf':
      return protobufSerializer(file, payload.message);
  }
}

/** One slice of a corpus: values of the schema until they reach `sliceBytes`, at least one, each with its header. */
function serializeSlice({ payload, file, seed, index, sliceBytes }: SerializedInput): Slice {
  const { draw, encode, messageIndexes } = serializerOf(payload, file);
  const header = wireHeader(payload.schemaId, messageIndexes);
  const random = createRandom(seed).fork(`serialized ${index}`);
  const distinct = new DistinctCounter();
  const records: Buffer[] = [];
  let timeMs = firstTimeMs(index);
  for (let totalBytes = 0; totalBytes < sliceBytes; ) {
    timeMs += random.int(EVENT_GAP_MS);
    const record = Buffer.concat([header, encode(draw({ random, timeMs }))]);
    distinct.add(record);
    records.push(record);
    totalBytes += record.length;
  }
  return {
    bytes: Buffer.concat(records),
    lengths: Uint32Array.from(records, (record) => record.length),
    distinctRecords: distinct.records,
    distinctBytes: distinct.bytes,
  };
}

export const serializedSliceTask = poolTask(import.meta.url, 'serializedSliceTask', serializeSlice);
