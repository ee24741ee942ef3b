import * as assert from 'uvu/assert';
import { whenToGrow } from '../../../../reports/sizing/advice.ts';
import { carriedBy, partitionsToCarry, roundWhereCarried } from '../../../../reports/sizing/capacity.ts';
import { solvePartitions } from '../../../../reports/sizing/partitions.ts';
import { stepsOf } from '../../../../reports/sizing/steps.ts';
import { LAW, measuredCapacity, problemOf } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

/** What the measured curve says beside its own points, and that the answer never leaves it unasked. */
const test = suite('sizing: what a number of partitions carries');

const around = (x: number) => [x, x * 1.05, x * 1.1];
const FALLING = measuredCapacity([
  [1, around(10e6)],
  [2, around(19e6)],
  [4, around(36e6)],
  [8, around(20e6)],
]);
const RISING = measuredCapacity([
  [1, around(10e6)],
  [2, around(19e6)],
  [4, around(36e6)],
  [8, around(60e6)],
]);
const DEMAND = { average: '12MB/s', peak: '24MB/s', retention: '1h', spares: 0, growth: 1 };
/** A handler of whole milliseconds that needs `consumers` at a peak of 24,000 records/s. */
const handledBy = (consumers: number) => ({
  recordSize: 1000,
  handler: `${consumers}ms`,
  concurrency: 30_000 / 1000,
});
const roundingText = (answers: Record<string, unknown>, capacity = FALLING) => {
  const problem = problemOf(answers, capacity);
  return stepsOf(problem, solvePartitions(problem))[3]?.text ?? '';
};

test('between two measured numbers the lower of both counts, beyond the sweep its end, where it fell nothing', () => {
  assert.is(carriedBy(RISING, 6, 'low'), 36e6);
  assert.is(carriedBy(FALLING, 6, 'low'), 20e6);
  assert.is(carriedBy(RISING, 12, 'low'), 60e6);
  assert.is(carriedBy(FALLING, 12, 'low'), 0);
  assert.is(carriedBy({ ...RISING, points: RISING.points.slice(1) }, 1, 'low'), null);
});

test('a multiple of the brokers that carries too little is not taken', () => {
  // 30 MB/s with headroom: 4 partitions carry 36, 8 only 20.
  const solution = solvePartitions(problemOf({ ...DEMAND, brokers: 8 }, FALLING));
  assert.is(solution.recommended, 4);
  assert.match(
    roundingText({ ...DEMAND, brokers: 8 }),
    /Not rounded: 8 partitions carry less than fewer do\./,
  );
  assert.is(solvePartitions(problemOf({ ...DEMAND, brokers: 8 }, RISING)).recommended, 8);
});

test('nothing is rounded into what was not measured', () => {
  const answers = { ...DEMAND, peak: '40MB/s', brokers: 5 };
  assert.is(solvePartitions(problemOf(answers, RISING)).recommended, 8);
  assert.match(roundingText(answers, RISING), /nothing is known of 10 partitions/);
});

test('rounding asks nothing of the demand, so that more demand cannot give fewer partitions', () => {
  // 8 would carry 18 MB/s, but a little more demand would not fit there and fall back to 2.
  assert.is(roundWhereCarried(FALLING, 2, 8), 2);
  assert.is(roundWhereCarried(FALLING, 4, 8), 4);
  assert.is(roundWhereCarried(RISING, 4, 6), 6);
});

test('a floor above what carries the demand is infeasible, and says so', () => {
  const solution = solvePartitions(problemOf({ ...DEMAND, ...handledBy(6) }, FALLING));
  assert.is(solution.floor, 6);
  assert.is(solution.recommended, null);
  assert.is(solution.infeasible[0]?.constraint, 'throughput');
  assert.match(
    solution.infeasible[0]?.message ?? '',
    /the floor is 6 partitions.*less than the 30 MB\/s.*which 4 carry/,
  );
});

test('a floor between measured numbers moves on to the next one that carries', () => {
  const dip = measuredCapacity([
    [1, around(40e6)],
    [4, around(25e6)],
    [8, around(60e6)],
  ]);
  assert.equal(partitionsToCarry(dip, 30e6, 'low', 3), { partitions: 8, how: 'measured' });
  assert.equal(partitionsToCarry(dip, 30e6, 'low'), { partitions: 1, how: 'measured' });
});

test('a floor beyond the sweep is assumed to carry what its end did, and says that it was not measured', () => {
  const answers = { ...DEMAND, ...handledBy(12), zones: 1 };
  const solution = solvePartitions(problemOf(answers, RISING));
  assert.is(solution.recommended, 12);
  assert.is(solution.safe.partitions !== null && solution.safe.how, 'assumed');
  assert.match(roundingText(answers, RISING), /12 partitions are beyond what was measured: sweep further/);
  assert.is(solvePartitions(problemOf(answers, FALLING)).infeasible[0]?.constraint, 'throughput');
});

test('with a figure for the consumer alone, producing is not judged', () => {
  const problem = problemOf({ ...DEMAND, perConsumer: '5MB/s' });
  const [produce] = stepsOf(problem, solvePartitions(problem));
  assert.match(produce?.text ?? '', /^producing was not judged/i);
});

test('the peak caps at the low end of its interval, but not below what was seen to carry most', () => {
  const capOf = (low: number) => {
    const model = { ...LAW, peakInterval: { low, high: null } };
    const problem = problemOf({ ...DEMAND, groups: 0 }, { ...RISING, model });
    const { caps } = solvePartitions(problem);
    const figures = stepsOf(problem, solvePartitions(problem))[0]?.figures.map((one) => one.name) ?? [];
    assert.ok(figures.includes('R²') && figures.includes('Residual at each number of partitions'));
    return caps.find((cap) => cap.constraint === 'measured peak');
  };
  assert.is(capOf(20.4)?.partitions, 20);
  assert.match(capOf(20.4)?.reason ?? '', /law, 30\.8 \[20\.4, none\]/);
  assert.is(capOf(5)?.partitions, 8);
});

test('grow at what the law carries at the recommended number, never below the demand', () => {
  const problem = problemOf(
    { average: '1MB/s', peak: '60MB/s', zones: 1, groups: 0, retention: '1h' },
    { ...RISING, model: LAW },
  );
  const solution = solvePartitions(problem);
  assert.is(solution.recommended, 14);
  const rate = whenToGrow(problem, solution)?.rateBytesPerSec ?? 0;
  assert.is(rate, 0.8 * LAW.at(14).low);
  assert.ok(rate >= 60e6, `${rate}`);
});

test.run();
