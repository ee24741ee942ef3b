import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { destroyPool } from '../../../bench/compute/pool.ts';
import type { KsweepError } from '../../../bench/errors.ts';
import { buildCorpora } from '../../../bench/run/corpora.ts';
import { resolveWorkload } from '../../../bench/workload/load.ts';
import { suite } from '../../support/suite.ts';

const test = suite('payloads before a run');
const dir = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(async () => {
  await destroyPool();
  rmSync(dir, { recursive: true, force: true });
});

const { plan } = resolveWorkload(
  { name: 'big', records: { size: 200, corpus: '512MiB' } },
  '.',
  (problems) => {
    throw new Error(JSON.stringify(problems));
  },
);

test('Ctrl-C while they are built ends the run at once, and says that nothing was measured', async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  const building = buildCorpora(plan, '.', dir, (line) => lines.push(line), stop.signal);
  stop.abort();
  let thrown: unknown;
  await building.catch((error: unknown) => {
    thrown = error;
  });
  assert.equal(lines, ['building payloads']);
  assert.is((thrown as KsweepError).code, 'interrupted');
  assert.match((thrown as KsweepError).message, /before anything was measured/);
});

test.run();
