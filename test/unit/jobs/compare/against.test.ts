import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { KsweepError } from '../../../../bench/common/errors.ts';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { type BaseRun, interleave } from '../../../../bench/jobs/compare/against.ts';
import { asInput } from '../../../../bench/workload/as-input.ts';
import {
  type LoadedWorkload,
  loadWorkload,
  parseOverride,
  resolveWorkload,
} from '../../../../bench/workload/load.ts';
import { type WorkloadInput, workloadSchema } from '../../../../bench/workload/schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('interleaving two configurations');

function loaded(input: Omit<WorkloadInput, 'name'>): LoadedWorkload {
  const named = { name: 'x', repeats: 3, ...input } as Record<string, unknown>;
  const resolved = resolveWorkload(named, '.', (problems) => {
    throw new Error(JSON.stringify(problems));
  });
  return {
    ...resolved,
    file: 'x.yaml',
    dropped: [],
    source: { file: 'x.yaml', sha256: 'sha', set: [], baseDir: '.', question: null },
  };
}
const base = (input: Omit<WorkloadInput, 'name'>): BaseRun => {
  const { workload } = loaded(input);
  return { runId: 'earlier', workload: JSON.parse(JSON.stringify(workload)), baseDir: '.' };
};

function refused(earlier: BaseRun, candidate: LoadedWorkload): readonly string[] {
  try {
    interleave(earlier, candidate);
  } catch (error) {
    assert.is((error as KsweepError).code, 'not-comparable');
    return (error as KsweepError).details;
  }
  throw new Error('it was not refused');
}

test('every shipped workload resolves to itself when written back as input', () => {
  const dir = join(packageRoot(), 'workloads');
  const files = readdirSync(dir).filter((name) => name.endsWith('.yaml') && !name.startsWith('notes-'));
  assert.ok(files.length > 10);
  for (const file of files) {
    const { workload } = loadWorkload(join(dir, file));
    assert.equal(workloadSchema.parse(asInput(workload)), workload, file);
  }
  const odd = workloadSchema.parse({
    name: 'odd',
    load: { rate: { search: { min: '5MB/s', max: '20k/s', maxTime: '90s' } }, duration: '1500ms' },
    disruptions: [{ at: '1s', action: 'pause-broker', for: '250ms' }],
  });
  assert.equal(workloadSchema.parse(asInput(odd)), odd);
});

test('both sides are in every block, in an order of its own, with one seed', () => {
  const { plan, against } = interleave(
    base({ producer: { 'linger.ms': 5 } }),
    loaded({ producer: { 'linger.ms': 20 }, repeats: 20 }),
  );
  assert.equal(
    plan.cells.map(({ id, label, settings }) => [id, label, settings]),
    [
      ['000-base', 'base', { side: 'base' }],
      ['001-candidate', 'candidate', { side: 'candidate' }],
    ],
  );
  assert.equal(against.pairs, [{ base: '000-base', candidate: '001-candidate' }]);
  assert.equal(against.differences, ['producer.linger.ms: 5 against 20']);
  const first = new Set<string>();
  for (let block = 0; block < 20; block++) {
    const own = plan.repeats.filter((one) => one.block === block);
    assert.equal(own.map(({ cellId }) => cellId).sort(), ['000-base', '001-candidate']);
    assert.is(new Set(own.map(({ seed }) => seed)).size, 1);
    first.add(own[0]?.cellId ?? '');
  }
  assert.is(first.size, 2, 'neither side always goes first');
  assert.equal(
    plan.cells.map(({ workload }) => workload.producer['linger.ms']),
    [5, 20],
  );
});

test('the same on both sides is two cells, not one', () => {
  const { plan, against } = interleave(base({}), loaded({}));
  assert.is(plan.cells.length, 2);
  assert.equal(against.differences, []);
});

test('topic and consumer settings may differ, and sweeps are paired by their settings', () => {
  const sweep = { axes: { 'compression.type': ['none', 'zstd'] } };
  const { against, plan } = interleave(
    base({ sweep, topic: { partitions: 3 } }),
    loaded({ sweep, topic: { partitions: 6 }, consumer: { 'fetch.min.bytes': 1000 } }),
  );
  assert.equal(against.differences, [
    'topic.partitions: 3 against 6',
    'consumer.fetch.min.bytes: not set against 1000',
  ]);
  assert.equal(
    against.pairs,
    [
      ['000-base-none', '002-candidate-none'],
      ['001-base-zstd', '003-candidate-zstd'],
    ].map(([one, other]) => ({ base: one, candidate: other })),
  );
  assert.is(plan.repeats.length, 12);
  const several = interleave(base({}), loaded({ sweep: { axes: { 'linger.ms': [0, 5, 20] } } }));
  assert.equal(
    several.against.pairs.map((pair) => pair.base),
    ['000-base', '000-base', '000-base'],
  );
});

test('another payload, load or consumers are refused before anything starts, each by its name', () => {
  const details = refused(
    base({ records: { size: 1000 }, load: { rate: 500, duration: '20s' } }),
    loaded({ records: { size: 200 }, load: { rate: 500, duration: '5s' }, consumers: { perGroup: 2 } }),
  );
  assert.equal(details, [
    'records.size: 1000 against 200',
    'load.duration: 20000 against 5000',
    'consumers.perGroup: 1 against 2',
  ]);
  assert.equal(
    refused(base({ topic: { name: 'a', existing: true } }), loaded({ topic: { name: 'b', existing: true } })),
    ['topic.name: "a" against "b"'],
  );
  const sweep = (values: number[]) => ({ sweep: { axes: { 'linger.ms': values } } });
  assert.equal(refused(base(sweep([0, 5])), loaded(sweep([0, 20]))), [
    'linger.ms=5: only in the base',
    'linger.ms=20: only in the candidate',
  ]);
});

test('a search asked for on the command line is for both sides', () => {
  const override = parseOverride('load.rate={search: {}}');
  const candidate = loaded({ load: { rate: { search: {} } } });
  const { plan } = interleave(base({ load: { rate: 500 } }), candidate, [override]);
  for (const { workload } of plan.cells)
    assert.ok(workload.load.rate !== 'max' && 'search' in workload.load.rate);
});

test.run();
