import * as assert from 'uvu/assert';
import { type GroupProgress, readShare, type Written } from '../../../../bench/run/measure/drain.ts';
import { ToRead } from '../../../../bench/run/measure/to-read.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what a run without producers has to read');

const written = (ends: number[]): Written => ({ acked: 0, starts: ends.map(() => 100), ends, hidden: 0 });
const progress = (positions: [number, number][]): GroupProgress => ({
  group: 'g',
  members: 1,
  killed: false,
  received: 0,
  positions: new Map(positions),
});

test('the share read counts from where groups begin to where the log ended', () => {
  assert.is(readShare(written([200, 400]), progress([])), 0);
  assert.is(readShare(written([200, 400]), progress([[0, 200]])), 0.25);
  assert.is(
    readShare(
      written([200, 400]),
      progress([
        [0, 250],
        [1, 400],
      ]),
    ),
    1,
  );
  assert.is(readShare(written([100, 100]), progress([])), 1);
});

const drain = (share: number, ends: number[]) => ({
  readShare: () => share,
  isRead: () => share === 1,
  written: () => Promise.resolve(written(ends)),
});

test('a warm-up ends at a share of what there is', () => {
  assert.is(new ToRead(drain(0.2, []), written([200])).endsWarmUp(), false);
  assert.is(new ToRead(drain(0.25, []), written([200])).endsWarmUp(), true);
});

test('an empty topic, and one whose ends nobody told, is waited for to the end of the window', () => {
  for (const what of [written([100, 100]), null]) {
    const toRead = new ToRead(drain(1, [100]), what);
    assert.is(toRead.endsWarmUp(), false);
    assert.is(toRead.isRead(), false);
  }
});

test('a topic that others write to has no end', async () => {
  assert.is(await new ToRead(drain(1, [200]), written([200])).grows(), false);
  assert.is(await new ToRead(drain(1, [201]), written([200])).grows(), true);
});

test.run();
