import * as assert from 'uvu/assert';
import type { Suite } from './suite.ts';

/** Where a file's tests cannot run, adds one test that says why, so that nothing passes unseen. Whether that is so. */
export function isLeftOut(test: Suite, why: string | null | undefined): boolean {
  if (why == null) return false;
  console.log(`# skipped 1 of the test files of hosts: ${why}`);
  test(`skipped: ${why}`, () => assert.ok(why.length > 0));
  return true;
}
