import * as assert from 'uvu/assert';
import { resolveSetting, withSetting } from '../../../../bench/workload/settings.ts';
import { type CurveStatistics, measure } from '../../../../reports/sizing/measured.ts';
import { repeatOf, runOf } from '../../../support/run-of.ts';
import { shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sizing from several runs');

const plain: CurveStatistics = {
  settle: (workload, setting, value) => withSetting(workload, resolveSetting(setting), value),
  bounds: async (lists) =>
    lists.map((list) => ({ low: Math.min(...list), point: list[0] ?? 0, high: Math.max(...list) })),
  fit: async () => ({ refused: 'not asked' }),
};
const of = (runs: Parameters<typeof measure>[0]) => measure(runs, {}, plain, shippedCatalog);
const sweep = () => [1, 2, 4].map((n) => repeatOf(n, 0, n * 10e6));

test('runs that differ in more than the partitions are not pooled, and what differs is named', async () => {
  const other = (changes: Record<string, unknown>, hardware: Record<string, unknown> | null = null) => {
    const run = runOf(
      [8, 16].map((n) => repeatOf(n, 0, n * 1e6, { runId: 'run-2' })),
      { hardware },
    );
    const workload = { ...run.manifest.workload, ...changes };
    return { ...run, manifest: { ...run.manifest, runId: 'run-2', workload } };
  };
  const refusal = async (second: ReturnType<typeof other>) => {
    try {
      await of([runOf(sweep()), second]);
    } catch (error) {
      assert.is((error as { code: string }).code, 'sizing-input');
      return (error as { details: string[] }).details.join('\n');
    }
    return 'pooled';
  };
  const { workload } = runOf([]).manifest;
  const topic = { partitions: 6, replicationFactor: 3 };
  assert.is(await refusal(other({ topic })), 'topic.replicationFactor: 2 in run-1 against 3 in run-2');
  assert.match(
    await refusal(other({ producer: { acks: 1 } })),
    /^producer\.acks: \(absent\) in run-1 against 1/,
  );
  assert.match(await refusal(other({}, { instanceType: 'm5.large' })), /^hardware\.instanceType/);
  const free = {
    name: 'again',
    seed: 9,
    repeats: 3,
    topic: { ...(workload['topic'] as object), partitions: 16 },
  };
  assert.is(await refusal(other(free)), 'pooled');
  const pooled = await of([runOf(sweep()), other(free)]);
  assert.equal(
    pooled.capacity.points.map((point) => point.partitions),
    [1, 2, 4, 8, 16],
  );
});

test('what one run swept and was narrowed to may be what the other had throughout', async () => {
  const codec = (value: string) =>
    [1, 2].map((n) => repeatOf(n, 0, n * 1e7, { settings: { partitions: n, 'compression.type': value } }));
  const fixed = runOf([repeatOf(4, 0, 4e7, { runId: 'run-2' })]);
  const second = {
    ...fixed,
    manifest: {
      ...fixed.manifest,
      runId: 'run-2',
      workload: { ...fixed.manifest.workload, producer: { 'compression.type': 'zstd' } },
    },
  };
  const { capacity } = await of([runOf(codec('zstd')), second]);
  assert.is(capacity.points.length, 3);
  try {
    await of([runOf(codec('lz4')), second]);
    assert.unreachable();
  } catch (error) {
    assert.equal((error as { details: string[] }).details, [
      'producer.compression.type: lz4 in run-1 against zstd in run-2',
    ]);
  }
});

test('a run that is named twice does not count double', async () => {
  try {
    await of([runOf(sweep()), runOf(sweep())]);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /run-1 was named twice/);
  }
});

test.run();
