import * as assert from 'uvu/assert';
import { StatusLine, takesColour } from '../../../../bench/common/terminal.ts';
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
  left.again(99_000);
  assert.is(left.leftMs(100_000), 23_000, 'a repeat that is tried again begins anew');
});

test('a repeat that takes too long takes nothing away from those that follow', () => {
  const left = new TimeLeft([10_000, 10_000], 1_000);
  left.start(0);
  assert.is(left.leftMs(60_000), 11_000);
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

function written(
  isTTY: boolean,
  use: (status: StatusLine) => void,
  screen: { readonly rows?: number; readonly term?: string } = {},
): string {
  let text = '';
  const write = (chunk: Uint8Array | string): boolean => {
    text += String(chunk);
    return true;
  };
  const stream = { isTTY, columns: 20, rows: screen.rows ?? 24, write };
  use(new StatusLine(stream as never, { TERM: screen.term ?? 'xterm' }));
  return text;
}

test('a terminal gets one line that is written over, broken to its width, and cleared before one that stays', () => {
  const text = written(true, (status) => {
    status.progress('[1/2] a', 'setup');
    status.progress('[1/2] a', 'measure and so on');
    status.print('valid');
  });
  const clear = '\r\u001b[2K';
  const up = '\u001b[1A\u001b[2K';
  assert.is(text, `${clear}[1/2] a · setup${clear}[1/2] a · measure\n    and so on${clear}${up}valid\n`);
});

test('details are lines of a region that is drawn over as a whole', () => {
  const text = written(true, (status) => {
    status.progress('a', 'setup', ['one', 'two']);
    status.progress('a', 'measure', ['three']);
    status.print('valid');
  });
  const [line, up] = ['\r\u001b[2K', '\u001b[1A\u001b[2K'];
  assert.is(text, `${line}a · setup\none\ntwo${line}${up}${up}a · measure\nthree${line}${up}valid\n`);
});

test('a region never is higher than the screen, and a dumb terminal gets lines', () => {
  const use = (status: StatusLine): void => status.progress('a', 'setup', ['one', 'two']);
  assert.is(written(true, use, { rows: 3 }), '\r\u001b[2Ka · setup\none');
  assert.is(written(true, use, { term: 'dumb' }), 'a · setup\n');
});

test('colours are for a terminal that takes them, and where NO_COLOR does not forbid them', () => {
  const tty = { isTTY: true };
  assert.is(takesColour(tty, { TERM: 'xterm' }), true);
  assert.is(takesColour(tty, { TERM: 'xterm', NO_COLOR: '' }), true);
  assert.is(takesColour(tty, { TERM: 'xterm', NO_COLOR: '1' }), false);
  assert.is(takesColour(tty, { TERM: 'dumb' }), false);
  assert.is(takesColour({ isTTY: false }, {}), false);
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
