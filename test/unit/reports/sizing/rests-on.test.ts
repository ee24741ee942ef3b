import * as assert from 'uvu/assert';
import type { Capacity } from '../../../../reports/sizing/capacity.ts';
import { exactly } from '../../../../reports/sizing/figure.ts';
import { reportPartitions } from '../../../../reports/sizing/partitions-report.ts';
import { measuredCapacity, problemOf, reportContext } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

/** A number is never called better than its weakest part, and says which parts those are. */
const test = suite('sizing: what a number rests on');

const CURVE = measuredCapacity(
  [
    [1, [10e6, 11e6, 12e6]],
    [2, [19e6, 20e6, 22e6]],
    [4, [36e6, 38e6, 40e6]],
    [8, [60e6]],
  ],
  { perConsumer: exactly(20e6), perConsumerSource: 'run r1' },
);
const BASE = { retention: '1h', zones: 1, spares: 0 };
function report(answers: Record<string, unknown>, capacity: Capacity | undefined = CURVE) {
  return reportPartitions(problemOf({ ...BASE, ...answers }, capacity), reportContext('test'));
}
const answer = (name: string, answers: Record<string, unknown>) => {
  const figure = report(answers).answers.find((one) => one.name === name);
  return `${figure?.kind}: ${figure?.source}`;
};

test('the curve: an assumption for its traffic, with what was measured and how well', () => {
  assert.match(
    answer('Partitions', { peak: '24MB/s' }),
    /^assumption: smallest N.*traffic as answered, curve measured \(safe end of the range of 3 repeats, 75 %\)$/,
  );
  assert.match(answer('Partitions', { peak: '44MB/s' }), /\(one repeat: no interval, so no safe end\)$/);
});

test('a handler, the small start, and rounding are named where they decide', () => {
  const handled = { peak: '1k/s', recordSize: 1000, handler: '9ms' };
  assert.match(
    answer('Partitions', handled),
    /^assumption: group 1 with its spares, handler: .*handler time as answered; so many were/,
  );
  assert.match(answer('Partitions', { peak: '1MB/s' }), /^assumption: the usual small start/);
  assert.match(
    answer('Partitions', { brokers: 3 }),
    /^heuristic: the usual small start; rounded up to a multiple of 3$/,
  );
});

test('consumers: what one of them reads may be measured, answered or not known', () => {
  const of = (answers: Record<string, unknown>) => answer('Consumers of g', answers);
  const peak = '24MB/s';
  assert.match(
    of({ peak, groups: [{ name: 'g' }] }),
    /^assumption: reading: .*one consumer: measured, run r1$/,
  );
  assert.match(of({ peak, groups: [{ name: 'g', perConsumer: '9MB/s' }] }), /one consumer: your answer$/);
  const own = report({ peak, groups: [{ name: 'g', perConsumer: '9MB/s' }] }).steps[1]?.figures ?? [];
  assert.is(own.find((one) => one.name === 'One consumer of g')?.kind, 'assumption');
  assert.is(own.find((one) => one.name === 'g: reading')?.kind, 'assumption');
  assert.is(own.find((one) => one.name === 'One consumer')?.kind, 'measured');
});

test('brokers and cost are no better than the traffic that they are for', () => {
  const brokers = answer('Brokers', { peak: '24MB/s' });
  assert.match(brokers, /^assumption: replication factor needs 3; .*\(documented limit\)$/);
  assert.match(answer('Cost', { peak: '24MB/s' }), /^assumption: of these brokers.*documented prices as of/);
});

test('no result of a step is called measured: each follows from the traffic', () => {
  const { steps } = report({ peak: '24MB/s' });
  for (const step of steps.slice(0, 4)) assert.is.not(step.result.kind, 'measured', step.title);
});

test.run();
