import * as assert from 'uvu/assert';
import { ClientError, type ClusterHealth } from '../../../bench/client/driver.ts';
import { KsweepError } from '../../../bench/common/errors.ts';
import type { LoadGenerator } from '../../../bench/load/agent/load-generator.ts';
import { Guard } from '../../../bench/run/guard.ts';
import type { GuardSpec } from '../../../bench/workload/schema.ts';
import { snapshotOf } from '../../support/idle-snapshot.ts';
import { suite } from '../../support/suite.ts';

const test = suite('the guard of a shared cluster');

/** A cluster whose answers a test sets, and a clock that it moves. */
function guarded(limits: Partial<GuardSpec>) {
  const world = {
    nowMs: 0,
    health: { partitions: 9, underReplicated: 0, offline: 0 } as ClusterHealth | Error,
    lag: 0 as number | null,
  };
  const observer = {
    async ask({ kind }: { kind: string }) {
      if (kind === 'group-lag') return { records: world.lag };
      if (world.health instanceof Error) throw world.health;
      return world.health;
    },
  } as unknown as Pick<LoadGenerator, 'ask'>;
  const guard = new Guard({ lag: {}, for: 5_000, ...limits }, observer, () => world.nowMs);
  const lookAt = async (nowMs: number): Promise<string | null> => {
    world.nowMs = nowMs;
    await guard.look();
    return guard.signal.aborted ? (guard.signal.reason as Error).message : null;
  };
  return { world, guard, lookAt };
}

test('stops when a limit is exceeded without a break for long enough, and names it', async () => {
  const { world, lookAt } = guarded({ underReplicated: 1 });
  world.health = { partitions: 9, underReplicated: 1, offline: 1 };
  assert.is(await lookAt(0), null);
  assert.is(await lookAt(4_999), null);
  assert.match((await lookAt(5_000)) ?? '', /2 of 9 partitions .*guard\.underReplicated: 1/);
});

test('a break begins it anew, and a question without an answer says nothing', async () => {
  const { world, lookAt } = guarded({ underReplicated: 0 });
  const bad = { partitions: 9, underReplicated: 3, offline: 0 };
  world.health = bad;
  await lookAt(0);
  world.health = { ...bad, underReplicated: 0 };
  await lookAt(3_000);
  world.health = bad;
  assert.is(await lookAt(6_000), null);
  world.health = new ClientError('ERR__TIMED_OUT', 'timed out');
  assert.is(await lookAt(10_000), null);
  world.health = bad;
  assert.is(await lookAt(15_999), null);
});

test('lag of each group has a limit of its own; a group without offsets is behind by nothing', async () => {
  const { world, lookAt } = guarded({ lag: { payments: 100 }, for: 0 });
  world.lag = null;
  assert.is(await lookAt(0), null);
  world.lag = 100;
  assert.is(await lookAt(1_000), null);
  world.lag = 101;
  assert.match((await lookAt(2_000)) ?? '', /group payments is 101 records behind/);
});

test('round trips are the mean over all producers since the last look', async () => {
  const { guard, lookAt } = guarded({ roundTrip: 10, for: 0 });
  const seen = (requests: number, meanMs: number) =>
    guard.onSnapshot(
      snapshotOf(0, {
        brokersAsSeen: {
          'b:1/1': {
            requests,
            roundTripUs: requests * meanMs * 1000,
            roundTripMaxUs: 0,
            throttleMs: 0,
            sentBytes: 0,
          },
        },
      }),
    );
  seen(90, 5);
  seen(10, 50);
  assert.is(await lookAt(0), null);
  assert.is(await lookAt(1_000), null);
  seen(1, 11);
  assert.match((await lookAt(2_000)) ?? '', /11\.0 ms on average/);
});

test('what is exceeded before the run, or cannot be watched, keeps it from beginning', async () => {
  const before = async (health: ClusterHealth | Error): Promise<KsweepError> => {
    const { world, guard } = guarded({ underReplicated: 0 });
    world.health = health;
    return guard.begin().then(
      () => {
        guard.stop();
        throw new Error('it began');
      },
      (error: KsweepError) => error,
    );
  };
  const exceeded = await before({ partitions: 2, underReplicated: 1, offline: 0 });
  assert.equal([exceeded.code, /before the run/.test(exceeded.message)], ['guard-tripped', true]);
  const unknown = await before(new ClientError('ERR__NOT_IMPLEMENTED', 'cannot tell'));
  assert.equal([unknown.code, unknown instanceof KsweepError], ['workload-invalid', true]);
});

test.run();
