import * as assert from 'uvu/assert';
import type { Measurement } from '../../../../bench/run/judge/measurement.ts';
import { topicAsSeen } from '../../../../bench/run/judge/topic-as-seen.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('a topic as the protocol tells of it');

const look = (atSec: number, leaders: number[], inSync: number[]) => ({ atSec, leaders, inSync });
const seen = (...topicStates: ReturnType<typeof look>[]) =>
  topicAsSeen({ topicStates, replicationFactor: 2 } as unknown as Measurement, { fromSec: 5, endSec: 15 });

test('leaders by broker, their changes, and replicas that fell out', () => {
  assert.equal(
    seen(
      look(0, [9, 9, 9], [0, 0, 0]),
      look(5, [1, 2, 1], [2, 2, 2]),
      look(10, [1, -1, 1], [2, 1, 2]),
      look(15, [1, 1, 1], [2, 2, 2]),
    ),
    { looks: 3, leaders: { 1: 3 }, leaderChanges: 2, inSyncMin: 1, underReplicatedLooks: 1 },
  );
});

test('nothing is said where nothing was told', () => {
  assert.is(seen(), null);
  assert.is(seen(look(1, [1], [1])), null);
});

test.run();
