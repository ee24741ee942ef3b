/**
 * Confluent's wire format, as serializers of its clients write it: a byte 0, the schema's id in 4 bytes, big-endian,
 * and for Protobuf where the message stands in its file.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
const HEADER_BYTES = 5;

/** A zigzag varint, as Avro writes an int. */
function zigzag(value: number): number[] {
  const bytes: number[] = [];
  let left = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; left > 0x7f; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  bytes.push(left);
  return bytes;
}

/**
 * What stands before each payload. `messageIndexes` is the path to a Protobuf message: its index in the file, then in
 * the message around it, and so on; the first message of a file is written as one byte 0 instead of "1 index, 0".
 */
export function wireHeader(schemaId: number, messageIndexes: readonly number[] | null): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(schemaId, 1);
  if (messageIndexes === null) return header;
  const first = messageIndexes.length === 1 && messageIndexes[0] === 0;
  const path = first ? [0] : [...zigzag(messageIndexes.length), ...messageIndexes.flatMap(zigzag)];
  return Buffer.concat([header, Buffer.from(path)]);
}
