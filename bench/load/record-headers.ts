import { STAMP_BYTES, STAMP_HEADER } from '../common/stamp-place.ts';
import type { ProducerAssignment } from './protocol.ts';

/** The headers of every record that one producer sends; the client adds the stamp's. */
export interface RecordHeaders {
  readonly list: readonly { readonly name: string; readonly value: Buffer }[];
  /** Names and values, UTF-8, the stamp's header among them. */
  readonly sizeBytes: number;
}

export function recordHeaders({
  headers,
  stamp,
}: Pick<ProducerAssignment, 'headers' | 'stamp'>): RecordHeaders {
  const list = Object.entries(headers).map(([name, value]) => ({ name, value: Buffer.from(value) }));
  const own = stamp === 'header' ? Buffer.byteLength(STAMP_HEADER) + STAMP_BYTES : 0;
  return {
    list,
    sizeBytes: list.reduce((sum, { name, value }) => sum + Buffer.byteLength(name) + value.length, own),
  };
}
