import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { resolveWorkload } from '../../bench/workload/load.ts';
import type { Plan } from '../../bench/workload/plan.ts';
import { KafkaBench } from '../support/kafka-run.ts';
import { suite } from '../support/suite.ts';

const test = suite('search against a real broker', { timeoutMs: 120_000 });
const bench = new KafkaBench();
test.before(() => bench.start());
test.after(() => bench.stop());

const input = {
  name: 'search',
  topic: { partitions: 2 },
  records: { size: 200, corpus: '1MiB' },
  load: { rate: { search: { start: 100, max: 140, maxProbes: 3 } }, warmup: '1s', duration: '20s' },
  consumers: { groups: 1 },
};

/** The plan with short windows: what a probe judges is tested elsewhere, and a workload may not ask for less than 20 s. */
function quickPlan(): Plan {
  const { plan } = resolveWorkload(input, '.', (problems) => {
    throw new Error(JSON.stringify(problems));
  });
  const cells = plan.cells.map((cell) => {
    const load = { ...cell.workload.load, duration: 4_000 };
    return { ...cell, workload: { ...cell.workload, load } };
  });
  return { ...plan, cells };
}

test('the answer is an interval within the bounds, each probe is kept, and a cut-off search goes on from them', async () => {
  const { results, dir } = await bench.run(input, { plan: quickPlan() });
  const [result] = results;
  const search = result?.search;
  assert.ok(result !== undefined && search !== undefined);
  const { lowPerSec, highPerSec, probes } = search;
  assert.ok(lowPerSec !== null || highPerSec !== null);
  assert.ok((lowPerSec ?? 0) <= (highPerSec ?? 140) && (lowPerSec ?? 140) <= 140);
  assert.ok(probes.length >= 2 && probes.length <= 3);
  assert.is(probes[0]?.ratePerSec, 100);
  const kept = join(dir, 'cells', result.cellId, '0.probes');
  const folders = readdirSync(kept).sort();
  assert.is(folders.length, probes.length);
  for (const folder of folders) assert.ok(existsSync(join(kept, folder, 'series.csv')));

  // As if it had been killed before its last probe was written.
  const first = statSync(join(kept, '0', 'result.json')).mtimeMs;
  rmSync(join(dir, 'cells', result.cellId, '0'), { recursive: true });
  rmSync(join(kept, folders.at(-1) ?? ''), { recursive: true });
  const resumed = await bench.run(input, { plan: quickPlan(), target: { resumeDir: dir } });
  const again = resumed.results[0]?.search;
  // Measured again, the last one may fail where it held before, and be tried once more.
  const stillKept = probes.slice(0, -1);
  assert.equal(again?.probes.slice(0, stillKept.length), stillKept);
  assert.is(statSync(join(kept, '0', 'result.json')).mtimeMs, first);
  assert.equal(await bench.topics(), []);
});

test.run();
