import * as assert from 'uvu/assert';
import type { Binding, RepeatResult } from '../../../bench/results/result.ts';
import type { CellSummary } from '../../../reports/run/cell-summary.ts';
import { brokersSeenView } from '../../../reports/views/brokers-seen.ts';
import { boundView } from '../../../reports/views/why.ts';
import { repeatOf } from '../../support/run-of.ts';
import { suite } from '../../support/suite.ts';

const test = suite('why a run was slow, in views');

const cellOf = (repeats: readonly RepeatResult[]): CellSummary => ({
  id: 'a',
  label: 'a',
  name: 'a',
  settings: {},
  repeats,
  valid: repeats,
  counts: { planned: repeats.length, valid: repeats.length, invalid: 0, failed: 0 },
  state: 'valid',
  reasons: [],
  notes: [],
  errors: [],
  of: () => null,
});
const fieldsOf = (view: ReturnType<typeof boundView>): readonly string[] => view?.table.rows[0]?.fields ?? [];

test('what bound most repeats comes first, also where what follows from it is nearer to its limit', () => {
  const one = (resource: string, share: number, binds: boolean): Binding => ({
    resource,
    share,
    evidence: 'seen',
    binds,
  });
  const boundBy = [one('disk', 0.93, true), one('client queue', 1, false)];
  const unclear = [one('client queue', 1, false), one('disk', 0.93, false)];
  const cell = cellOf([boundBy, boundBy, unclear].map((each, i) => repeatOf(1, i, 1e6, { boundBy: each })));
  const [, bound, nearest, next] = fieldsOf(boundView([cell]));
  assert.is(bound, 'disk (2 of 3 repeats)');
  assert.is(nearest, 'disk: 93 % (seen)');
  assert.is(next, 'client queue: 100 % (seen)');
});

test('what producers saw of a broker is added up over repeats', () => {
  const seen = { requests: 10, roundTripUs: 40_000, roundTripMaxUs: 9_000, throttleMs: 0, sentBytes: 2e6 };
  const late = { ...seen, roundTripUs: 80_000, roundTripMaxUs: 20_000, throttleMs: 120 };
  const view = brokersSeenView([
    cellOf([
      repeatOf(1, 0, 1e6, { brokersAsSeen: { 'a:9092/1': seen } }),
      repeatOf(1, 1, 1e6, { brokersAsSeen: { 'a:9092/1': late } }),
    ]),
  ]);
  assert.equal(fieldsOf(view).slice(1), ['a:9092/1', '20', '6.0', '20.0', '120', '4.0']);
  assert.match(view?.reading ?? '', /held producers back/);
  assert.is(brokersSeenView([cellOf([repeatOf(1, 0, 1e6)])]), null);
});

test.run();
