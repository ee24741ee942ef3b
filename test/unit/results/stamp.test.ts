import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import {
  readDueUs,
  readProducer,
  readRunTag,
  readSequence,
  STAMP_BYTES,
  StampWriter,
} from '../../../bench/results/stamp.ts';
import { suite } from '../../support/suite.ts';

const test = suite('stamp');

test('what is written is read again, whatever it is, and nothing after it is touched', () => {
  const random = createRandom(9);
  for (let i = 0; i < 1000; i++) {
    const [runTag, producer] = [random.uint32(), random.int(65_536)];
    const [sequence, dueUs] = [random.uint32() * random.uint32(), random.next() * 1e15];
    const target = Buffer.alloc(STAMP_BYTES + 8, 0xaa);
    new StampWriter(runTag, producer).write(target, sequence, dueUs);
    assert.equal(
      [readRunTag(target), readProducer(target), readSequence(target), readDueUs(target)],
      [runTag, producer, sequence, dueUs],
    );
    assert.ok(target.subarray(STAMP_BYTES).every((byte) => byte === 0xaa));
  }
});

test.run();
