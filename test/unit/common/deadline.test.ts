import * as assert from 'uvu/assert';
import { inTime } from '../../../bench/common/deadline.ts';
import { suite } from '../../support/suite.ts';

const test = suite('deadlines');

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

test('what is in time is the answer, and no timer is left behind', async () => {
  const before = timers();
  assert.is(await inTime(Promise.resolve('done'), 3_600_000, 'late'), 'done');
  let failed = '';
  await inTime(Promise.reject(new Error('no')), 3_600_000, 'late').catch((error: Error) => {
    failed = error.message;
  });
  assert.is(failed, 'no');
  assert.is(timers(), before);
});

test('what is late is told so', async () => {
  assert.is(await inTime(new Promise(() => {}), 1, 'late'), 'late');
});

test.run();
