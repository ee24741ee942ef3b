import * as assert from 'uvu/assert';
import type { RepeatResult } from '../../bench/result.ts';
import { evaluateThresholds, parseThreshold } from '../../bench/thresholds.ts';
import { simulateRepeat } from '../support/simulated-repeat.ts';
import { suite } from '../support/suite.ts';

const test = suite('thresholds');

for (const [text, metric, operator, limit, unit] of [
  ['due-to-ack p99 < 20ms', 'due-to-ack p99', '<', 20_000, 'µs'],
  ['end-to-end p99.9<=1s', 'end-to-end p99.9', '<=', 1e6, 'µs'],
  ['sent-to-ack max < 500us', 'sent-to-ack max', '<', 500, 'µs'],
  ['achieved/offered >= 0.99', 'achieved/offered', '>=', 0.99, 'ratio'],
  ['lost == 0', 'lost', '==', 0, 'count'],
  ['achieved >= 50MB/s', 'achieved', '>=', 50e6, 'bytes/s'],
  ['received > 20k/s', 'received', '>', 20_000, 'records/s'],
  ['cpu.producers < 80%', 'cpu.producers', '<', 80, '%'],
] as const) {
  test(`reads ${text}`, () => {
    const threshold = parseThreshold(text);
    assert.equal(
      [threshold.metric, threshold.operator, threshold.limit, threshold.unit],
      [metric, operator, limit, unit],
    );
    assert.is(threshold.scope, 'cell');
  });
}

test('reads a scope and the cells it holds for', () => {
  const threshold = parseThreshold('run: lost == 0 for acks=all,partitions=3');
  assert.is(threshold.scope, 'run');
  assert.equal(threshold.only, { acks: 'all', partitions: '3' });
});

for (const [text, message] of [
  ['', /expected <metric>/],
  ['lost', /expected <metric>/],
  ['due-to-ack < 5ms', /needs a percentile/],
  ['due-to-ack p98 < 5ms', /"p98" is none of/],
  ['due-to-ack p99 < 5', /is no duration/],
  ['due-to-ack p99 < abcµs', /is no duration/],
  ['lots == 0', /did you mean lost/],
  ['lost == 5%', /no percentage/],
  ['achieved > fast', /is no rate/],
  ['lost == 0 for acks', /expected for <axis>=<value>/],
] as const) {
  test(`refuses "${text}"`, () => {
    assert.throws(() => parseThreshold(text), message);
  });
}

test('holds each cell to it by the median of its valid repeats; no figure is no pass', async () => {
  const cluster = { capacityPerSec: 1000, noise: 0, serviceUs: 1000, partitions: 2 };
  const base = await simulateRepeat(cluster, { ratePerSec: 200, warmupSec: 1, measureSec: 3, seed: 1 });
  const of = (cellId: string, lost: number, outcome: RepeatResult['outcome'] = 'valid'): RepeatResult => ({
    ...base,
    cellId,
    outcome,
    counts: { ...base.counts, lost },
  });
  const cells = ['a', 'b', 'c'].map((id) => ({ id, label: id, settings: { cell: id } }));
  const results = [
    of('a', 0),
    of('a', 0),
    of('a', 9, 'invalid'),
    of('b', 0),
    of('b', 4),
    of('b', 6),
    of('c', 1, 'failed'),
  ];
  const outcomes = evaluateThresholds(['lost == 0'], cells, results);
  assert.equal(
    outcomes.map(({ cellId, observed, passed }) => [cellId, observed, passed]),
    [
      ['a', 0, true],
      ['b', 4, false],
      ['c', null, null],
    ],
  );
  assert.equal([outcomes[1]?.min, outcomes[1]?.max], [0, 6]);
  assert.equal(
    evaluateThresholds(['run: lost == 0'], cells, results).map(({ cellId, passed }) => [cellId, passed]),
    [[null, false]],
  );
  assert.equal(evaluateThresholds(['lost == 0 for cell=a'], cells, results).length, 1);
});

test.run();
