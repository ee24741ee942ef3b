import type { RecordsSpec } from '../workload/schema.ts';
import type { Compressibility } from './compressibility.ts';

/** What a corpus is made of. */
export interface CorpusInput {
  readonly records: RecordsSpec;
  /** Where a relative `records.payload.path` starts from: the workload file's folder. */
  readonly baseDir: string;
  /** Where the records of `records.payload.path` lie, where that is a pipe that has been read. */
  readonly payloadFile?: string | undefined;
  /** The producer's largest batch.size. */
  readonly batchSizeBytes: number;
  readonly seed: number;
  readonly outDir: string;
  /** Bytes of distinct payloads; default: `records.corpus`, else `defaultCorpusBytes`. */
  readonly sizeBytesTarget?: number;
}

/** What was built, for producers (the files) and for the manifest (the rest). */
export interface CorpusResult {
  readonly corpusFile: string;
  readonly keysFile: string | null;
  /** Headers that a sample's records carry; null where they have none of their own. */
  readonly headersFile: string | null;
  readonly sha256: string;
  readonly records: number;
  readonly distinctRecords: number;
  readonly distinctBytes: number;
  readonly meanBytes: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Mean key length, and expected share of the most frequent key; null without keys. */
  readonly keyBytes: number | null;
  readonly hottestKeyShare: number | null;
  readonly compressibility: Compressibility;
  /** What was read of a payload file, in a sentence; null where payloads were generated. */
  readonly summary: string | null;
  /** Sentences for the report, such as a file with too few distinct records. */
  readonly warnings: readonly string[];
}
