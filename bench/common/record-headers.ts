/** One header of a record; a value may be absent. */
export interface RecordHeader {
  readonly name: Buffer;
  readonly value: Buffer | null;
}

const FRAMING_BYTES = 8;

/**
 * A record's headers as one run of bytes, as the sample file and the client's columns hold them: for each header
 * u32 bytes of its name, i32 bytes of its value (−1: none), the name, the value; little-endian.
 */
export function encodeHeaders(headers: readonly RecordHeader[]): Buffer {
  return Buffer.concat(
    headers.flatMap(({ name, value }) => {
      const framing = Buffer.alloc(FRAMING_BYTES);
      framing.writeUInt32LE(name.length, 0);
      framing.writeInt32LE(value === null ? -1 : value.length, 4);
      return value === null ? [framing, name] : [framing, name, value];
    }),
  );
}

/** The headers in a run of bytes; undefined where the run is not whole headers. */
export function decodeHeaders(bytes: Buffer): RecordHeader[] | undefined {
  const headers: RecordHeader[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < FRAMING_BYTES) return undefined;
    const nameBytes = bytes.readUInt32LE(at);
    const valueBytes = bytes.readInt32LE(at + 4);
    const nameAt = at + FRAMING_BYTES;
    const valueAt = nameAt + nameBytes;
    at = valueAt + Math.max(0, valueBytes);
    if (valueBytes < -1 || at > bytes.length) return undefined;
    headers.push({
      name: bytes.subarray(nameAt, valueAt),
      value: valueBytes < 0 ? null : bytes.subarray(valueAt, at),
    });
  }
  return headers;
}

/** Bytes of names and values, without the framing. */
export const headerBytes = (headers: readonly RecordHeader[]): number =>
  headers.reduce((sum, { name, value }) => sum + name.length + (value?.length ?? 0), 0);
