import * as assert from 'uvu/assert';
import { threadedStatistics } from '../../../../bench/cli/size/measurement.ts';
import { closePool } from '../../../../bench/common/pool.ts';
import { createRandom } from '../../../../bench/common/random.ts';
import { curveBounds } from '../../../../bench/stats/curve-bounds.ts';
import { resolveSetting, withSetting } from '../../../../bench/workload/settings.ts';
import { type CurveStatistics, measure, repeatKey } from '../../../../reports/sizing/measured.ts';
import { recordSizeWarning } from '../../../../reports/sizing/measured-warnings.ts';
import { onRunHardware } from '../../../../reports/sizing/run-hardware.ts';
import { repeatOf, runOf } from '../../../support/run-of.ts';
import { shippedCatalog } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sizing from measured runs');

/** Range and middle value instead of a bootstrap; no model. */
const plain: CurveStatistics = {
  settle: (workload, setting, value) => withSetting(workload, resolveSetting(setting), value),
  bounds: async (lists) =>
    lists.map((list) => {
      const sorted = [...list].sort((a, b) => a - b);
      return {
        low: sorted[0] ?? 0,
        point: sorted[Math.floor(sorted.length / 2)] ?? 0,
        high: sorted.at(-1) ?? 0,
      };
    }),
  fit: async () => ({ refused: 'not asked' }),
};
const of = (runs: Parameters<typeof measure>[0], where = {}) => measure(runs, where, plain, shippedCatalog);
const codes = (warnings: readonly { code: string }[]) => warnings.map((warning) => warning.code);
const sweep = (changes = {}) =>
  [1, 2, 4].flatMap((n) =>
    [0, 1, 2, 3, 4].map((block) => repeatOf(n, block, n * 10e6 + block * 1e5, changes)),
  );

test('the curve holds one value a valid repeat, by number of partitions', async () => {
  const { capacity, data, brokers } = await of([runOf(sweep())]);
  assert.equal(
    capacity.points.map((point) => [point.partitions, point.repeats.length]),
    [
      [1, 5],
      [2, 5],
      [4, 5],
    ],
  );
  assert.is(capacity.points[1]?.point, 20.2e6);
  assert.is(capacity.perPartition?.low, 10e6);
  assert.is(data.recordSizeBytes, 1000);
  assert.is(data.wireShare, 0.4);
  assert.is(brokers, 3);
});

test('broker CPU is for a MB and replica', async () => {
  assert.is((await of([runOf(sweep())])).brokerCpu?.usPerMB, 3000);
});

test('a run is sized on the type that it measured, and no other', async () => {
  const on = (instanceType: string) => of([runOf(sweep(), { hardware: { instanceType } })]);
  const measured = await on('m7g.large');
  assert.is(measured.instance, 'm7g.large');
  assert.is(measured.brokerCpu?.kind, 'measured');
  assert.match(measured.brokerCpu?.source ?? '', /on m7g\.large$/);
  assert.equal(onRunHardware({}, measured), { instance: 'm7g.large' });
  assert.equal(onRunHardware({ instance: 'kafka.m7g.large' }, measured), { instance: 'kafka.m7g.large' });
  assert.throws(
    () => onRunHardware({ instance: 'm6i.large' }, measured),
    (error: { code: string; message: string }) =>
      error.code === 'sizing-input' &&
      /^instance: the run measured brokers on m7g\.large/.test(error.message),
  );
  // Machines of no known type: nothing to refuse, and their CPU is only taken to hold.
  const unknown = await of([runOf(sweep())]);
  assert.is(unknown.brokerCpu?.kind, 'assumption');
  assert.equal(onRunHardware({ instance: 'm6i.large' }, unknown), { instance: 'm6i.large' });
});

test('invalid and failed repeats never count', async () => {
  const spoiled = [repeatOf(1, 8, 99e6, { outcome: 'invalid' }), repeatOf(1, 9, 99e6, { outcome: 'failed' })];
  const { capacity } = await of([runOf([...sweep(), ...spoiled])]);
  assert.is(capacity.points[0]?.repeats.length, 5);
});

test('nothing but invalid repeats is refused', async () => {
  try {
    await of([runOf(sweep({ outcome: 'invalid' }))]);
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: string }).code, 'sizing-input');
  }
});

test('throughput is that of the end offsets where they were recorded', async () => {
  const repeat = repeatOf(1, 0, 10e6);
  const { capacity } = await of([
    { ...runOf([repeat]), endOffsetsPerSec: new Map([[repeatKey(repeat), 9000]]) },
  ]);
  assert.is(capacity.points[0]?.point, 9e6);
});

