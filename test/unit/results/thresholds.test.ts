import * as assert from 'uvu/assert';
import type { RepeatResult } from '../../../bench/results/result.ts';
import { evaluateThresholds } from '../../../bench/results/thresholds/evaluate.ts';
import { parseThreshold } from '../../../bench/results/thresholds/parse.ts';
import { simulateRepeat } from '../../support/simulated-repeat.ts';
import { suite } from '../../support/suite.ts';

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
  ['due-to-ack p99 < 5', /is not a duration/],
  ['due-to-ack p99 < abcµs', /is not a duration/],
  ['lots == 0', /did you mean lost/],
  ['lost == 5%', /not a percentage/],
  ['achieved > fast', /is not a rate/],
  ['lost == 0 for acks', /expected for <axis>=<value>/],
] as const) {
  test(`refuses "${text}"`, () => {
    assert.throws(() => parseThreshold(text), message);
  });
}

const CLUSTER = { capacityPerSec: 1000, noise: 0, serviceUs: 1000, partitions: 2 };
const base = await simulateRepeat(CLUSTER, { ratePerSec: 200, warmupSec: 1, measureSec: 3, seed: 1 });
const cells = ['a', 'b', 'c', 'd'].map((id) => ({ id, label: id, settings: { cell: id } }));

interface Changed {
  readonly lost?: number | null;
  readonly share?: number;
  readonly p99Us?: number;
  readonly outcome?: RepeatResult['outcome'];
  readonly because?: string;
}

/** A repeat of a cell with some of its figures changed. */
function repeat(cellId: string, { lost = 0, share = 1, p99Us = 5_000, ...changed }: Changed): RepeatResult {
  const latency = base.latencyUs['due-to-ack'];
  if (latency === null) throw new Error('the simulated repeat has no latency');
  return {
    ...base,
    cellId,
    outcome: changed.outcome ?? (changed.because === undefined ? 'valid' : 'invalid'),
    reasons: changed.because === undefined ? [] : [{ code: changed.because, message: '' }],
    rate: { ...base.rate, achievedOverOffered: share },
    counts: { ...base.counts, lost: lost as number },
    latencyUs: {
      ...base.latencyUs,
      'due-to-ack': { ...latency, percentilesUs: { ...latency.percentilesUs, p99: p99Us } },
    },
  };
}

const judged = (text: string, results: readonly RepeatResult[]): unknown[] =>
  evaluateThresholds([text], cells, results).map(({ cellId, observed, passed }) => [
    cellId,
    observed,
    passed,
  ]);

test('counts are judged by the worst repeat that was measured, invalid ones among them', () => {
  const results = [
    ...[0, 0, 0].map((lost) => repeat('a', { lost })),
    ...[9, 4].map((lost) => repeat('a', { lost, because: 'lost' })),
    repeat('b', {}),
    repeat('c', { outcome: 'failed', lost: 1 }),
    repeat('d', {}),
    repeat('d', { lost: null }),
  ];
  assert.equal(judged('lost == 0', results), [
    ['a', 9, false],
    ['b', 0, true],
    ['c', null, null],
    ['d', 0, null],
  ]);
  const [outcome] = evaluateThresholds(['lost == 0'], cells, results);
  assert.equal([outcome?.min, outcome?.max], [0, 9]);
  assert.equal(judged('run: lost == 0', results), [[null, 9, false]]);
  assert.is(evaluateThresholds(['lost == 0 for cell=a'], cells, results).length, 1);
});

test('a repeat that was not checked hides no breach', () => {
  assert.equal(judged('lost == 0 for cell=a', [repeat('a', { lost: null }), repeat('a', { lost: 2 })]), [
    ['a', 2, false],
  ]);
});

test('a rate that fell short breaches, although that makes its repeats invalid', () => {
  const short = { share: 0.8, because: 'not-sustained' };
  const results = [
    ...[short, short, {}].map((changed) => repeat('a', changed)),
    ...[short, {}, {}].map((changed) => repeat('b', changed)),
    repeat('c', { share: 0.8, because: 'not-steady' }),
  ];
  assert.equal(judged('achieved/offered >= 0.99', results), [
    ['a', 0.8, false],
    ['b', 1, true],
    ['c', null, null],
    ['d', null, null],
  ]);
});

test('a latency is judged by the median of valid repeats alone', () => {
  const of = (p99Us: number, because?: string): RepeatResult =>
    repeat('a', because === undefined ? { p99Us } : { p99Us, because });
  const results = [of(5_000), of(6_000), of(90_000), of(90_000, 'lost'), of(90_000, 'lost')];
  assert.equal(judged('due-to-ack p99 < 20ms for cell=a', results), [['a', 6_000, true]]);
});

test.run();
