import * as assert from 'uvu/assert';
import { ClientError } from '../../../../bench/client/driver.ts';
import { waitUntil } from '../../../../bench/common/deadline.ts';
import type { ConsumerEntry, ProducerEntry } from '../../../../bench/load/ensemble.ts';
import {
  Drain,
  type GroupProgress,
  groupProgress,
  readShare,
  unread,
  type Written,
} from '../../../../bench/run/measure/drain.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('the drain of a repeat', { timeoutMs: 10_000 });

const written: Written = { acked: 350, starts: [0, 0], ends: [100, 250], hidden: 0 };

function progress(positions: readonly number[], extra: Partial<GroupProgress> = {}): GroupProgress {
  const read = positions.reduce((sum, position) => sum + position, 0);
  const map = new Map(positions.entries());
  return { group: 'g', members: 2, killed: false, received: read, positions: map, ...extra };
}

test('a group has read everything when each position is at the end, whatever its members counted', () => {
  assert.is(unread(written, progress([100, 250])), null);
  assert.is(unread(written, progress([100, 250], { received: 7, killed: true })), null);
  assert.is(unread(written, progress([120, 250])), null);
});

test('a share group has read everything when each record is settled: it has no positions', () => {
  const share = (received: number) => progress([], { received, share: true });
  assert.is(unread(written, share(349)), 'group g has settled 349 of 350 records');
  assert.is(unread(written, share(350)), null);
  assert.is(readShare(written, share(70)), 0.2);
  assert.is(readShare({ ...written, acked: 0 }, share(0)), 1);
});

test('what is short of the end is named, however much came twice', () => {
  assert.is(
    unread(written, progress([100, 120], { received: 400 })),
    'group g has read partition 1 to offset 120 of 250',
  );
  assert.is(
    unread(written, progress([], { received: 400, members: 0 })),
    'group g has read partition 0 to offset 0 of 100, partition 1 to offset 0 of 250 and has no member left',
  );
  const many = { ...written, starts: new Array(8).fill(0), ends: new Array(8).fill(9) };
  assert.match(
    unread(many, progress([9])) ?? '',
    /^group g has read partition 1 .*partition 5 to offset 0 of 9, and 2 more/,
  );
});

test('a partition without a record of this repeat needs no position; an existing topic counts from where it began', () => {
  const existing = { ...written, starts: [100, 250], ends: [100, 260], acked: 10 };
  assert.is(unread(existing, progress([], { positions: new Map([[1, 260]]) })), null);
  assert.is(unread(existing, progress([])), 'group g has read partition 1 to offset 250 of 260');
});

test('markers at the end have no position: then the records are counted, unless a killed member took the count along', () => {
  const transactional = { ...written, hidden: 2, acked: 345 };
  assert.is(unread(transactional, progress([98, 248], { received: 345 })), null);
  assert.is(
    unread(transactional, progress([98, 248], { received: 344 })),
    'group g has received 344 of 345 records',
  );
  assert.is(unread(transactional, progress([98, 248], { received: 200, killed: true })), null);
  assert.is(
    unread(transactional, progress([97, 248], { received: 345 })),
    'group g has read partition 0 to offset 97 of 100',
  );
});

interface Member {
  group: string;
  received: number;
  positions: Map<number, number>;
  removed: ConsumerEntry['removed'];
  done: object | null;
}

const member = (positions: Record<number, number>, extra: Partial<Member> = {}): Member => ({
  group: 'g',
  received: Object.values(positions).reduce((sum, position) => sum + position, 0),
  positions: new Map(Object.entries(positions).map(([key, position]) => [Number(key), position])),
  removed: null,
  done: null,
  ...extra,
});

function entries(members: readonly Member[]): ConsumerEntry[] {
  return members.map((one) => {
    const entry = { ...one, assignment: { group: one.group }, generator: { send: () => {} } };
    return entry as unknown as ConsumerEntry;
  });
}

test('a group’s position is its members’ highest; one that leaves is a member until it has reported', () => {
  const [g, h] = groupProgress(
    entries([
      member({ 0: 100, 1: 30 }, { removed: 'stop', done: {} }),
      member({ 1: 20 }, { removed: 'stop' }),
      member({ 1: 5 }, { removed: 'kill' }),
      member({ 0: 1 }, { group: 'h' }),
      member({}, { group: 'h' }),
    ]),
  );
  assert.equal(g, {
    group: 'g',
    members: 1,
    killed: true,
    received: 155,
    positions: new Map([
      [0, 100],
      [1, 30],
    ]),
  });
  assert.equal([h?.group, h?.members, h?.killed, h?.received], ['h', 2, false, 1]);
});

/** Waits with what the observer answers, one after the other; the last one stays. */
function drainOf(consumers: ConsumerEntry[], answers: readonly (readonly number[] | Error)[]) {
  let asked = 0;
  const ensemble = { consumers, check: () => {}, wait: waitUntil };
  const observer = {
    ask: (): Promise<never> => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ low: [0, 0], high: answer } as never);
    },
  };
  const context = { topic: 't' };
  const signal = new AbortController().signal;
  const drain = new Drain(ensemble, { context, startOffsets: [0, 0], observer, signal });
  const source = { assignment: { transactionSize: null }, done: { acked: 350 } };
  return {
    wait: (limitMs: number) => drain.wait([source as unknown as ProducerEntry], limitMs),
    asked: () => asked,
  };
}

test('the drain waits for a new owner that is idle until it takes over', async () => {
  const stayed = member({ 0: 100 });
  const consumers = entries([stayed, member({ 1: 200 }, { removed: 'kill' }), member({})]);
  const { wait } = drainOf(consumers, [[100, 250]]);
  let over = false;
  const waiting = wait(5_000).finally(() => {
    over = true;
  });
  assert.not.ok(await waitUntil(() => over, 50));
  stayed.positions.set(1, 250);
  assert.equal(await waiting, []);
});

test('what is not read within the limit is named, by group', async () => {
  const read = [member({ 0: 100 }), member({ 1: 250 })];
  const behind = member({ 0: 100, 1: 200 }, { group: 'h' });
  assert.equal(await drainOf(entries([...read, behind]), [[100, 250]]).wait(50), [
    'group h has read partition 1 to offset 200 of 250',
  ]);
});

test('a group without a member is not waited for', async () => {
  const gone = entries([member({ 0: 100 }, { removed: 'kill' })]);
  const startedAt = performance.now();
  assert.equal(await drainOf(gone, [[100, 250]]).wait(60_000), [
    'group g has read partition 1 to offset 0 of 250 and has no member left',
  ]);
  assert.ok(performance.now() - startedAt < 5_000);
});

test('ends that lag behind the acknowledgements are asked for again; records lost for good are not waited for', async () => {
  const late = member({ 0: 100, 1: 240 });
  const { wait, asked } = drainOf(entries([late]), [
    [100, 240],
    [100, 250],
  ]);
  const waiting = wait(60_000);
  assert.ok(await waitUntil(() => asked() === 2, 5_000));
  late.positions.set(1, 250);
  // 10 records were acknowledged and are in no log.
  assert.equal(await waiting, []);
  assert.is(asked(), 3);
});

test('brokers that refuse are asked again, and named where they never answer', async () => {
  const refused = new ClientError('ERR__TIMED_OUT', 'timed out');
  const consumers = entries([member({ 0: 100, 1: 250 })]);
  assert.equal(await drainOf(consumers, [refused, [100, -1], [100, 250]]).wait(5_000), []);
  assert.equal(await drainOf(consumers, [refused]).wait(50), [
    'the end offsets of topic t could not be read',
  ]);
});

test.run();