test('a point whose generator was the limit is a lower bound, and flagged', async () => {
  const limited = [0, 1, 2, 3, 4].map((block) => repeatOf(8, block, 50e6, { generator: { wasLimit: true } }));
  const { capacity, warnings } = await of([runOf([...sweep(), ...limited])]);
  assert.equal(
    capacity.points.map((point) => point.atLeast),
    [false, false, false, true],
  );
  assert.match(
    warnings.find((one) => one.code === 'client-limited')?.text ?? '',
    /^Unbounded: client-limited at 8 partitions/,
  );
});

test('a fixed rate only bounds the curve from below; a search that met the cluster does not', async () => {
  const rate = { kind: 'fixed' as const, offeredPerSec: 10_000, achievedOverOffered: 1 };
  const fixed = await of([runOf(sweep({ rate }))]);
  assert.ok(fixed.capacity.points.every((point) => point.atLeast));
  assert.ok(codes(fixed.warnings).includes('rate-limited'));
  const search = { lowPerSec: 10_000, highPerSec: 11_000, failed: ['lag'], limitedBy: 'cluster', probes: [] };
  const searched = await of([runOf(sweep({ rate, search }))]);
  assert.ok(searched.capacity.points.every((point) => !point.atLeast));
});

test('a sweep over more than the partitions has to be narrowed', async () => {
  const mixed = ['lz4', 'zstd'].flatMap((codec) =>
    [1, 2].map((n) =>
      repeatOf(n, 0, codec === 'lz4' ? 10e6 : 20e6, {
        settings: { partitions: n, 'compression.type': codec },
      }),
    ),
  );
  try {
    await of([runOf(mixed)]);
    assert.unreachable();
  } catch (error) {
    assert.match((error as { message: string; hint: string }).hint, /--where compression\.type=lz4/);
  }
  const { capacity } = await of([runOf(mixed)], { 'compression.type': 'zstd' });
  assert.is(capacity.points[0]?.point, 20e6);
});

test('one consumer’s rate: of those with partitions, and as a lower bound where they kept up', async () => {
  const consumer = (name: string, idle: boolean) => ({
    name,
    group: 'g',
    partitions: idle ? [] : [0],
    received: idle ? 0 : 5,
    idle,
    rebalances: 0,
    rebalancingMs: 0,
  });
  const consumers = [consumer('a', false), consumer('b', false), consumer('c', true)];
  const kept = await of([runOf([repeatOf(4, 0, 40e6, { consumers })])]);
  assert.is(kept.capacity.perConsumer?.point, 20e6);
  assert.ok(codes(kept.warnings).includes('consumer-not-saturated'));
  const behind = await of([
    runOf([repeatOf(4, 0, 40e6, { consumers, lag: { growing: true } }), repeatOf(1, 0, 90e6)]),
  ]);
  assert.is(behind.capacity.perConsumer?.point, 20e6);
  assert.not(codes(behind.warnings).includes('consumer-not-saturated'));
});

test('a search that ran out of probes has met the cluster where a higher rate failed by it', async () => {
  const rate = { kind: 'fixed' as const, offeredPerSec: 10_000, achievedOverOffered: 1 };
  const probe = (generatorLimited: boolean) => ({
    ratePerSec: 20_000,
    sustained: false,
    failed: ['lag'],
    generatorLimited,
  });
  const limited = async (search: object) => {
    const whole = { lowPerSec: 10_000, failed: ['lag'], limitedBy: 'probes', ...search };
    const { capacity } = await of([runOf(sweep({ rate, search: whole } as object))]);
    return capacity.points.every((point) => point.atLeast);
  };
  assert.is(await limited({ highPerSec: 20_000, probes: [probe(false)] }), false);
  assert.is(await limited({ highPerSec: 20_000, probes: [probe(true)] }), true);
  assert.is(await limited({ highPerSec: null, failed: [], probes: [] }), true);
  assert.is(await limited({ highPerSec: null, failed: [], probes: [], limitedBy: 'range' }), true);
});

test('consumers at their limit are taken at their slowest, those that kept up at their best', async () => {
  const at = (growing: boolean) =>
    [1, 4].flatMap((n) =>
      [0, 1, 2].map((block) => repeatOf(n, block, n * 5e6 + block * 1e6, { lag: { growing } })),
    );
  // One consumer read 5 to 7 MB/s of one partition and 20 to 22 of four.
  assert.is((await of([runOf(at(true))])).capacity.perConsumer?.low, 5e6);
  assert.is((await of([runOf(at(false))])).capacity.perConsumer?.point, 21e6);
});

