import * as assert from 'uvu/assert';
import { offsetsOf } from '../../../../bench/jobs/compare/offsets.ts';
import type { StoredSeries } from '../../../../bench/jobs/nightly/history/store.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('offsets from a history');

function series(cell: string, values: readonly number[], canary = false, comparableFrom = 0): StoredSeries {
  const columns = Float64Array.from(values);
  return {
    id: { suite: canary ? 's.canary' : 's', cell, metric: 'due-to-ack.p50' },
    path: '',
    canary,
    content: {
      header: null,
      nights: { names: [], times: columns, values: columns, lows: columns, highs: columns },
      tail: [],
      comparableFrom,
      environmentChanges: [],
      accepted: [],
      forgotten: [],
      setAside: [],
    },
  };
}

const quiet = [100, 101, 100, 101, 100, 101, 100, 101];
const loud = [100, 150, 100, 150, 100, 150, 100, 150];

test('a cell is told by its own nights, and by the other cells where it has few', () => {
  const offsets = offsetsOf([
    series('linger.ms=0', quiet),
    series('linger.ms=5', loud),
    series('linger.ms=9', loud.slice(0, 3)),
  ]);
  const own = offsets({ 'linger.ms': 0 }, 'due-to-ack.p50');
  const other = offsets({ 'linger.ms': 5 }, 'due-to-ack.p50');
  const pooled = offsets({ 'linger.ms': 9 }, 'due-to-ack.p50');
  assert.ok(own !== null && other !== null && pooled !== null);
  assert.ok(own.sigma < 0.02 && other.sigma > 0.2);
  assert.ok(pooled.sigma > own.sigma && pooled.sigma < 1.2 * other.sigma);
});

test('nights of an older definition and the canary’s do not count, and another metric is not known', () => {
  const offsets = offsetsOf([
    series('linger.ms=0', [...loud, ...quiet], false, 8),
    series('baseline', loud, true),
  ]);
  assert.ok((offsets({ 'linger.ms': 0 }, 'due-to-ack.p50')?.sigma ?? 1) < 0.02);
  assert.ok((offsets({ 'linger.ms': 7 }, 'due-to-ack.p50')?.sigma ?? 1) < 0.02, 'of the suite alone');
  assert.is(offsets({ 'linger.ms': 0 }, 'achievedPerSec'), null);
});

test.run();
