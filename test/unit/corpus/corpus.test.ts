import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { closePool } from '../../../bench/common/pool.ts';
import { buildCorpus, defaultCorpusBytes } from '../../../bench/corpus/corpus.ts';
import { type Corpus, readCorpus, readKeys } from '../../../bench/corpus/corpus-file.ts';
import type { CorpusResult } from '../../../bench/corpus/corpus-input.ts';
import { type WorkloadInput, workloadSchema } from '../../../bench/workload/schema.ts';
import { suite } from '../../support/suite.ts';

const test = suite('corpus');
const MIB = 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), 'ksweep-corpus-'));
let builds = 0;
test.after(async () => {
  await closePool();
  rmSync(folder, { recursive: true });
});

function build(
  records: NonNullable<WorkloadInput['records']>,
  options: { seed?: number; sizeBytesTarget?: number; outDir?: string; batchSizeBytes?: number } = {},
): Promise<CorpusResult> {
  return buildCorpus({
    records: workloadSchema.parse({ name: 'corpus', records }).records,
    baseDir: folder,
    batchSizeBytes: 16_384,
    seed: 1,
    outDir: join(folder, `out-${builds++}`),
    sizeBytesTarget: MIB,
    ...options,
  });
}

const recordAt = (corpus: Corpus, index: number): string => {
  const from = corpus.offsets[index] ?? 0;
  return corpus.bytes.toString('latin1', from, from + (corpus.lengths[index] ?? 0));
};

const allRecords = (corpus: Corpus): string[] =>
  Array.from({ length: corpus.count }, (_, index) => recordAt(corpus, index));

async function refused(promise: Promise<unknown>): Promise<KsweepError> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, KsweepError);
    return error as KsweepError;
  }
  throw new Error('expected an error');
}

test('the default is 32 MiB, grows with batch.size, and ends at 256 MiB', () => {
  assert.is(defaultCorpusBytes(16_384), 32 * MIB);
  assert.is(defaultCorpusBytes(MIB), 64 * MIB);
  assert.is(defaultCorpusBytes(16 * MIB), 256 * MIB);
});

test('JSON records have the exact size, parse, differ, and compress as JSON does', async () => {
  for (const size of [100, 300, 1024, 5000]) {
    const result = await build({ size }, { sizeBytesTarget: 4 * MIB });
    const records = allRecords(readCorpus(result.corpusFile));
    assert.is(records.length, result.records);
    assert.ok(records.length * size >= 4 * MIB);
    for (const record of records) assert.is(record.length, size);
    for (const record of records.slice(0, 200)) assert.type(JSON.parse(record), 'object');
    assert.is(new Set(records).size, result.distinctRecords);
    const { gzip6 } = result.compressibility.plain;
    assert.ok(gzip6 > 3 && gzip6 < 6, `gzip ${gzip6} at ${size} B`);
  }
});

test('tiny JSON records still have their exact size and are legal JSON', async () => {
  for (const size of [1, 2, 3, 10, 59, 70, 99]) {
    const result = await build({ size, stamp: 'header' }, { sizeBytesTarget: 4096 });
    const record = recordAt(readCorpus(result.corpusFile), 0);
    assert.is(record.length, size);
    JSON.parse(record);
  }
});

test('few different payloads are reported', async () => {
  const result = await build({ size: 1, stamp: 'header' }, { sizeBytesTarget: 1000 });
  assert.is(result.distinctRecords, 1);
  assert.match(result.warnings.join(), /only 1 of 1000/);
});

test('the same input gives the same bytes, another seed gives others', async () => {
  const [first, again, other] = await Promise.all([
    build({ size: 500 }, { sizeBytesTarget: 9 * MIB }),
    build({ size: 500 }, { sizeBytesTarget: 9 * MIB }),
    build({ size: 500 }, { sizeBytesTarget: 9 * MIB, seed: 2 }),
  ]);
  assert.is(first.sha256, again.sha256);
  assert.not.equal(first.sha256, other.sha256);
});