test('few repeats are told for what they are worth', async () => {
  const [note] = (await of([runOf(sweep())])).warnings.filter((one) => one.code === 'few-repeats');
  assert.match(note?.text ?? '', /1 \(range of 5 repeats, 93\.75 %\).*measure with repeats: 6 or more/);
  const single = await of([runOf([repeatOf(1, 0, 1e7)])]);
  const text = single.warnings.find((one) => one.code === 'few-repeats')?.text ?? '';
  assert.match(text, /1 \(one repeat: no interval\)/);
  const six = [0, 1, 2, 3, 4, 5].map((block) => repeatOf(1, block, 1e7 + block));
  assert.not(codes((await of([runOf(six)])).warnings).includes('few-repeats'));
});

test('below six runs the interval is their range', () => {
  const [five, six] = curveBounds({
    points: [
      [1, 2, 3, 4, 50],
      [1, 2, 3, 4, 5, 60],
    ],
    seed: 1,
  });
  assert.equal(five, { low: 1, point: 3, high: 50 });
  assert.ok((six?.low ?? 0) >= 1 && (six?.high ?? 99) < 60, JSON.stringify(six));
});

test('records of another size than the measured ones are flagged', () => {
  assert.is(recordSizeWarning(1000, 3000)[0]?.code, 'other-record-size');
  assert.is(recordSizeWarning(1000, 300)[0]?.code, 'other-record-size');
  assert.equal(recordSizeWarning(1000, 1900), []);
  assert.equal(recordSizeWarning(null, 1), []);
});

test('the real statistics, in worker threads: interval around the median, and the law of the curve', async () => {
  const random = createRandom(5);
  const law = (n: number) => (30e6 * n) / (1 + 0.05 * (n - 1) + 0.0004 * n * (n - 1));
  const repeats = [1, 2, 4, 8, 16, 32].flatMap((n) =>
    [0, 1, 2, 3, 4].map((block) => repeatOf(n, block, law(n) * (0.97 + 0.06 * random.next()))),
  );
  try {
    const { capacity } = await measure([runOf(repeats)], {}, threadedStatistics, shippedCatalog);
    for (const point of capacity.points) {
      assert.ok(point.low <= point.point && point.point <= point.high, `${point.partitions}`);
      assert.ok(Math.abs(point.point / law(point.partitions) - 1) < 0.04, `${point.partitions}`);
    }
    const { model } = capacity;
    assert.ok(model !== null);
    assert.is(model.maxPartitions, 64);
    assert.ok(Math.abs(model.alpha - 0.05) < 0.02, `α ${model.alpha}`);
    assert.ok(
      Math.abs((model.peakPartitions ?? 0) - Math.sqrt(0.95 / 0.0004)) < 12,
      `peak ${model.peakPartitions}`,
    );
    assert.ok(model.rSquared > 0.98, `R² ${model.rSquared}`);
    assert.equal(
      model.residuals.map(({ partitions }) => partitions),
      [1, 2, 4, 8, 16, 32],
    );
    for (const { partitions, relative } of model.residuals) {
      const point = capacity.points.find((one) => one.partitions === partitions)?.point ?? 0;
      assert.ok(Math.abs(relative - (point / model.at(partitions).point - 1)) < 1e-9, `${partitions}`);
    }
    const { peakPartitions, peakInterval } = model;
    assert.ok(peakInterval !== null && peakPartitions !== null);
    assert.ok(peakInterval.low < peakPartitions && (peakInterval.high ?? 1e9) > peakPartitions);
    const at = model.at(48);
    assert.ok(at.low <= at.point && at.point <= at.high);
    const five = await measure(
      [runOf(repeats.filter((one) => one.cellId !== 'p32'))],
      {},
      threadedStatistics,
      shippedCatalog,
    );
    assert.is(five.capacity.model, null);
    assert.match(
      five.warnings.find((one) => one.code === 'no-model')?.text ?? '',
      /needs 6 numbers of partitions.*there are 5/,
    );
  } finally {
    await closePool();
  }
});

test('what bound the fastest point is measured where most of its repeats agree, and else not known', async () => {
  const boundBy = (binds: boolean) => [
    { resource: 'disk of broker a', share: 0.97, evidence: 'busy 97 %', binds },
  ];
  const at = (n: number, block: number, binds: boolean) =>
    repeatOf(n, block, n * 10e6 + block, { boundBy: boundBy(binds) });
  const bound = async (...binds: boolean[]) =>
    (await of([runOf([at(1, 0, true), ...binds.map((one, block) => at(4, block, one))])])).bound[0];
  const agreed = await bound(true, false, true);
  assert.is(agreed?.value, 'disk of broker a');
  assert.is(agreed?.kind, 'measured');
  assert.match(
    agreed?.source ?? '',
    /^at 4 partitions, the fastest point of run \S+: in 2 of 3 repeats \(busy 97 %\)$/,
  );
  assert.is((await bound(true, false))?.value, 'not known');
  assert.equal((await of([runOf(sweep())])).bound, []);
});

test.run();
