import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../../bench/common/errors.ts';
import {
  checkWritable,
  decodeSample,
  encodeSample,
  readSample,
  type SampleOrigin,
  type SampleRecord,
  writeSample,
} from '../../../../bench/corpus/sample/sample-file.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('the sample file');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-sample-'));
test.after(() => rmSync(dir, { recursive: true, force: true }));

const origin: SampleOrigin = {
  topic: 'orders',
  partitions: 3,
  taken: 'end',
  takenAt: '2026-01-05T08:00:00.000Z',
  anonymized: false,
  topicRecords: 10,
  history: [
    { fromMs: 0, records: 10 },
    { fromMs: 1000, records: 0 },
  ],
};

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const plain = { noNullPrototype: true };
const header = fc.record({ name: bytes, value: fc.option(bytes) }, plain);
const record: fc.Arbitrary<SampleRecord> = fc.record(
  {
    timestampMs: fc.integer({ min: -1, max: 2 ** 43 }),
    partition: fc.nat({ max: 1000 }),
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.array(header, { maxLength: 3 }),
  },
  plain,
);

const contentOf = (records: readonly SampleRecord[]): Buffer => Buffer.concat(encodeSample(origin, records));
const three: SampleRecord[] = ['a', 'bb', null].map((value, partition) => ({
  timestampMs: 1_000 + partition,
  partition,
  key: Buffer.from('key'),
  value: value === null ? null : Buffer.from(value),
  headers: [{ name: Buffer.from('source'), value: null }],
}));

function refusal(read: () => unknown): KsweepError {
  try {
    read();
  } catch (error) {
    assert.instance(error, KsweepError);
    assert.is((error as KsweepError).code, 'sample-invalid');
    return error as KsweepError;
  }
  return assert.unreachable('it was accepted') as never;
}

test('gives back what was written: null and empty, no timestamp, headers with and without a value', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
      const { info, records: read } = decodeSample(contentOf(records), 'x');
      assert.equal(read, records);
      assert.is(info.records, records.length);
    }),
    { seed: 18 },
  );
});

test('a file that was cut anywhere is refused', () => {
  const content = contentOf(three);
  for (let length = 0; length < content.length; length++) {
    refusal(() => decodeSample(content.subarray(0, length), 'cut.sample'));
  }
  const cut = refusal(() => decodeSample(content.subarray(0, content.length - 1), 'cut.sample'));
  assert.match(cut.message, /^cut\.sample: is cut off: \d+ bytes of records, and its header says \d+$/);
});

test('a changed byte anywhere is refused or, in what the header tells of the topic, still a whole sample', () => {
  const content = contentOf(three);
  let refused = 0;
  for (let at = 0; at < content.length; at++) {
    const damaged = Buffer.from(content);
    damaged[at] = (damaged[at] as number) ^ 0x55;
    try {
      assert.equal(decodeSample(damaged, 'x').records, three);
    } catch (error) {
      assert.instance(error, KsweepError);
      refused++;
    }
  }
  assert.ok(refused > content.length / 2, `${refused} of ${content.length}`);
});

test('says what is wrong: no sample, another version, something behind the end', () => {
  assert.match(
    refusal(() => decodeSample(Buffer.from('{"a":1}\n{"b":2}\n'), 'x')).message,
    /is no sample of ksweep/,
  );
  const newer = contentOf(three);
  newer.write('2', 7, 'latin1');
  assert.match(refusal(() => decodeSample(newer, 'x')).message, /a sample of another version \(2\)/);
  const longer = Buffer.concat([contentOf(three), Buffer.from('x')]);
  assert.match(refusal(() => decodeSample(longer, 'x')).message, /something behind its end/);
  assert.match(refusal(() => encodeSample(origin, [])).message, /without a record/);
});

test('a path is a file that can be read, or to be written, and nothing else', async () => {
  const file = join(dir, 'orders.sample');
  checkWritable(file);
  await writeSample(file, origin, three);
  assert.equal(readSample(file).records, three);
  checkWritable(file);
  mkdirSync(join(dir, 'folder'));
  symlinkSync('loop', join(dir, 'loop'));
  writeFileSync(join(dir, 'empty'), '');
  const long = join(dir, 'x'.repeat(300));
  const cases: [string, RegExp][] = [
    [join(dir, 'folder'), /is a folder/],
    [join(dir, 'loop'), /link that leads back/],
    [long, /name is too long/],
    [join(file, 'below'), /no folder|does not exist/],
    ['/dev/null', /is no file/],
  ];
  for (const [path, expected] of cases) {
    assert.match(refusal(() => readSample(path)).message, expected);
    assert.match(refusal(() => checkWritable(path)).message, expected);
  }
  assert.match(refusal(() => readSample(join(dir, 'none'))).message, /does not exist/);
  assert.match(refusal(() => readSample(join(dir, 'empty'))).message, /is no sample/);
  assert.match(
    refusal(() => checkWritable(join(dir, 'none', 'a.sample'))).message,
    /its folder does not exist/,
  );
});

test.run();
