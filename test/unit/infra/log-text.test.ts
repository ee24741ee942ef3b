import * as assert from 'uvu/assert';
import { lastLines } from '../../../infra/local/log-text.ts';
import { suite } from '../../support/suite.ts';

const test = suite('log text');

test('the first error is shown even when many lines follow it', () => {
  const after = Array.from({ length: 40 }, (_, index) => `INFO closing ${index}`);
  const lines = lastLines(['INFO start', 'ERROR no disk', '\tat java.io.X', ...after, ''].join('\n'));
  assert.equal(lines.slice(0, 2), ['ERROR no disk', '…']);
  assert.is(lines.at(-1), 'INFO closing 39');
  assert.is(lines.length, 17);
});

test('a short log is shown whole, without frames', () => {
  assert.equal(lastLines('a\n\tat b.c(D.java:1)\n\t... 3 more\nERROR e\n'), ['a', 'ERROR e']);
});

test.run();
