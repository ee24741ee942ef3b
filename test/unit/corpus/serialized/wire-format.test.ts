import * as assert from 'uvu/assert';
import { wireHeader } from '../../../../bench/corpus/serialized/wire-format.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('wire format');
const header = (id: number, path: readonly number[] | null): string => wireHeader(id, path).toString('hex');

test('a header is a byte 0 and the id in four bytes, big-endian', () => {
  assert.is(header(42, null), '000000002a');
  assert.is(header(0x01020304, null), '0001020304');
  assert.is(header(0x7fffffff, null), '007fffffff');
});

test('the path to a Protobuf message is zigzag varints, and the first message one byte', () => {
  assert.is(header(1, [0]), '0000000001' + '00');
  assert.is(header(1, [1]), '0000000001' + '0202');
  assert.is(header(1, [1, 0]), '0000000001' + '040200');
  assert.is(header(1, [0, 0]), '0000000001' + '040000');
  // 64 is 128 in zigzag, which takes two bytes.
  assert.is(header(1, [64]), '0000000001' + '028001');
});

test.run();
