import * as assert from 'uvu/assert';
import { createRandom } from '../../../../../bench/common/random.ts';
import { compareRecompression } from '../../../../../bench/jobs/codecs/report/recompression.ts';
import { stampEffects } from '../../../../../bench/jobs/codecs/report/stamp.ts';
import type { RepeatResult } from '../../../../../bench/results/result.ts';
import { summarizeCells } from '../../../../../reports/run/cell-summary.ts';
import { loadedRun } from '../../../../support/codecs.ts';
import { repeatOf } from '../../../../support/run-of.ts';
import { suite } from '../../../../support/suite.ts';

const test = suite('effects of the stamp and of recompression');

const TYPE = 'topic.configs.compression.type';

interface Side {
  readonly label: string;
  readonly stamp: string;
  readonly wire: number;
  readonly disk: number | null;
  /** Of the ten records that were acknowledged. */
  readonly requests?: number;
}

function stampedCells(sides: readonly Side[]) {
  const cells = sides.map(({ label, stamp }) => ({
    id: `${label}-${stamp}`,
    label,
    settings: { config: label, stamp },
  }));
  const repeats = sides.map(({ label, stamp, wire, disk, requests }) =>
    repeatOf(1, 0, 1e6, {
      cellId: `${label}-${stamp}`,
      bytes: { wirePerRecord: wire, diskPerRecord: disk, produceRequests: requests ?? null },
    }),
  );
  return summarizeCells(loadedRun(repeats, cells));
}

test('the effect pairs each configuration with itself, and leaves out what has one side only', () => {
  const cells = stampedCells([
    { label: 'none', stamp: 'header', wire: 1064, disk: 1050 },
    { label: 'none', stamp: 'none', wire: 1032, disk: 1020 },
    { label: 'zstd', stamp: 'header', wire: 250, disk: null },
    { label: 'zstd', stamp: 'none', wire: 240, disk: null },
    { label: 'lz4', stamp: 'header', wire: 500, disk: null },
  ]);
  const effects = stampEffects(cells, ({ label }) => label, 1000);
  assert.equal(
    effects.map(({ label }) => label),
    ['none', 'zstd'],
  );
  assert.equal(effects[0]?.plain, {
    wireBytes: 1032,
    diskBytes: 1020,
    ratio: 1000 / 1032,
    recordsPerRequest: null,
  });
  assert.is(effects[0]?.batchesAlike, null);
  assert.is(effects[0]?.addedWireBytes, 32);
  assert.is(effects[1]?.stamped.diskBytes, null);
});

test('batches of two sizes are told, since the larger ones compress better by themselves', () => {
  const alikeWith = (stamped: number, plain: number) =>
    stampEffects(
      stampedCells([
        { label: 'zstd', stamp: 'header', wire: 250, disk: null, requests: stamped },
        { label: 'zstd', stamp: 'none', wire: 240, disk: null, requests: plain },
      ]),
      ({ label }) => label,
      1000,
    )[0]?.batchesAlike;
  assert.is(alikeWith(100, 100), true);
  assert.is(alikeWith(112, 100), true, 'batch.size holds fewer records of 1,030 B');
  assert.is(alikeWith(115, 100), false);
  assert.is(alikeWith(100, 109), true);
  assert.is(alikeWith(100, 111), false);
});

test('law: a stamp that adds bytes never makes the ratio larger, and hides more the better a codec is', () => {
  const random = createRandom(1);
  for (let i = 0; i < 200; i++) {
    const plain = 20 + random.int(1000);
    const added = random.int(40);
    const [effect] = stampEffects(
      stampedCells([
        { label: 'c', stamp: 'header', wire: plain + added, disk: null },
        { label: 'c', stamp: 'none', wire: plain, disk: null },
      ]),
      ({ label }) => label,
      1000,
    );
    assert.ok(effect !== undefined && effect.ratioChange <= 1);
    assert.ok(Math.abs(effect.ratioChange - plain / (plain + added)) < 1e-12);
  }
});

function topicRepeat(
  type: string,
  rate: string,
  block: number,
  brokerUs: number,
  perSec: number,
): RepeatResult {
  return repeatOf(1, block, perSec * 1000, {
    cellId: `${type}-${rate}`,
    cpu: { brokerUsPerMB: brokerUs },
    rate: { achievedPerSec: perSec },
  });
}

test('recompression is told at the rate by cost and at the open tap by throughput, paired by block', () => {
  const types = ['producer', 'gzip'];
  const cells = types.flatMap((type) =>
    ['1MB/s', 'max'].map((rate) => ({
      id: `${type}-${rate}`,
      label: type,
      settings: { [TYPE]: type, rate },
    })),
  );
  const repeats = Array.from({ length: 8 }, (_, block) => [
    topicRepeat('producer', '1MB/s', block, 5000 * (1 + block / 10), 1000),
    topicRepeat('gzip', '1MB/s', block, 9000 * (1 + block / 10), 1000),
    topicRepeat('producer', 'max', block, 1, 50_000 + block),
    topicRepeat('gzip', 'max', block, 1, 30_000 + block),
  ]).flat();
  const { rows, topicCodec } = compareRecompression(summarizeCells(loadedRun(repeats, cells)), 'gzip');
  assert.is(topicCodec, 'gzip');
  const broker = rows.find(({ metricKey }) => metricKey === 'cpu.brokerUsPerMB');
  assert.is(broker?.at, 'rate');
  assert.ok(Math.abs((broker?.comparison.effect ?? 0) - 1.8) < 1e-9, 'the blocks’ drift cancels out');
  assert.is(broker?.comparison.verdict, 'regressed');
  const tap = rows.find(({ at }) => at === 'maximum rate');
  assert.is(tap?.metricKey, 'achievedPerSec');
  assert.is(tap?.comparison.verdict, 'regressed', 'less throughput is worse');
  assert.ok(
    !rows.some(({ metricKey }) => metricKey === 'due-to-ack.p99'),
    'what was not measured is not told',
  );
});

test.run();
