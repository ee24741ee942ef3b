import * as assert from 'uvu/assert';
import { emptyReport } from '../../../../reports/sizing/empty-report.ts';
import { figure } from '../../../../reports/sizing/figure.ts';
import { renderSummary, SUMMARY_LINES } from '../../../../reports/sizing/render/summary.ts';
import type { SizingReport } from '../../../../reports/sizing/report.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sizing: the first 40 lines');

const many = <T>(of: (i: number) => T): T[] => Array.from({ length: 30 }, (_, i) => of(i));
const counts = { average: 1, peak: 2, averageWithGrowth: 3, peakWithGrowth: 4 };

/** A report with more of everything than fits. */
const CROWDED: SizingReport = {
  ...emptyReport('granular', 'figures alone'),
  answers: many((i) => ({ ...figure(`Answer ${i}`, i, '', 'assumption', 'test'), binds: 'test' })),
  infeasible: many((i) => ({ constraint: `limit ${i}`, message: 'broken' })),
  waysOut: many((i) => ({ change: `change ${i}`, answer: 'fits', costPerMonth: i, currency: 'USD' })),
  brokers: {
    recommended: 6,
    needed: 6,
    withoutFailures: 3,
    binding: 'network out',
    why: 'network out needs 3 → 6',
    instance: 'm6i.large',
    needs: [],
  },
  notJudged: many((i) => ({ resource: `resource ${i}`, reason: 'unknown' })),
  types: many((i) => ({ instance: `m${i}.large`, brokers: 3, binding: 'disk space', costPerMonth: i })),
  tiers: many((i) => ({
    name: `tier ${i}`,
    tier: 'consumer' as const,
    eventsPerSec: counts,
    instances: counts,
    withHeadroom: counts,
    stated: null,
    statedWithGrowth: null,
  })),
  sensitivities: many((i) => ({ input: `input ${i}`, change: '+1', effect: 'more', flips: true })),
  growth: { lagRecords: 1, lagForSec: 300, rateBytesPerSec: null, text: 'Grow when the lag grows.' },
  advice: many((i) => ({ code: 'a', text: `advice ${i}` })),
  warnings: many((i) => ({ code: 'w', text: `warning ${i}` })),
};

test('however much there is to say, it fits, and what is left out is counted', () => {
  for (const feasible of [true, false]) {
    const text = renderSummary({ ...CROWDED, feasible });
    const lines = text.trimEnd().split('\n');
    assert.ok(lines.length <= SUMMARY_LINES, `${lines.length} lines:\n${text}`);
    assert.match(text, /Why 6 brokers: network out needs 3 → 6/);
    assert.match(text, /more with --full/);
    assert.match(text, /warning 0/);
    assert.match(lines.at(-1) ?? '', /^With --full:/);
    assert.match(text, feasible ? /^Recommendation/ : /^Infeasible/);
    assert.ok(feasible || /change 0 +fits +0 USD per month/.test(text), text);
  }
});

test('where nothing leads out, that is said', () => {
  const text = renderSummary({ ...CROWDED, feasible: false, waysOut: [] });
  assert.match(text, /No change of one input, or of two, within reach makes it feasible/);
});

test.run();