test('a second call finds the files of the first, unless one is gone', async () => {
  const outDir = join(folder, 'cached');
  const keys = { distribution: 'uniform', cardinality: 10 } as const;
  const first = await build({ keys }, { outDir });
  const written = readFileSync(first.corpusFile);
  writeFileSync(first.corpusFile, 'marker');
  assert.equal(await build({ keys }, { outDir }), first);
  assert.is(readFileSync(first.corpusFile, 'utf8'), 'marker', 'it was not built again');
  rmSync(first.keysFile ?? '');
  assert.equal(await build({ keys }, { outDir }), first);
  assert.equal(readFileSync(first.corpusFile), written, 'it was built again');
});

test('the stated share of random bytes sets the ratio, and the stamp moves it little', async () => {
  for (const randomShare of [0.25, 0.5, 1]) {
    const { compressibility } = await build({ size: 2048, payload: { source: 'random', randomShare } });
    const { plain, stamped } = compressibility;
    assert.ok(Math.abs(plain.gzip6 * randomShare - 1) < 0.07, `${plain.gzip6} at ${randomShare}`);
    assert.ok(stamped !== null && Math.abs(stamped.gzip6 / plain.gzip6 - 1) < 0.05);
  }
  const header = await build({ stamp: 'header' });
  assert.is(header.compressibility.stamped, null);
});

test('sizes follow their distribution and leave room for the stamp', async () => {
  const uniform = await build({ size: { distribution: 'uniform', min: 100, max: 300 } });
  assert.ok(uniform.minBytes >= 100 && uniform.maxBytes <= 300);
  assert.ok(Math.abs(uniform.meanBytes - 200) < 3);

  const lognormal = await build(
    { size: { distribution: 'lognormal', median: 400, p99: 4000 } },
    { sizeBytesTarget: 8 * MIB },
  );
  const lengths = [...readCorpus(lognormal.corpusFile).lengths].sort((a, b) => a - b);
  assert.ok(Math.abs((lengths[Math.floor(lengths.length / 2)] ?? 0) / 400 - 1) < 0.05);
  assert.ok(Math.abs((lengths[Math.floor(lengths.length * 0.99)] ?? 0) / 4000 - 1) < 0.15);

  const weighted = await build({
    size: { distribution: 'weighted', weights: { '0-20': 1, '500': 3, '1000-1010': 1 } },
  });
  const sizes = readCorpus(weighted.corpusFile).lengths;
  assert.is(weighted.minBytes, 24, 'the smallest range is raised to the stamp');
  const share = sizes.filter((size) => size === 500).length / sizes.length;
  assert.ok(Math.abs(share - 0.6) < 0.04, `share ${share}`);
});

test('sizes that make no sense are refused with the reason', async () => {
  const cases: [NonNullable<WorkloadInput['records']>['size'], RegExp][] = [
    [10, /no room for the 24-byte stamp/],
    [{ distribution: 'uniform', min: 9, max: 3 }, /below min/],
    [{ distribution: 'lognormal', median: 100, p99: 50 }, /below the median/],
    [{ distribution: 'weighted', weights: { '9-3': 1 } }, /ends before it starts/],
  ];
  for (const [size, expected] of cases) {
    if (size === undefined) throw new Error('each case has a size');
    const error = await refused(build({ size }));
    assert.is(error.code, 'workload-invalid');
    assert.match(error.message, expected);
    assert.type(error.hint, 'string', 'the hint survives the thread boundary');
  }
});

test('a corpus of nothing, and one that no producer could hold, are refused', async () => {
  for (const sizeBytesTarget of [0, 2 ** 31]) {
    const error = await refused(build({}, { sizeBytesTarget }));
    assert.is(error.code, 'workload-invalid');
    assert.match(error.hint ?? '', /up to 1GiB/);
  }
});

