import * as assert from 'uvu/assert';
import { metricOf } from '../../../../bench/results/metrics.ts';
import { spread } from '../../../../bench/stats/describe.ts';
import { formatSpread } from '../../../../reports/run/format-spread.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('figures of repeats');

const metric = metricOf('end-to-end.p99');

test('the median, and the range in brackets, in one unit', () => {
  assert.is(formatSpread(metric, spread([5_310])), '5.31 ms');
  assert.is(formatSpread(metric, spread([4_900, 5_310, 5_820])), '5.31 [4.9, 5.82] ms');
});

test('what clocks of different hosts may have put it off by, with a mark where that is too much', () => {
  const sure = { ...spread([5_310]), clockError: { errorUs: 303, unsure: false } };
  assert.is(formatSpread(metric, sure), '5.31 ms ± 0.3 ms');
  const unsure = { ...spread([5_310]), clockError: { errorUs: 1_234, unsure: true } };
  assert.is(formatSpread(metric, unsure), '5.31 ms ± 1.2 ms (unsure)');
});

test('a figure of one host’s records only says which share of them it is', () => {
  const ofOne = { ...spread([5_310]), clockError: { errorUs: 0, unsure: false, sameHostShare: 0.333 } };
  assert.is(formatSpread(metric, ofOne), '5.31 ms (33 % of the records: same host)');
});

test.run();
