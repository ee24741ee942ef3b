import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { KsweepError } from '../../../../bench/common/errors.ts';
import { destroyPool } from '../../../../bench/common/pool.ts';
import { buildCorpora } from '../../../../bench/run/measure/corpora.ts';
import { resolveWorkload } from '../../../../bench/workload/load.ts';
import { suite } from '../../../support/suite.ts';

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

test('a record of a file that no request of a cell holds is refused before anything starts', async () => {
  writeFileSync(join(dir, 'big.ndjson'), `small\n${'x'.repeat(5_000)}\n`);
  const build = async (limit: number): Promise<unknown> => {
    const { plan } = resolveWorkload(
      {
        name: 'file',
        records: { payload: { source: 'file', path: 'big.ndjson' }, stamp: 'header' },
        sweep: { axes: { 'max.request.size': [10_000, limit] } },
      },
      dir,
      (problems) => {
        throw new Error(JSON.stringify(problems));
      },
    );
    return buildCorpora(plan, dir, dir, () => {}, new AbortController().signal).then(
      ({ records }) => records.size,
      (error: unknown) => error,
    );
  };
  assert.is(await build(6_000), 1);
  const error = (await build(5_000)) as KsweepError;
  assert.is(error.code, 'workload-invalid');
  assert.match(error.message, /largest has 5000 bytes.+producer\.max\.request\.size \(5000\)/);
});

test.run();
