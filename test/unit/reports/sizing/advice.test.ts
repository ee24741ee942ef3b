import * as assert from 'uvu/assert';
import { partitionAdvice, whenToGrow } from '../../../../reports/sizing/advice.ts';
import { solvePartitions } from '../../../../reports/sizing/partitions.ts';
import { groupAnswers } from '../../../../reports/sizing/partitions-report.ts';
import { CURVE, problemOf } from '../../../support/sizing.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sizing: consumers and advice');

const BASE = { replicationFactor: 3, zones: 3, groups: 0, spares: 0, retention: '1h' };

function answer(answers: Record<string, unknown>) {
  const problem = problemOf({ ...BASE, ...answers }, CURVE);
  const solution = solvePartitions(problem);
  const groups = groupAnswers(solution);
  const notes = partitionAdvice(problem, solution, groups, undefined);
  const textOf = (code: string) => notes.find((note) => note.code === code)?.text ?? '';
  return {
    partitions: solution.recommended,
    group: groups[0],
    textOf,
    codes: notes.map((note) => note.code),
  };
}

test('consumers that run above the partitions are idle, and it says what to do with them', () => {
  const groups = [{ name: 'g', consumers: 50, spares: 1, perConsumer: '5MB/s' }];
  const { partitions, group, textOf, codes } = answer({ average: '1MB/s', groups });
  assert.is(partitions, 3);
  assert.equal(group, {
    name: 'g',
    consumers: 1,
    spares: 1,
    running: 50,
    idle: 48,
    uneven: false,
    bound: 'reading',
  });
  assert.not(codes.includes('one-to-one'));
  assert.match(textOf('idle-consumers'), /48 consumers of 51 above the 3 partitions would sit idle/);
});

test('nobody is idle where no more run than there are partitions', () => {
  const groups = [{ name: 'g', consumers: 2, spares: 1, perConsumer: '5MB/s' }];
  const { group, codes } = answer({ average: '1MB/s', groups });
  assert.is(group?.idle, 0);
  assert.not(codes.includes('idle-consumers'));
});

test('spares are assigned partitions as well, so they decide whether these come out even', () => {
  // 20 MB/s ÷ (0.8 × 9 MB/s): 3 consumers and a spare, 6 partitions.
  const one = { average: '10MB/s', peak: '20MB/s', zones: 1, brokers: 6 };
  const spare = answer({ ...one, groups: [{ name: 'g', spares: 1, perConsumer: '9MB/s' }] });
  assert.is(spare.partitions, 6);
  assert.equal([spare.group?.consumers, spare.group?.uneven], [3, true]);
  assert.match(spare.textOf('uneven-assignment'), /6 partitions over 4 consumers.*remainder of 2/);
  const none = answer({ ...one, groups: [{ name: 'g', spares: 0, perConsumer: '9MB/s' }] });
  assert.equal([none.group?.consumers, none.group?.uneven], [3, false]);
});

test('a share group is named where consumers and not throughput decide, and no order is asked for', () => {
  const groups = [{ name: 'g', spares: 0, perConsumer: '1MB/s' }];
  const slow = answer({ average: '10MB/s', keyed: false, groups });
  assert.match(slow.textOf('share-group'), /The consumers decide .* share group .* would do with \d+/);
  assert.not(answer({ average: '10MB/s', keyed: true, groups }).codes.includes('share-group'));
  const quick = answer({ average: '10MB/s', keyed: false, groups: [{ name: 'g', perConsumer: '500MB/s' }] });
  assert.not(quick.codes.includes('share-group'));
});

test('one consumer per partition is named as the ideal', () => {
  const groups = [{ name: 'g', consumers: 3, spares: 0, perConsumer: '5MB/s' }];
  const { partitions, codes } = answer({ average: '1MB/s', groups });
  assert.is(partitions, 3);
  assert.ok(codes.includes('one-to-one'));
});

test('start small: where the demand is unknown, and where it is small and without keys', () => {
  assert.match(answer({}).textOf('start-small'), /not known: start at 2 or 4 partitions/);
  assert.match(answer({ average: '1MB/s', keyed: false }).textOf('start-small'), /grow with the lag/);
  assert.is(answer({ average: '1MB/s', keyed: true }).textOf('start-small'), '');
});

test('advice on the replication factor goes by phase', () => {
  const codes = (answers: Record<string, unknown>) => {
    const problem = problemOf({ average: '1MB/s', zones: 1, groups: 0, ...answers }, CURVE);
    const notes = partitionAdvice(
      problem,
      solvePartitions(problem),
      [],
      answers['phase'] as string | undefined,
    );
    return notes.filter((note) => note.code === 'replication-factor').map((note) => note.text);
  };
  assert.match(codes({ phase: 'test' })[0] ?? '', /factor 1 is for tests/);
  assert.match(
    codes({ phase: 'some-loss' })[0] ?? '',
    /factor 2 is for production that tolerates a little loss/,
  );
  assert.equal(codes({ phase: 'no-loss' }), []);
  assert.match(codes({ phase: 'test', replicationFactor: 3 })[0] ?? '', /more than the phase "test" needs/);
});

test('when to grow: a lag in records, and the rate at which the headroom is used up', () => {
  const problem = problemOf(
    { ...BASE, average: '10MB/s', peak: '20MB/s', recordSize: 1000, keyed: false },
    CURVE,
  );
  const growth = whenToGrow(problem, solvePartitions(problem));
  assert.is(growth?.lagRecords, 600_000);
  assert.is(growth?.lagForSec, 300);
  // 4 is rounded to 6; what 4 carried at least, at 80 %.
  assert.is(growth?.rateBytesPerSec, 36e6 * 0.8);
});

test.run();