test('lines of a file keep their order and repetitions; empty lines hold no record', async () => {
  const lines = ['{"a":"the first record of three"}', '{"b":"the second record, longer"}'];
  writeFileSync(join(folder, 'a.ndjson'), `${lines[0]}\r\n\n${lines[1]}\n\r\n${lines[0]}`);
  const result = await build({ payload: { source: 'file', path: 'a.ndjson' } });
  assert.equal(allRecords(readCorpus(result.corpusFile)), [lines[0], lines[1], lines[0]]);
  assert.is(result.distinctRecords, 2);
  assert.match(result.warnings.join(), /only 2 distinct records/);
});

test('a file above the target is cut at a record, which is said', async () => {
  const line = (index: number): string => `${String(index).padStart(99, 'x')}`;
  writeFileSync(join(folder, 'big.txt'), Array.from({ length: 1000 }, (_, i) => line(i)).join('\n'));
  const result = await build({ payload: { source: 'file', path: 'big.txt' } }, { sizeBytesTarget: 10_000 });
  assert.is(result.records, 101);
  assert.is(result.warnings.length, 1);
  assert.match(result.warnings[0] ?? '', /only its first 9\.8 KiB/);
});

test('of a file larger than what is read, no record is cut in two', async () => {
  const line = (index: number): string => `${index} ${'y'.repeat(1000 + (index % 7))}`;
  const all = Array.from({ length: 6000 }, (_, index) => line(index));
  writeFileSync(join(folder, 'huge.txt'), all.join('\n'));
  const result = await build({ payload: { source: 'file', path: 'huge.txt' } }, { sizeBytesTarget: MIB });
  const records = allRecords(readCorpus(result.corpusFile));
  assert.equal(records, all.slice(0, records.length));
  assert.match(result.warnings[0] ?? '', /only its first 1\.0 MiB/);

  writeFileSync(join(folder, 'one.txt'), 'z'.repeat(6 * MIB));
  const error = await refused(build({ payload: { source: 'file', path: 'one.txt' } }));
  assert.match(error.message, /holds no record/);
});

test('length-prefixed records and folders are read, and damage is located', async () => {
  const first = Buffer.from('a record of more than twenty-four bytes');
  const second = Buffer.from('another one\nwith a line feed inside it');
  const prefixed = Buffer.concat(
    [first, second].flatMap((record) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(record.length);
      return [length, record];
    }),
  );
  const path = join(folder, 'records.bin');
  writeFileSync(path, prefixed);
  const payload = { source: 'file', path: 'records.bin', format: 'length-prefixed' } as const;
  const result = await build({ payload });
  assert.equal(allRecords(readCorpus(result.corpusFile)), [first.toString(), second.toString()]);

  truncateSync(path, prefixed.length - 1);
  const error = await refused(build({ payload }));
  assert.match(error.message, new RegExp(`record at byte ${4 + first.length} ends past`));

  const parts = mkdtempSync(join(folder, 'parts-'));
  writeFileSync(join(parts, 'b'), second);
  writeFileSync(join(parts, 'a'), first);
  writeFileSync(join(parts, '.hidden'), 'not a record, and of some length');
  const fromFolder = await build({ payload: { source: 'file', path: parts, format: 'folder' } });
  assert.equal(allRecords(readCorpus(fromFolder.corpusFile)), [first.toString(), second.toString()]);
});

test('payload files that cannot be used are refused with the next step', async () => {
  writeFileSync(join(folder, 'short.txt'), 'short\n');
  writeFileSync(join(folder, 'empty.txt'), '\n\n');
  const file = (path: string) => ({ payload: { source: 'file' as const, path } });
  const missing = await refused(build(file('missing.txt')));
  assert.match(missing.message, /missing\.txt does not exist/);
  const short = await refused(build(file('short.txt')));
  assert.match(short.hint ?? '', /stamp: header/);
  assert.match((await refused(build(file('empty.txt')))).message, /holds no record/);
  assert.match((await refused(build(file('.')))).hint ?? '', /format: folder/);
  assert.match((await refused(build({ ...file('short.txt'), size: 100 }))).message, /keep their own lengths/);
});

