import * as assert from 'uvu/assert';
import { PhaseTimes } from '../../../../bench/run/measure/phase-times.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('where the time of a repeat goes');

test('phases follow one another, and a step belongs to the phase it began in', async () => {
  let nowMs = 0;
  const times = new PhaseTimes('setup', () => nowMs);
  let finish: (value: string) => void = () => {};
  const making = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const made = times.step('topic', making);
  nowMs = 30;
  times.enter('ready');
  nowMs = 50;
  finish('made');
  assert.is(await made, 'made');
  times.enter('drain');
  nowMs = 60;
  await times.step('groups', Promise.reject(new Error('gone'))).catch(() => {});
  times.enter('end');
  assert.equal(times.ms, { setup: 30, 'setup.topic': 50, ready: 20, drain: 10, 'drain.groups': 0 });
});

test.run();
