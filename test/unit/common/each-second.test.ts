import * as assert from 'uvu/assert';
import { createClock } from '../../../bench/common/clock.ts';
import { waitUntil } from '../../../bench/common/deadline.ts';
import { eachSecond } from '../../../bench/common/each-second.ts';
import { suite } from '../../support/suite.ts';

const test = suite('each second');

/** The seconds at which it ran, the clock put forward to `jumpsUs` of a second by each run. */
async function secondsOf(startsAtUs: number, jumpsUs: readonly number[]): Promise<number[]> {
  const clock = createClock();
  let aheadUs = startsAtUs - clock.nowUs();
  const nowUs = () => clock.nowUs() + aheadUs;
  const ran: number[] = [];
  const end = eachSecond({ ...clock, nowUs }, 0, () => {
    ran.push(nowUs() / 1e6);
    aheadUs += (jumpsUs[ran.length - 1] ?? 0) - nowUs();
    if (ran.length === jumpsUs.length) end();
  });
  assert.is(ran.length, 0);
  await waitUntil(() => ran.length === jumpsUs.length, 2_000);
  // Whether it has ended: the next second would be 20 ms away.
  await waitUntil(() => ran.length > jumpsUs.length, 60);
  return ran.map((sec) => Math.round(sec));
}

test('runs at whole seconds and misses those that a run was busy in', async () => {
  assert.equal(await secondsOf(2_980_000, [4_980_000, 5_980_000, 6_980_000]), [3, 5, 6]);
});

test('a timer that comes early does not bring its second twice', async () => {
  assert.equal(await secondsOf(2_980_000, [2_999_600, 4_980_000]), [3, 4]);
});

test.run();
