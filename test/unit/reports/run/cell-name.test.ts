import * as assert from 'uvu/assert';
import type { Scalar } from '../../../../bench/common/scalar.ts';
import { cellName, levelText } from '../../../../reports/run/cell-name.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('names of cells');

const nameOf = (settings: Record<string, Scalar>): string =>
  cellName(
    Object.keys(settings).map((name) => ({ name, levels: [] })),
    settings,
  );

test('a cell is called by what differs, in the order of the axes, with units', () => {
  const cases: [Record<string, Scalar>, string][] = [
    [
      { 'compression.type': 'zstd', 'compression.level': 3, 'linger.ms': 10, 'batch.size': 131_072 },
      'zstd:3 · linger 10 ms · 128 KiB',
    ],
    [{ codec: 'compression.type=gzip,compression.gzip.level=6' }, 'gzip:6'],
    [{ partitions: 1, consumers: 3 }, '1 partition · 3 consumers'],
    [{ acks: 'all', 'enable.idempotence': true }, 'acks all · idempotence on'],
    [{ size: '10KiB', rate: 'max' }, 'records of 10KiB · maximum rate'],
    [
      { 'consumer.fetch.min.bytes': 65_536, 'max.poll.interval.ms': 30_000 },
      'fetch min 64 KiB · max poll interval 30 s',
    ],
    [{ replicationFactor: 3 }, '3 replicas'],
    [{}, 'baseline'],
  ];
  for (const [settings, name] of cases) assert.is(nameOf(settings), name);
});

test('only the axes that are given are in the name', () => {
  assert.is(cellName([{ name: 'linger.ms', levels: [] }], { 'linger.ms': 0, acks: 1 }), 'linger 0 ms');
});

test('different values have different names', () => {
  const values: [string, Scalar[]][] = [
    ['batch.size', [0, 1, 1000, 1023, 1024, 1025, 1280, 16_384, 16_385, 2 ** 20, 2 ** 20 + 1, 1.5 * 2 ** 20]],
    ['linger.ms', [0, 0.5, 1, 999, 1000, 1001, 60_000]],
    ['acks', ['0', '1', 'all', -1]],
    ['size', [100, '1KiB', 'distribution=lognormal,median=600,p99=16KiB']],
    ['enable.idempotence', [true, false]],
  ];
  for (const [name, levels] of values) {
    assert.is(new Set(levels.map((level) => nameOf({ [name]: level }))).size, levels.length, name);
    assert.is(new Set(levels.map((level) => levelText(name, level))).size, levels.length, name);
  }
});

test.run();
