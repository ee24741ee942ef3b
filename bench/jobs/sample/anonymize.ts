import type { RecordHeader } from '../../common/record-headers.ts';
import type { SampleRecord } from '../../corpus/sample/sample-file.ts';
import { Substitution } from './substitution.ts';

const partsOf = ({ key, value, headers }: SampleRecord): Buffer[] =>
  [key, value, ...headers.flatMap((header) => [header.name, header.value])].filter((part) => part !== null);

/** How often each byte is in the records, 256 counts. */
function frequenciesOf(records: readonly SampleRecord[]): Float64Array {
  const counts = new Float64Array(256);
  for (const record of records) {
    for (const part of partsOf(record)) for (const byte of part) (counts[byte] as number)++;
  }
  return counts;
}

export interface Anonymized {
  readonly records: readonly SampleRecord[];
  /** Bytes that are what they were, at their place: none, which is counted and not assumed. */
  readonly keptBytes: number;
}

/**
 * The same records with every byte of keys, values and headers replaced: sizes, which keys are equal, tombstones,
 * times and partitions stay, and what repeats goes on repeating.
 * @param secret four random words, to be forgotten afterwards
 */
export function anonymize(records: readonly SampleRecord[], secret: Uint32Array): Anonymized {
  const substitution = new Substitution(secret, frequenciesOf(records));
  let keptBytes = 0;
  const replace = (bytes: Buffer): Buffer => {
    const replaced = substitution.apply(bytes);
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === replaced[i]) keptBytes++;
    return replaced;
  };
  const orNull = (bytes: Buffer | null): Buffer | null => (bytes === null ? null : replace(bytes));
  const replaced = records.map(({ key, value, headers, ...rest }) => ({
    ...rest,
    key: orNull(key),
    value: orNull(value),
    headers: headers.map(
      (header): RecordHeader => ({ name: replace(header.name), value: orNull(header.value) }),
    ),
  }));
  return { records: replaced, keptBytes };
}
