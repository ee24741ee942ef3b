import * as assert from 'uvu/assert';
import { judgeProbe } from '../../../../bench/run/search/probe.ts';
import type { LatencyLimit } from '../../../../bench/workload/latency-limit.ts';
import { lowestTellingPerSec, probeWindowMs } from '../../../../bench/workload/search-limits.ts';
import { repeatOf } from '../../../support/run-of.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what a probe tells');

type Changes = Parameters<typeof repeatOf>[3];

const rate = (achievedPerSec: number) => ({
  kind: 'fixed' as const,
  offeredPerSec: 1000,
  achievedPerSec,
  achievedOverOffered: achievedPerSec / 1000,
});
const probe = (changes: Changes = {}) => repeatOf(1, 0, 1e6, { rate: rate(1000), ...changes });
const judge = (changes: Changes, limit: LatencyLimit | null = null) =>
  judgeProbe(1000, probe(changes), limit);

const LIMIT: LatencyLimit = { latency: 'due-to-ack', percentile: 'p99', limitUs: 50_000 };
const latency = (p99: number | null) => ({
  latencyUs: {
    'due-to-ack': {
      count: 1000,
      negativeCount: 0,
      minUs: 1,
      meanUs: 1,
      stddevUs: 1,
      maxUs: 1,
      percentilesUs: { p50: 1, p75: 1, p90: 1, p95: 1, p99, 'p99.9': null, 'p99.99': null },
    },
  },
});
const reason = (code: string) => ({ outcome: 'invalid' as const, reasons: [{ code, message: code }] });

test('sustained: every criterion held', () => {
  const sustained = { ratePerSec: 1000, sustained: true, failed: [], generatorLimited: false, unknown: [] };
  assert.equal(judge({}), sustained);
  assert.equal(judge(latency(50_000), LIMIT), sustained);
});

test('each criterion fails a probe alone, and says by how much', () => {
  const lag = { maxRecords: 9, finalRecords: 9, slopePerSec: 12.4, growing: true };
  const cases: [Changes, string][] = [
    [{ counts: { lost: 1 } }, '1 records lost'],
    [{ counts: { failed: 2 } }, '2 records not delivered'],
    [{ rate: rate(994) }, 'achieved/offered 0.9940 < 0.995'],
    [{ lag }, 'consumer lag growing by 12 records/s'],
    [latency(50_001), 'due-to-ack p99 50.0 ms > 50 ms'],
    [reason('duplicated'), 'duplicated'],
    [reason('out-of-order'), 'out-of-order'],
    [reason('aborted-transactions'), 'aborted-transactions'],
    [reason('drain-incomplete'), 'drain-incomplete'],
  ];
  for (const [changes, failed] of cases) {
    const judged = judge({ ...latency(1), ...changes }, LIMIT);
    assert.equal([judged.sustained, judged.failed, judged.generatorLimited], [false, [failed], false]);
  }
});

test('achieved ÷ offered of 0.995 is enough, and so is all but the records on their way at the edges', () => {
  assert.is(judge({ rate: rate(995) }).sustained, true);
  // 1.9 of 200 records are short of 10 s.
  const few = { ...rate(0), offeredPerSec: 20, achievedPerSec: 19.81, achievedOverOffered: 0.9905 };
  assert.is(judge({ rate: few, ...reason('not-sustained') }).sustained, true);
  assert.is(judge({ rate: { ...few, achievedPerSec: 19.79 } }).sustained, false);
});

test('a drift that keeps every limit fails no probe: near the capacity a p99 wanders for longer than a window', () => {
  assert.is(judge({ ...latency(50_000), ...reason('not-steady') }, LIMIT).sustained, true);
  assert.is(judge({ ...latency(50_001), ...reason('not-steady') }, LIMIT).sustained, false);
});

test('what the generator held back is told apart, with its reason first', () => {
  const judged = judge({ generator: { wasLimit: true }, rate: rate(900), ...reason('generator-limit') });
  assert.equal([judged.sustained, judged.generatorLimited], [false, true]);
  assert.equal(judged.failed, ['generator-limit', 'achieved/offered 0.9000 < 0.995']);
});

test('what cannot be looked at is unknown where nothing failed, and moot where something did', () => {
  assert.equal(judge(latency(null), LIMIT).unknown, ['due-to-ack p99 has too few samples']);
  assert.equal(judge({ lag: null }).unknown, ['consumer lag was not seen']);
  assert.equal(judge({ lag: null, consumers: [] }).unknown, []);
  assert.equal(judge({ lag: null, rate: rate(900) }).unknown, []);
});

test('a window is the workload’s, longer where the percentile needs it, and bounded', () => {
  assert.is(probeWindowMs(1000, 20_000, null), 20_000);
  assert.is(probeWindowMs(1000, 20_000, LIMIT), 20_000);
  assert.is(probeWindowMs(10, 20_000, LIMIT), 74_000);
  assert.is(probeWindowMs(1, 20_000, LIMIT), 300_000);
  assert.is(lowestTellingPerSec(null), 0);
  const lowest = lowestTellingPerSec(LIMIT);
  assert.ok((probeWindowMs(lowest, 20_000, LIMIT) / 1000) * lowest >= 2 * 368);
});

test.run();
