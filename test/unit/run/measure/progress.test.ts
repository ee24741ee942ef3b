import * as assert from 'uvu/assert';
import { StatusLine } from '../../../../bench/common/terminal.ts';
import { describeProgress, TimeLeft } from '../../../../bench/run/measure/progress.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('progress');

test('what is left is each repeat’s own length and what those before cost on top of it', () => {
  const left = new TimeLeft([10_000, 10_000, 20_000], 1_000);
  assert.is(left.leftMs(0), 43_000);
  left.start(0);
  assert.is(left.leftMs(4_000), 39_000);
  left.finish(13_000);
  assert.is(left.leftMs(13_000), 36_000, 'the first repeat cost 3 s on top, and so will the others');
  left.start(20_000);
  left.finish(35_000);
  assert.is(left.leftMs(35_000), 24_000, 'the mean of 3 s and 5 s');
  left.start(35_000);
  assert.is(left.leftMs(99_000), 0, 'never below zero, however late it is');
});

const progress = {
  runId: 'r',
  finished: 1,
  total: 3,
  cell: 'acks=all',
  cellId: '000',
  block: 2,
  attempt: 0,
  phase: 'setup',
  leftMs: 70_000,
};

test('a repeat under way names its place, its attempt, its phase and the time left', () => {
  assert.equal(describeProgress(progress), {
    step: '[2/3] acks=all · block 2',
    standing: 'setup · 1 min 10 s left',
  });
  assert.is(describeProgress({ ...progress, attempt: 1 }).step, '[2/3] acks=all · block 2 (again)');
  assert.is(describeProgress({ ...progress, finished: 3 }).step, '[3/3] acks=all · block 2');
});

function written(isTTY: boolean, use: (status: StatusLine) => void): string {
  let text = '';
  const write = (chunk: Uint8Array | string): boolean => {
    text += String(chunk);
    return true;
  };
  use(new StatusLine({ isTTY, columns: 20, write } as never));
  return text;
}

test('a terminal gets one line that is written over, cut to its width, and cleared before one that stays', () => {
  const text = written(true, (status) => {
    status.progress('[1/2] a', 'setup');
    status.progress('[1/2] a', 'measure and so on');
    status.print('valid');
  });
  const clear = '\r\u001b[2K';
  assert.is(text, `${clear}[1/2] a · setup${clear}[1/2] a · measure …${clear}valid\n`);
});

test('elsewhere each repeat gets one plain line as it begins', () => {
  const text = written(false, (status) => {
    status.progress('[1/2] a', 'setup · 20 s left');
    status.progress('[1/2] a', 'measure · 12 s left');
    status.print('valid');
    status.progress('[2/2] b', 'setup · 10 s left');
    status.clear();
  });
  assert.is(text, '[1/2] a · setup · 20 s left\nvalid\n[2/2] b · setup · 10 s left\n');
});

test.run();
