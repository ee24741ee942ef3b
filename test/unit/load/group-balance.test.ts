import * as assert from 'uvu/assert';
import { unreadyReason } from '../../../bench/load/group-balance.ts';
import { suite } from '../../support/suite.ts';

const test = suite('group balance');
const members = (...lists: (number[] | undefined)[]) =>
  lists.map((partitions, i) => ({ name: `c${i}`, partitions }));

for (const [what, partitions, group, expected] of [
  ['one member owns all', 3, members([0, 1, 2]), null],
  ['shared evenly', 3, members([0, 1], [2]), null],
  ['more members than partitions: the extra one stays idle', 2, members([0], [1], []), null],
  ['a member that has not joined', 2, members([0, 1], undefined), 'c1 has not joined group g'],
  ['a partition without an owner', 2, members([0], []), 'partition 1 has no consumer in group g'],
  ['a partition with two owners', 2, members([0, 1], [1]), 'partition 1 is claimed by c0 and c1 in group g'],
  ['a share group whose members have all joined', 0, members([], []), null],
  ['a share group that waits for one', 0, members([], undefined), 'c1 has not joined group g'],
  [
    'a member still without its share',
    2,
    members([0, 1], []),
    'group g is unbalanced: 1 of 2 consumers have partitions',
  ],
] as const) {
  test(what, () => {
    assert.is(unreadyReason('g', group, partitions), expected);
  });
}

test.run();
