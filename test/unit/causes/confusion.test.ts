import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { CALM_RUNS, confusion, confusionTable } from '../../causes/confusion.ts';
import { suite } from '../../support/suite.ts';

const test = suite('which causes are named');

test('at least 10 of 12 causes are named first in every run, and no other cause in place of any', () => {
  const { causes } = confusion();
  assert.is(causes.length, 12);
  assert.ok(causes.filter(({ right, named }) => right === named.length).length >= 10, confusionTable());
  for (const { named, right } of causes) {
    assert.is(named.filter((one) => one !== null).length, right, confusionTable());
  }
});

test('in 10 calm runs at most one is a false alarm', () => {
  assert.ok(confusion().calm.right >= CALM_RUNS - 1, confusionTable());
});

test('docs/why.md has the table that this source gives', () => {
  const text = readFileSync(join(packageRoot(), 'docs', 'why.md'), 'utf8');
  assert.ok(text.includes(confusionTable()), 'run `npm run confusion`');
});

test.run();
