import * as assert from 'uvu/assert';
import { createClock } from '../../../bench/common/clock.ts';
import { delay } from '../../../bench/common/deadline.ts';
import { eachSecond } from '../../../bench/common/each-second.ts';
import { suite } from '../../support/suite.ts';

const test = suite('each second');

test('runs at whole seconds of the clock, misses those that a run was busy in, and ends when told to', async () => {
  const clock = createClock();
  let aheadUs = 2_980_000;
  const startUs = clock.nowUs();
  const elapsedSec = () => (clock.nowUs() + aheadUs - startUs) / 1e6;
  const ranAtSec: number[] = [];
  const end = eachSecond({ ...clock, nowUs: () => clock.nowUs() + aheadUs }, startUs, () => {
    ranAtSec.push(elapsedSec());
    // As if this run had taken 1.97 s.
    aheadUs += 1_970_000;
    if (ranAtSec.length === 2) end();
  });
  assert.equal(ranAtSec, []);
  for (let waits = 0; waits < 100 && ranAtSec.length < 2; waits++) await delay(10);
  await delay(60);
  assert.equal(
    ranAtSec.map((sec) => Math.round(sec)),
    [3, 5],
  );
  // A timer may come a millisecond early.
  assert.ok(ranAtSec.every((sec) => sec - Math.round(sec) > -0.003));
});

test.run();
