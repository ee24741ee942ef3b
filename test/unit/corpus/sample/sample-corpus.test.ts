import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { destroyPool } from '../../../../bench/common/pool.ts';
import { decodeHeaders } from '../../../../bench/common/record-headers.ts';
import { buildCorpus } from '../../../../bench/corpus/corpus.ts';
import { NULL_LENGTH, readCorpus, readKeys } from '../../../../bench/corpus/corpus-file.ts';
import type { CorpusResult } from '../../../../bench/corpus/corpus-input.ts';
import { type SampleRecord, writeSample } from '../../../../bench/corpus/sample/sample-file.ts';
import { RecordBatch } from '../../../../bench/load/record-batch.ts';
import { workloadSchema } from '../../../../bench/workload/schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('records of a sample');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-sample-'));
test.after(async () => {
  await destroyPool();
  rmSync(dir, { recursive: true, force: true });
});

const record = (value: string | null, key: string | null, header: string | null): SampleRecord => ({
  timestampMs: 1,
  partition: 0,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers: header === null ? [] : [{ name: Buffer.from('from'), value: Buffer.from(header) }],
});
const SAMPLE = [
  record('a value of thirty bytes, or so.', 'hot', 'web'),
  record(null, 'hot', null),
  record('another value that is longer', null, 'app'),
  record('a value of thirty bytes, or so.', 'cold', 'web'),
];

async function build(
  name: string,
  records: readonly SampleRecord[],
  more: object = {},
): Promise<CorpusResult> {
  await writeSample(
    join(dir, name),
    {
      topic: 't',
      partitions: 1,
      taken: 'end',
      takenAt: '',
      anonymized: false,
      topicRecords: records.length,
      history: [],
    },
    records,
  );
  const spec = { payload: { source: 'sample', path: name }, stamp: 'header', ...more };
  const { records: parsed } = workloadSchema.parse({ name: 'x', records: spec });
  return buildCorpus({ records: parsed, baseDir: dir, batchSizeBytes: 16_384, seed: 1, outDir: dir });
}

async function refusal(name: string, records: readonly SampleRecord[], more: object): Promise<string> {
  try {
    await build(name, records, more);
  } catch (error) {
    return (error as Error).message;
  }
  return assert.unreachable('it was accepted') as never;
}

test('each record goes out as it was: value, key, headers and tombstone together, round after round', async () => {
  const result = await build('four', SAMPLE);
  assert.equal(
    [result.records, result.distinctRecords, result.minBytes, result.hottestKeyShare],
    [4, 2, 0, 0.5],
  );
  assert.match(result.summary ?? '', /4 records.+1 of them tombstones/);
  const payloads = readCorpus(result.corpusFile);
  assert.is(payloads.lengths[1], NULL_LENGTH);
  const source = {
    payloads,
    keys: readKeys(result.keysFile ?? ''),
    headers: readKeys(result.headersFile ?? ''),
  };
  const options = {
    rows: 16,
    timed: false,
    runTag: 1,
    producer: 0,
    headerBytes: 30,
    stamp: 'header' as const,
  };
  for (const firstPayload of [0, 3]) {
    const batch = new RecordBatch(source, { ...options, firstPayload });
    for (let i = 0; i < 8; i++) {
      batch.add(i, 0, 0);
      const sent = SAMPLE[(firstPayload + i) % 4] as SampleRecord;
      const { columns } = batch;
      const bytesAt = (
        column: { pool: Uint8Array; offsets: Uint32Array; lengths: Int32Array } | null | undefined,
      ) => {
        if (!column || (column.lengths[i] as number) < 0) return null;
        const at = column.offsets[i] as number;
        return Buffer.from(column.pool.subarray(at, at + (column.lengths[i] as number)));
      };
      assert.equal(bytesAt(columns), sent.value);
      assert.equal(bytesAt(columns.keys), sent.key);
      assert.equal(decodeHeaders(bytesAt(columns.headers) ?? Buffer.alloc(0)), sent.headers);
      const own = sent.headers[0] === undefined ? 0 : 4 + 3;
      assert.is(batch.bytes[i], (sent.value?.length ?? 0) + (sent.key?.length ?? 0) + own + 30);
    }
  }
});

test('without keys and headers there are no files of them', async () => {
  const result = await build('plain', [record('a value of thirty bytes, or so.', null, null)], {
    stamp: 'payload',
  });
  assert.equal([result.keysFile, result.headersFile, result.hottestKeyShare], [null, null, null]);
});

test('what a stamp over the payload would spoil is refused, and so are sizes of one’s own', async () => {
  assert.match(await refusal('dead', SAMPLE, { stamp: 'payload' }), /tombstone has no room/);
  const short = [record('short', null, null)];
  assert.match(await refusal('short', short, { stamp: 'payload' }), /a value of 5 bytes has no room/);
  assert.match(await refusal('size', SAMPLE, { size: 100 }), /records of a sample keep their own lengths/);
});

test.run();
