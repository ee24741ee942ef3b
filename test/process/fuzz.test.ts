import * as assert from 'uvu/assert';
import { fuzz } from '../fuzz/fuzz.ts';
import { suite } from '../support/suite.ts';

const test = suite('mutated files', { timeoutMs: 120_000 });

/** A sample; `npm run fuzz` makes 20,000. */
test('no mutation of a file ends a command with more than a refusal', async () => {
  const { runs, findings } = await fuzz({ mutations: 300, seed: 1 });
  assert.equal(findings, []);
  assert.ok(runs >= 300);
});

test.run();
