import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { STAMP_BYTES, StampReader, StampWriter } from '../../../bench/results/stamp.ts';
import { suite } from '../../support/suite.ts';

const test = suite('stamp');

test('what is written in a row is read again, whatever it is, and no other row is touched', () => {
  const random = createRandom(9);
  const rows = 8;
  for (let i = 0; i < 1000; i++) {
    const [runTag, producer] = [random.uint32(), random.int(65_536)];
    const [sequence, dueUs] = [random.uint32() * random.uint32(), random.next() * 1e15];
    const stamps = new StampWriter(runTag, producer, rows);
    const before = Uint8Array.from(stamps.column);
    const row = random.int(rows);
    stamps.write(row, sequence, dueUs);
    const read = new StampReader(stamps.column);
    assert.equal(
      [read.runTag(row), read.producer(row), read.sequence(row), read.dueUs(row)],
      [runTag, producer, sequence, dueUs],
    );
    before.set(stamps.column.subarray(row * STAMP_BYTES, (row + 1) * STAMP_BYTES), row * STAMP_BYTES);
    assert.equal(stamps.column, before);
  }
});

test.run();
