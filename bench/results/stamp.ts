/**
 * What ties a record to its run: 24 bytes over the start of the payload, or as the value of a header.
 *
 * | bytes | what |
 * | --- | --- |
 * | 0–3 | u32 run tag: one repeat's records; others are foreign |
 * | 4–5 | u16 producer index |
 * | 6–7 | 0 |
 * | 8–15 | f64 sequence, from 0, one series a producer |
 * | 16–23 | f64 due time, µs of the host's monotonic clock |
 */
export const STAMP_BYTES = 24;

export const STAMP_HEADER = 'ksweep';

/** Writes the stamps of one producer: fixed parts once, the rest without Buffer's bounds checks, 30 ns in all. */
export class StampWriter {
  readonly #bytes = new Uint8Array(STAMP_BYTES);
  readonly #doubles = new Float64Array(this.#bytes.buffer);

  constructor(runTag: number, producer: number) {
    const view = new DataView(this.#bytes.buffer);
    view.setUint32(0, runTag, true);
    view.setUint16(4, producer, true);
  }

  /** Over the first bytes of `target`, which has to have room. The layout is little-endian, as are the machines. */
  write(target: Uint8Array, sequence: number, dueUs: number): void {
    const bytes = this.#bytes;
    this.#doubles[1] = sequence;
    this.#doubles[2] = dueUs;
    for (let i = 0; i < STAMP_BYTES; i++) target[i] = bytes[i] as number;
  }
}

export const readRunTag = (stamp: Buffer): number => stamp.readUInt32LE(0);
export const readProducer = (stamp: Buffer): number => stamp.readUInt16LE(4);
export const readSequence = (stamp: Buffer): number => stamp.readDoubleLE(8);
export const readDueUs = (stamp: Buffer): number => stamp.readDoubleLE(16);
