import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { countBits, hasBit, SequenceSet, unionBits } from '../../../bench/load/seen.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sequence sets');

test('behaves as a set of numbers, for any sequence of additions', () => {
  const random = createRandom(1);
  const own = new SequenceSet();
  const reference = new Set<number>();
  for (let i = 0; i < 20_000; i++) {
    const sequence = random.int(30_000);
    assert.is(own.add(sequence), !reference.has(sequence));
    reference.add(sequence);
  }
  assert.is(countBits(own.bits), reference.size);
  for (let i = 0; i < 40_000; i++) assert.is(hasBit(own.bits, i), reference.has(i));
});

test('the union of bitmaps of different lengths holds what any of them holds', () => {
  const short = new SequenceSet();
  const long = new SequenceSet();
  short.add(3);
  long.add(3);
  long.add(1_000_000);
  const union = unionBits([short.bits, long.bits]);
  assert.is(countBits(union), 2);
  assert.ok(hasBit(union, 1_000_000));
  assert.is(countBits(unionBits([])), 0);
});

test.run();
