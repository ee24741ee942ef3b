import { randomFillSync } from 'node:crypto';
import type { ClientSettings } from '../../client/driver.ts';
import { runTask } from '../../common/pool.ts';
import { createRandom } from '../../common/random.ts';
import { compressibilityTask, type Ratios, sampleOf } from '../../corpus/compressibility.ts';
import { type SampleOrigin, type SampleRecord, writeSample } from '../../corpus/sample/sample-file.ts';
import { anonymize } from './anonymize.ts';
import { describeSample, type SampleFigures } from './describe.ts';
import type { AskedRange, ReadRate } from './ranges.ts';
import { takeSample } from './take.ts';

export interface SampleRequest {
  /** bootstrap.servers and security, in librdkafka's names. */
  readonly connection: ClientSettings;
  readonly topic: string;
  readonly asked: AskedRange;
  readonly maxRate: ReadRate;
  /** Where the file goes. */
  readonly path: string;
  /** null: as it is. A seed makes the substitution the same each time; random: nobody can make it again. */
  readonly anonymize: null | 'random' | { readonly seed: number };
}

/** Ratios of the values in batches of a size, and of the values as they were before they were anonymized. */
interface SampleRatios {
  readonly batchSizeBytes: number;
  readonly ratios: Ratios;
  readonly before: Ratios | null;
}

/** What was taken and what it looks like; figures are of the records in the file. */
export interface SampleReport {
  readonly path: string;
  readonly origin: SampleOrigin;
  readonly asked: number;
  /** The limit in bytes ended it before all was read. */
  readonly cut: boolean;
  readonly figures: SampleFigures;
  readonly compressibility: readonly SampleRatios[];
  /** Bytes that the substitution left at their place; null where there was none. */
  readonly keptBytes: number | null;
}

const BATCH_SIZES_BYTES = [16_384, 131_072];

async function ratiosOf(records: readonly SampleRecord[], batchSizeBytes: number): Promise<Ratios> {
  const values = records.flatMap(({ value }) => (value === null ? [] : [value]));
  const lengths = Uint32Array.from(values, ({ length }) => length);
  const sample = sampleOf([Buffer.concat(values)], lengths);
  return (await runTask(compressibilityTask, { ...sample, batchSizeBytes, stamp: 'none' })).plain;
}

function secretOf(choice: NonNullable<SampleRequest['anonymize']>): Uint32Array {
  if (choice === 'random') return randomFillSync(new Uint32Array(4));
  const random = createRandom(choice.seed).fork('anonymize');
  return Uint32Array.from({ length: 4 }, () => random.uint32());
}

/** Takes a sample of a topic, without a group, and writes its file. Throws what takeSample and writeSample throw. */
export async function sampleTopic(
  request: SampleRequest,
  signal: AbortSignal,
  onProgress: (records: number) => void,
): Promise<SampleReport> {
  const { connection, topic, asked, maxRate, path } = request;
  const taken = await takeSample({ settings: connection, topic, asked, maxRate }, signal, onProgress);
  const replaced = request.anonymize === null ? null : anonymize(taken.records, secretOf(request.anonymize));
  const records = replaced?.records ?? taken.records;
  // A topic's name tells of its records.
  const origin: SampleOrigin =
    replaced === null ? taken.origin : { ...taken.origin, anonymized: true, topic: null };
  await writeSample(path, origin, records);
  const compressibility = await Promise.all(
    BATCH_SIZES_BYTES.map(async (batchSizeBytes) => ({
      batchSizeBytes,
      ratios: await ratiosOf(records, batchSizeBytes),
      before: replaced === null ? null : await ratiosOf(taken.records, batchSizeBytes),
    })),
  );
  return {
    path,
    origin,
    asked: asked.records,
    cut: taken.cut,
    figures: describeSample(records, origin.partitions, taken.logs.values(), origin.taken !== 'evenly'),
    compressibility,
    keptBytes: replaced?.keptBytes ?? null,
  };
}
