import type { RecordSource } from '../../bench/load/record-batch.ts';

/** Payloads of one size, without keys. */
export const recordSource = (count: number, sizeBytes: number): RecordSource => ({
  payloads: {
    count,
    bytes: Buffer.alloc(count * sizeBytes),
    offsets: Uint32Array.from({ length: count }, (_, i) => i * sizeBytes),
    lengths: new Uint32Array(count).fill(sizeBytes),
  },
  keys: null,
});
