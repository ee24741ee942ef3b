import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { questionOf } from '../../../bench/workload/question.ts';
import { suite } from '../../support/suite.ts';

const test = suite('question of a workload');

test('the first comment asks, up to its question mark', () => {
  const text = `# yaml-language-server: $schema=x
# Question: how much latency do linger.ms
# and batch.size cost? Full batches compress better.
name: a`;
  assert.is(questionOf(text), 'How much latency do linger.ms and batch.size cost?');
});

test('without a question its first sentence stands for it, and without a comment nothing', () => {
  assert.is(questionOf('# Our night, 2.5 h. More\n# of it\nname: a'), 'Our night, 2.5 h.');
  assert.is(questionOf('# no end'), 'No end');
  for (const text of ['name: a\n# later?', '', '# yaml-language-server: x\nname: a', '#\nname: a']) {
    assert.is(questionOf(text), null);
  }
});

test('every shipped workload asks a question', () => {
  const folder = join(packageRoot(), 'workloads');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    assert.match(questionOf(readFileSync(join(folder, file), 'utf8')) ?? '', /^[A-Z].{10,200}\?$/, file);
  }
});

test.run();
