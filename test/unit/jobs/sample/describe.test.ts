import * as assert from 'uvu/assert';
import type { SampleRecord } from '../../../../bench/corpus/sample/sample-file.ts';
import { bySecond, describeSample, wilson } from '../../../../bench/jobs/sample/describe.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what a sample tells of its topic');

const record = (timestampMs: number, more: Partial<SampleRecord> = {}): SampleRecord => ({
  timestampMs,
  partition: 0,
  key: null,
  value: Buffer.alloc(100),
  headers: [],
  ...more,
});

test('sizes, keys, headers, tombstones and partitions are counted', () => {
  const records = [
    record(0, { key: Buffer.from('hot'), headers: [{ name: Buffer.from('a'), value: Buffer.from('xyz') }] }),
    record(1, { key: Buffer.from('hot'), value: Buffer.alloc(300) }),
    record(2, { key: Buffer.from('other'), partition: 1, value: null }),
    record(3),
  ];
  const figures = describeSample(records, 2, [records], true);
  assert.is(figures.tombstones, 1);
  assert.equal(
    [figures.valueBytes?.min, figures.valueBytes?.median, figures.valueBytes?.max],
    [100, 100, 300],
  );
  assert.equal([figures.keys.keyed, figures.keys.distinct, figures.keys.hottest?.share], [3, 2, 0.5]);
  assert.equal(figures.headers, { meanBytes: 1, names: { a: 1 } });
  assert.equal(figures.partitions, { counts: [3, 1], largestOverEven: 1.5 });
});

test('a sample of tombstones without keys has neither sizes nor a hottest key', () => {
  const records = [record(0, { value: null })];
  const figures = describeSample(records, 1, [records], true);
  assert.equal([figures.valueBytes, figures.keys.hottest, figures.rate], [null, null, null]);
});

test('the rate is of what came between the first and the last record, by second', () => {
  const records = Array.from({ length: 21 }, (_, i) => record(i < 11 ? i * 100 : 1_000 + (i - 10) * 200));
  const { rate } = describeSample(records, 1, [records], true);
  assert.equal([rate?.spanSec, rate?.peakPerSec], [3, 10]);
  assert.ok(Math.abs((rate?.meanPerSec ?? 0) - 20 / 3) < 1e-9);
  assert.is(describeSample(records, 1, [records], false).rate, null, 'runs with gaps have no rate');
  assert.equal(bySecond([5_000, 5_999, 6_000, 8_000, -1]), [2, 1, 0, 1]);
});

test('disorder is within a partition, and by how much', () => {
  const [a, b, c, d] = [record(10), record(30), record(20), record(5)];
  const figures = describeSample([d, a, c, b], 2, [[a, b, c], [d]], true);
  assert.equal(figures.outOfOrder, { records: 1, mostMs: 10 });
});

test('Wilson’s interval is the published one', () => {
  // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20.
  for (const [count, of, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
  ] as const) {
    const found = wilson(count, of);
    assert.ok(Math.abs(found.low - low) < 1e-4 && Math.abs(found.high - high) < 1e-4, JSON.stringify(found));
  }
});

test.run();
