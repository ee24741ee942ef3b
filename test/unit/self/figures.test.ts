import * as assert from 'uvu/assert';
import { rateOf } from '../../../bench/self/c-peer.ts';
import { commonCounts } from '../../../bench/self/clients.ts';
import { family } from '../../../bench/self/memory.ts';
import { breakdown } from '../../../bench/self/overhead.ts';
import { suite } from '../../support/suite.ts';

const test = suite('what bench:self makes of what it reads');

test('the C program’s rate is that of its last summary, of delivered and of received records', () => {
  const produced =
    '% 100 messages produced (10000 bytes), 90 delivered (offset 0, 0 failed) in 10ms: 9000 msgs/s and 0.90 MB/s\n' +
    '% 3000 messages produced (300000 bytes), 3000 delivered (offset 0, 0 failed) in 4ms: 750000 msgs/s and 75.00 MB/s, 0 produce failures, 0 in queue, no compression\n';
  assert.is(rateOf(produced), 750_000);
  assert.is(
    rateOf('% 3000 messages (300000 bytes) consumed in 2ms: 1500000 msgs/s (150.00 MB/s)\n'),
    1_500_000,
  );
  assert.throws(() => rateOf('% ERROR: no such topic\n'), /no rate/);
});

test('a run’s processes are all that descend from it, and nobody else', () => {
  const parents = new Map([
    [1, 0],
    [10, 1],
    [11, 10],
    [12, 11],
    [20, 1],
    [21, 20],
  ]);
  assert.equal(
    family(10, parents).toSorted((a, b) => a - b),
    [10, 11, 12],
  );
});

test('the parts of the time that is not measurement add up to it', () => {
  const phasesMs = {
    setup: 100,
    'setup.topic': 60,
    ready: 300,
    warmup: 1_050,
    measure: 2_005,
    drain: 80,
    'drain.groups': 30,
    teardown: 120,
  };
  const timed = [
    { ms: 3_700, phasesMs },
    { ms: 3_900, phasesMs },
  ];
  const parts = breakdown(timed);
  const sumMs = parts.filter(([name]) => !name.startsWith(' ')).reduce((sum, [, ms]) => sum + ms, 0);
  assert.is(sumMs, 800);
  assert.equal(
    parts.map(([name]) => name.trim()),
    [
      'setup',
      'of it topic',
      'ready',
      'drain',
      'of it groups',
      'teardown',
      'start and edges of the window',
      'judging, writing, next topic',
    ],
  );
  assert.equal(parts.find(([name]) => name.startsWith('start'))?.[1], 55);
});

test('counts are common where every repeat has the same, and only there', () => {
  const counts = { acknowledged: 10, received: 10 };
  const of = (changes: object) => ({ counts: { ...counts, ...changes } }) as never;
  assert.equal(commonCounts([of({}), of({})]), counts as never);
  assert.is(commonCounts([of({}), of({ received: 9 })]), undefined);
});

test.run();
