import * as assert from 'uvu/assert';
import { solvePartitions } from '../../../../reports/sizing/partitions.ts';
import { stepsOf } from '../../../../reports/sizing/steps.ts';
import { measuredCapacity, problemOf } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sizing: hot key');

/** A sweep that begins at two partitions: one alone carries from 10 to 22 MB/s. */
const FROM_TWO = measuredCapacity([
  [2, [20e6, 21e6, 22e6]],
  [4, [38e6, 40e6, 42e6]],
  [8, [70e6, 74e6, 78e6]],
]);
const ask = (hottestKeyShare: string, answers: Record<string, unknown>, capacity?: typeof FROM_TWO) => {
  const problem = problemOf(
    { average: '20MB/s', peak: '40MB/s', retention: '1h', groups: 0, hottestKeyShare, ...answers },
    capacity,
  );
  const solution = solvePartitions(problem);
  return { solution, text: stepsOf(problem, solution)[5]?.text ?? '' };
};

test('without X(1) the key is refused where even the smallest sweep carries less', () => {
  // 60 % of 50 MB/s with headroom: 30 MB/s, and two partitions carry at most 22.
  const { solution, text } = ask('60%', {}, FROM_TWO);
  assert.is(solution.infeasible[0]?.constraint, 'hot key');
  assert.match(text, /more partitions do not help/);
});

test('between what one partition carries at least and at most, it is not judged', () => {
  const { solution, text } = ask('30%', {}, FROM_TWO);
  assert.is(solution.infeasible.length, 0);
  assert.match(text, /^Not judged for one partition.*from 10 MB\/s to 22 MB\/s: measure 1 as well/);
});

test('where the share of one partition carries it, it is carried', () => {
  assert.match(ask('10%', {}, FROM_TWO).text, /^One partition and one consumer carry it/);
});

test('with a figure for the consumer alone the partition is not judged, and the other way round', () => {
  const consumer = ask('10%', { perConsumer: '25MB/s', groups: 1 });
  assert.match(consumer.text, /^Not judged for one partition, of which nothing is known/);
  const partition = ask('10%', { perPartition: '25MB/s', groups: 1 });
  assert.match(partition.text, /^Not judged for one consumer of group 1/);
  const both = ask('10%', { perPartition: '25MB/s', perConsumer: '25MB/s', groups: 1 });
  assert.match(both.text, /^One partition and one consumer carry it/);
});

test.run();
