import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import {
  DURATION_PATTERN,
  parseDurationMs,
  parseRate,
  parseSizeBytes,
  RATE_PATTERN,
  SIZE_PATTERN,
} from '../../../bench/common/units.ts';
import { suite } from '../../support/suite.ts';

const test = suite('figures with units');

test('durations, sizes and rates are read in their units', () => {
  assert.equal(
    ['250ms', '20s', '2m', '2min', '1.5h', '1d', 3].map(parseDurationMs),
    [250, 20_000, 120_000, 120_000, 5_400_000, 86_400_000, 3000],
  );
  assert.equal(['512', '100 B', '1KiB', '5 MB', '5MiB', 7].map(parseSizeBytes), [
    512,
    100,
    1024,
    5e6,
    5 * 2 ** 20,
    7,
  ]);
  assert.equal(
    ['20000', '20000/s', '20k/s', '1.5M/s', '20k records/s'].map((text) => parseRate(text)?.perSec),
    [20_000, 20_000, 20_000, 1_500_000, 20_000],
  );
  assert.equal(parseRate('5 MiB/s'), { kind: 'bytes', perSec: 5 * 2 ** 20 });
  assert.equal(parseRate('5 TB/day'), { kind: 'bytes', perSec: 5e12 / 86_400 });
  assert.equal(parseRate('432GB / d'), { kind: 'bytes', perSec: 5e6 });
  assert.equal(parseRate('3.6M records/h'), { kind: 'records', perSec: 1_000 });
  assert.equal(parseRate('1200/min'), { kind: 'records', perSec: 20 });
});

test('what is no such figure, or one of another kind, is not read', () => {
  for (const text of ['', '20', '20 S', '2 weeks', '-1s', '1e3s', 's', '20s/s', 'NaNs']) {
    assert.is(parseDurationMs(text), undefined, text);
  }
  for (const text of ['', '5 Mb', '5mb', '5MB/s', '-5MB', 'MB'])
    assert.is(parseSizeBytes(text), undefined, text);
  for (const text of ['', '0', '0/s', '5MB', '5Mb/s', '20k/m', '5TB/week', 'max', '-1/s']) {
    assert.is(parseRate(text), undefined, text);
  }
});

test('what is no finite number is no figure', () => {
  const huge = '9'.repeat(400);
  for (const value of [Number.POSITIVE_INFINITY, Number.NaN, huge, `${huge}s`]) {
    assert.is(parseDurationMs(value), undefined, String(value));
    assert.is(parseSizeBytes(value), undefined, String(value));
    assert.is(parseRate(value), undefined, String(value));
  }
});

test('law: the patterns that editors get accept what is read and nothing else, but for a rate of 0', () => {
  const random = createRandom(11);
  const parts = [
    ['', ' ', '-'],
    ['0', '7', '20', '1.5', '1.', '.5', '1e3', ''],
    ['', ' ', '  '],
    ['', 'ms', 's', 'm', 'min', 'h', 'd', 'B', 'kB', 'KB', 'MB', 'Mb', 'MiB', 'k', 'M', 'K', 'records'],
    ['', '', '/s', ' /s', '/m', '/day', ' /min', ' records/s', ' records/h'],
    ['', ' '],
  ];
  const kinds = [
    { pattern: DURATION_PATTERN, read: parseDurationMs },
    { pattern: SIZE_PATTERN, read: parseSizeBytes },
    { pattern: RATE_PATTERN, read: parseRate },
  ];
  let accepted = 0;
  for (let i = 0; i < 20_000; i++) {
    const text = parts.map((choices) => choices[random.int(choices.length)]).join('');
    for (const { pattern, read } of kinds) {
      if (read === parseRate && Number.parseFloat(text) === 0) continue;
      const matches = new RegExp(pattern, 'u').test(text);
      assert.is(matches, read(text) !== undefined, `"${text}" against ${pattern}`);
      if (matches) accepted++;
    }
  }
  assert.ok(accepted > 1000, `${accepted} accepted`);
});

test.run();
