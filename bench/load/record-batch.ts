import type { BytesColumn, RecordColumns, StampPlace } from '../client/driver.ts';
import { decodeHeaders, headerBytes } from '../common/record-headers.ts';
import type { Corpus, Keys } from '../corpus/corpus-file.ts';
import { StampWriter } from '../results/stamp.ts';

/** The payloads and keys to send; both are cycled through. */
export interface RecordSource {
  readonly payloads: Corpus;
  /** Record i has the key `keys[sequence[i]]`. */
  readonly keys: Keys | null;
  /** Headers of each payload, encoded (corpus/sample/headers.ts); absent where records have none of their own. */
  readonly headers?: Keys | null;
}

/** Bytes of names and values of each set of headers. */
function headerSizes({ count, offsets, lengths, bytes }: Keys): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => {
    const at = offsets[i] as number;
    return headerBytes(decodeHeaders(bytes.subarray(at, at + (lengths[i] as number))) ?? []);
  });
}

/** Row's entry of a column out of what a sequence names; returns the entry's index. */
function put(column: BytesColumn, row: number, { offsets, lengths, sequence }: Keys, at: number): number {
  const index = sequence[at % sequence.length] as number;
  column.offsets[row] = offsets[index] as number;
  // What is null has the largest length there is, which as a 32-bit integer is −1.
  column.lengths[row] = lengths[index] as number;
  return index;
}

/** Records made ready to be handed over: columns that are written again and again, so that a record allocates nothing. */
export class RecordBatch {
  readonly columns: RecordColumns;
  /** When each row is due, µs of the monotonic clock. */
  readonly dueUs: Float64Array;
  readonly sequence: Float64Array;
  /** Bytes of key, value and headers. */
  readonly bytes: Uint32Array;
  /** Rows [from, end) are ready and not yet taken. */
  from = 0;
  end = 0;
  readonly #source: RecordSource;
  readonly #firstPayload: number;
  readonly #headerBytes: number;
  readonly #ownHeaderBytes: Uint32Array | null;
  readonly #stamps: StampWriter;

  constructor(
    source: RecordSource,
    options: {
      readonly rows: number;
      readonly timed: boolean;
      readonly runTag: number;
      readonly producer: number;
      readonly firstPayload: number;
      readonly headerBytes: number;
      readonly stamp: StampPlace;
    },
  ) {
    const { rows } = options;
    this.#source = source;
    this.#firstPayload = options.firstPayload;
    this.#headerBytes = options.headerBytes;
    this.#stamps = new StampWriter(options.runTag, options.producer, rows);
    this.dueUs = new Float64Array(rows);
    this.sequence = new Float64Array(rows);
    this.bytes = new Uint32Array(rows);
    const { payloads, keys, headers = null } = source;
    this.#ownHeaderBytes = headers === null ? null : headerSizes(headers);
    const lengthsOf = () => ({ offsets: new Uint32Array(rows), lengths: new Int32Array(rows) });
    this.columns = {
      pool: payloads.bytes,
      ...lengthsOf(),
      keys: keys === null ? null : { pool: keys.bytes, ...lengthsOf() },
      headers: headers === null ? null : { pool: headers.bytes, ...lengthsOf() },
      stamps: options.stamp === 'none' ? null : this.#stamps.column,
      partitions: null,
      slots: options.timed ? new Int32Array(rows) : null,
    };
  }

  get waiting(): number {
    return this.end - this.from;
  }

  get hasRoom(): boolean {
    return this.end < this.dueUs.length;
  }

  /** Makes the record of `sequence` ready. */
  add(sequence: number, dueUs: number, slot: number): void {
    const row = this.end++;
    const { columns } = this;
    const { payloads, keys, headers = null } = this.#source;
    const payload = (this.#firstPayload + sequence) % payloads.count;
    columns.offsets[row] = payloads.offsets[payload] as number;
    columns.lengths[row] = payloads.lengths[payload] as number;
    let bytes = Math.max(0, columns.lengths[row] as number) + this.#headerBytes;
    if (keys !== null && columns.keys !== null) {
      put(columns.keys, row, keys, keys.byPayload ? payload : sequence);
      bytes += Math.max(0, columns.keys.lengths[row] as number);
    }
    if (headers !== null && columns.headers && this.#ownHeaderBytes !== null) {
      bytes += this.#ownHeaderBytes[put(columns.headers, row, headers, payload)] as number;
    }
    if (columns.slots !== null) columns.slots[row] = slot;
    this.sequence[row] = sequence;
    this.bytes[row] = bytes;
    this.due(row, dueUs);
  }

  /** Says when a row is due. */
  due(row: number, dueUs: number): void {
    this.dueUs[row] = dueUs;
    this.#stamps.write(row, this.sequence[row] as number, dueUs);
  }

  /** Rows were taken; where all have been, the columns are empty again. */
  taken(count: number): void {
    this.from += count;
    if (this.from < this.end) return;
    this.from = 0;
    this.end = 0;
  }
}
