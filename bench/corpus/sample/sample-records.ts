import { poolTask } from '../../common/pool.ts';
import { encodeHeaders } from '../../common/record-headers.ts';
import { STAMP_BYTES } from '../../results/stamp.ts';
import type { RecordsSpec } from '../../workload/schema.ts';
import { lengthBytes, NULL_LENGTH } from '../corpus-file.ts';
import { DistinctCounter } from '../distinct.ts';
import { invalid } from '../payload-file.ts';
import { describeSizes } from '../record-look.ts';
import { readSample, type SampleRecord } from './sample-file.ts';

/** Distinct runs of bytes, and which one each record has: the shape of a key file. */
interface Sequenced {
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
  readonly sequence: Uint32Array;
}

/** A sample as producers send it, record by record in the order of the sample. */
export interface SampleRecords {
  readonly bytes: Uint8Array;
  /** NULL_LENGTH: a tombstone. */
  readonly lengths: Uint32Array;
  readonly distinctRecords: number;
  readonly distinctBytes: number;
  /** null where no record has a key. */
  readonly keys: (Sequenced & { readonly hottestShare: number }) | null;
  /** null where no record has a header. */
  readonly headers: Sequenced | null;
  readonly summary: string;
  readonly warnings: readonly string[];
}

/** Each different run of bytes once, null as an entry of its own. */
function sequenced(runs: readonly (Uint8Array | null)[]): Sequenced & { readonly most: number } {
  const indexes = new Map<string | null, number>();
  const distinct: (Uint8Array | null)[] = [];
  const counts: number[] = [];
  const sequence = Uint32Array.from(runs, (run) => {
    const text = run === null ? null : Buffer.from(run).toString('latin1');
    const known = indexes.get(text);
    const index = known ?? distinct.length;
    if (known === undefined) {
      indexes.set(text, index);
      distinct.push(run);
    }
    if (run !== null) counts[index] = (counts[index] ?? 0) + 1;
    return index;
  });
  return {
    bytes: Buffer.concat(distinct.filter((run) => run !== null)),
    lengths: Uint32Array.from(distinct, (run) => (run === null ? NULL_LENGTH : run.length)),
    sequence,
    most: counts.reduce((most, count) => Math.max(most, count ?? 0), 0),
  };
}

function keysOf(records: readonly SampleRecord[]): SampleRecords['keys'] {
  if (records.every(({ key }) => key === null)) return null;
  const { most, ...keys } = sequenced(records.map(({ key }) => key));
  return { ...keys, hottestShare: most / records.length };
}

function headersOf(records: readonly SampleRecord[]): Sequenced | null {
  if (records.every(({ headers }) => headers.length === 0)) return null;
  const { most: _most, ...headers } = sequenced(records.map((record) => encodeHeaders(record.headers)));
  return headers;
}

/** What in the sample a stamp over the payload would not leave as it is. */
function refuseStamp(path: string, records: readonly SampleRecord[], stamp: RecordsSpec['stamp']): void {
  if (stamp !== 'payload') return;
  const hint = 'set `records.stamp: header`';
  if (records.some(({ value }) => value === null)) {
    throw invalid(`${path}: a tombstone has no room for the ${STAMP_BYTES}-byte stamp`, hint);
  }
  const short = records.find(({ value }) => (value?.length ?? 0) < STAMP_BYTES);
  if (short === undefined) return;
  throw invalid(
    `${path}: a value of ${short.value?.length} bytes has no room for the ${STAMP_BYTES}-byte stamp`,
    hint,
  );
}

/** Reads a sample for a corpus. Throws sample-invalid, or workload-invalid where the stamp does not fit. */
function readSampleRecords(input: {
  readonly path: string;
  readonly limitBytes: number;
  readonly stamp: RecordsSpec['stamp'];
}): SampleRecords {
  const { path, limitBytes, stamp } = input;
  const { records: all } = readSample(path);
  let bytes = 0;
  const fit = all.findIndex(({ value }) => {
    bytes += value?.length ?? 0;
    return bytes > limitBytes;
  });
  const records = fit < 0 ? all : all.slice(0, Math.max(1, fit));
  refuseStamp(path, records, stamp);
  const distinct = new DistinctCounter();
  for (const { value } of records) if (value !== null) distinct.add(value);
  const lengths = Uint32Array.from(records, ({ value }) => value?.length ?? NULL_LENGTH);
  const tombstones = records.filter(({ value }) => value === null).length;
  const dead = tombstones === 0 ? '' : `, ${tombstones} of them tombstones`;
  return {
    bytes: Buffer.concat(records.flatMap(({ value }) => (value === null ? [] : [value]))),
    lengths,
    distinctRecords: distinct.records,
    distinctBytes: distinct.bytes,
    keys: keysOf(records),
    headers: headersOf(records),
    summary: `${describeSizes(lengths.map(lengthBytes))}${dead}`,
    warnings: fit < 0 ? [] : [`only the first ${records.length} records of the sample fit into the corpus`],
  };
}

export const sampleRecordsTask = poolTask(import.meta.url, 'sampleRecordsTask', readSampleRecords);
