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

export function writeStamp(
  target: Buffer,
  offset: number,
  runTag: number,
  producer: number,
  sequence: number,
  dueUs: number,
): void {
  target.writeUInt32LE(runTag, offset);
  target.writeUInt32LE(producer, offset + 4);
  target.writeDoubleLE(sequence, offset + 8);
  target.writeDoubleLE(dueUs, offset + 16);
}

export const readRunTag = (stamp: Buffer): number => stamp.readUInt32LE(0);
export const readProducer = (stamp: Buffer): number => stamp.readUInt16LE(4);
export const readSequence = (stamp: Buffer): number => stamp.readDoubleLE(8);
export const readDueUs = (stamp: Buffer): number => stamp.readDoubleLE(16);
