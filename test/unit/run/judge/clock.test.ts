import * as assert from 'uvu/assert';
import type { LatencySummary } from '../../../../bench/results/latency.ts';
import { judgeClocks } from '../../../../bench/run/judge/clock.ts';
import type { EndToEndAcross } from '../../../../bench/run/judge/merge.ts';
import { workloadSchema } from '../../../../bench/workload/schema.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what clocks of different hosts allow to be said');

const measured = (endToEndErrorUs: number) => ({ startSpreadUs: 10, endToEndErrorUs, hosts: [] });
const workload = (load: Record<string, unknown> = {}) => workloadSchema.parse({ name: 'x', load });
const percentilesUs = { p75: null, p90: null, p95: null, p99: null, 'p99.9': null, 'p99.99': null };
const summary = (p50: number): LatencySummary => ({
  count: 100,
  negativeCount: 0,
  minUs: 1,
  meanUs: p50,
  stddevUs: 0,
  maxUs: p50,
  percentilesUs: { ...percentilesUs, p50 },
});
const endToEnd = (p50: number, madeOf: EndToEndAcross['madeOf'] = 'all'): EndToEndAcross => ({
  all: summary(p50),
  across: summary(p50),
  sameHostShare: madeOf === 'all' ? 0 : 0.3333,
  madeOf,
});

test('an error up to a tenth of the p50 is told and marks nothing', () => {
  const { loadHosts, notes, reasons } = judgeClocks(measured(300), workload(), endToEnd(3_000), 200);
  assert.is(loadHosts.endToEndUnsure, false);
  assert.is(loadHosts.placement, 'spread');
  assert.equal([notes, reasons], [[], []]);
});

test('a larger one marks the figure', () => {
  const { loadHosts, notes } = judgeClocks(measured(301), workload(), endToEnd(3_000), 200);
  assert.is(loadHosts.endToEndUnsure, true);
  assert.equal(notes, [
    {
      code: 'clock-error',
      message:
        'end-to-end across hosts is known to ± 0.30 ms, more than a tenth of its p50 (3.00 ms): no record was produced and received on one host, and the figure is of all of them',
    },
  ]);
});

test('where records of one host are there, they are the figure, with their share', () => {
  const { loadHosts, notes } = judgeClocks(measured(301), workload(), endToEnd(3_000, 'same-host'), 200);
  assert.is(loadHosts.endToEndOf, 'same-host');
  assert.is(loadHosts.sameHostShare, 0.3333);
  assert.is(loadHosts.endToEndAcross?.percentilesUs.p50, 3_000);
  assert.match(notes[0]?.message ?? '', /: the figure is of the 33\.3 % of the records that were produced/);
});

test('and so does one above what the workload asks for, however large the latency', () => {
  const asked = workload({ clockError: '0.2ms' });
  const { notes } = judgeClocks(measured(300), asked, endToEnd(1e6), 200);
  assert.match(notes[0]?.message ?? '', /± 0\.30 ms, and load\.clockError asks for 0\.20 ms/);
  assert.equal(judgeClocks(measured(150), asked, endToEnd(1e6), 200).notes, []);
});

test('where nothing was timed end to end there is nothing to mark', () => {
  assert.equal(judgeClocks(measured(300), workload({ clockError: '0.1ms' }), null, null).notes, []);
});

test('a record received before it was due by more than the error makes the repeat invalid', () => {
  assert.equal(judgeClocks(measured(300), workload(), endToEnd(9_000), -300).reasons, []);
  const { reasons } = judgeClocks(measured(300), workload(), endToEnd(9_000), -12_300);
  assert.is(reasons[0]?.code, 'clocks-contradict');
  assert.match(reasons[0]?.message ?? '', /^a record was received 12 ms before it was due, .* ± 0\.30 ms: /);
});

test.run();