test('keys: round-robin in turn, uniform evenly, Zipf by rank', async () => {
  const cardinality = 50;
  const counts = (sequence: Uint32Array): number[] => {
    const found = new Array<number>(cardinality).fill(0);
    for (const key of sequence) found[key] = (found[key] ?? 0) + 1;
    return found.map((count) => count / sequence.length);
  };
  const keysOf = async (keys: NonNullable<NonNullable<WorkloadInput['records']>['keys']>) => {
    const result = await build({ keys });
    return { result, keys: readKeys(result.keysFile ?? '') };
  };

  const turn = await keysOf({ distribution: 'round-robin', cardinality });
  assert.equal(
    [...turn.keys.sequence],
    Array.from({ length: cardinality }, (_, index) => index),
  );
  assert.is(recordAt(turn.keys, 42), 'key-00000042');
  assert.is(turn.result.keyBytes, 12);

  const uniform = await keysOf({ distribution: 'uniform', cardinality });
  for (const share of counts(uniform.keys.sequence)) assert.ok(Math.abs(share * cardinality - 1) < 0.05);

  const zipf = await keysOf({ distribution: 'zipf', cardinality, exponent: 1 });
  const harmonic = Array.from({ length: cardinality }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
  assert.ok(Math.abs((zipf.result.hottestKeyShare ?? 0) - 1 / harmonic) < 1e-12);
  counts(zipf.keys.sequence).forEach((share, rank) => {
    assert.ok(Math.abs(share * harmonic * (rank + 1) - 1) < 0.1, `rank ${rank}`);
  });
});

test('a corpus file that is cut short or of another kind is not read', async () => {
  const { corpusFile } = await build({});
  assert.throws(() => readKeys(corpusFile), /is no KSWEEPK1 file/);
  truncateSync(corpusFile, 5000);
  assert.throws(() => readCorpus(corpusFile), /its header announces/);
});

const PRICE = {
  type: 'record',
  name: 'Price',
  fields: [
    { name: 'sku', type: 'string' },
    { name: 'at', type: 'long' },
  ],
};

test('a corpus of a schema holds records in the wire format, the same for the same seed and schema', async () => {
  const path = join(folder, 'price.avsc');
  writeFileSync(path, JSON.stringify(PRICE));
  const records = {
    payload: { source: 'avro', schema: 'price.avsc', schemaId: 258 },
    stamp: 'header',
  } as const;
  const one = await build(records, { sizeBytesTarget: 6 * MIB });
  const all = allRecords(readCorpus(one.corpusFile));
  assert.is(all.length, one.records);
  assert.ok(all.every((record) => record.startsWith('\x00\x00\x00\x01\x02')));
  assert.ok(one.distinctRecords > 0.9 * one.records);
  assert.is(
    one.summary,
    `price.avsc: ${one.records} records of ${one.minBytes} to ${one.maxBytes} bytes, avro with schema id 258`,
  );
  assert.is((await build(records, { sizeBytesTarget: 6 * MIB })).sha256, one.sha256);
  assert.is.not((await build(records, { seed: 2, sizeBytesTarget: 6 * MIB })).sha256, one.sha256);
  writeFileSync(
    join(folder, 'price.proto'),
    'syntax = "proto3"; message A {} message Price { string sku = 1; }',
  );
  const payload = { source: 'protobuf', schema: 'price.proto', message: 'Price', schemaId: 258 } as const;
  const other = allRecords(readCorpus((await build({ payload, stamp: 'header' })).corpusFile));
  assert.ok(other.every((record) => record.startsWith('\x00\x00\x00\x01\x02\x02\x02\x0a')));
  writeFileSync(path, '{"type": "record"}');
  const error = await refused(build(records));
  assert.is(error.code, 'workload-invalid');
  assert.match(error.message, /price\.avsc is no Avro schema/);
});

test.run();
