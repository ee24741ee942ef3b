import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { describeError, EXIT, exitStatusOf } from '../../../bench/common/errors.ts';
import { suite } from '../../support/suite.ts';

const test = suite('errors');

const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

test('a path that no file system takes is told as such, wherever it is read', () => {
  const error = thrownBy(() => readFileSync('x'.repeat(300)));
  assert.match(
    describeError(error),
    /^ksweep: x+ cannot be used: a name in it is longer than the file system takes$/,
  );
  assert.is(exitStatusOf(error), EXIT.usage);
  const inFile = thrownBy(() => readFileSync('package.json/x'));
  assert.match(describeError(inFile), /something on the way to it is no folder/);
});

test('a defect keeps its stack', () => {
  const error = thrownBy(() => (undefined as unknown as { a: number }).a);
  assert.match(describeError(error), /^ksweep: internal error: TypeError[\s\S]*\n {4}at /);
  assert.is(exitStatusOf(error), EXIT.harness);
});

test.run();
