import { STAMP_BYTES, STAMP_HEADER } from '../results/stamp.ts';
import type { ProducerAssignment } from './protocol.ts';

/** The headers of every record that one producer sends. */
export interface RecordHeaders {
  /** Undefined where records have none: the client takes a shorter way then. */
  readonly list: readonly Record<string, string | Buffer>[] | undefined;
  /** The stamp's header where there is one, written in place for each record: the client copies it. */
  readonly stamp: Buffer;
  /** Names and values, UTF-8. */
  readonly sizeBytes: number;
}

export function recordHeaders({
  headers,
  stamp: where,
}: Pick<ProducerAssignment, 'headers' | 'stamp'>): RecordHeaders {
  const stamp = Buffer.alloc(STAMP_BYTES);
  const entries: [string, string | Buffer][] = Object.entries(headers);
  if (where === 'header') entries.push([STAMP_HEADER, stamp]);
  return {
    list: entries.length === 0 ? undefined : entries.map(([name, value]) => ({ [name]: value })),
    stamp,
    sizeBytes: entries.reduce(
      (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
      0,
    ),
  };
}
