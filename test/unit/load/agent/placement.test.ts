import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { describeShare, place, sharesOf } from '../../../../bench/load/agent/placement.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('placement');

const HOSTS = ['a', 'b', 'c', 'd'];
const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const cases = fc.record({
  hosts: fc.integer({ min: 1, max: 4 }).map((count) => HOSTS.slice(0, count)),
  producers: fc.integer({ min: 0, max: 12 }),
  consumers: fc.integer({ min: 0, max: 12 }),
  seed: fc.integer({ min: 0, max: 1_000 }),
});

test('spread: no host has more than one generator more than another', () => {
  fc.assert(
    fc.property(cases, ({ hosts, producers, consumers, seed }) => {
      const placed = place('spread', hosts, { producers, consumers }, seed);
      const at = [...indices(producers).map(placed.producer), ...indices(consumers).map(placed.consumer)];
      const loads = hosts.map((host) => at.filter((one) => one === host).length);
      assert.ok(Math.max(...loads) - Math.min(...loads) <= 1);
    }),
  );
});

test('apart: no host has both, and where there are two each role has one', () => {
  fc.assert(
    fc.property(cases, ({ hosts, producers, consumers, seed }) => {
      if (hosts.length < 2) return;
      const placed = place('apart', hosts, { producers, consumers }, seed);
      const producing = new Set(indices(producers).map(placed.producer));
      assert.not.ok(indices(consumers).some((i) => producing.has(placed.consumer(i))));
    }),
  );
});

test('the seed makes it the same each time, and another one another', () => {
  const at = (seed: number): string[] =>
    indices(4).map(place('spread', HOSTS, { producers: 4, consumers: 0 }, seed).producer);
  assert.equal(at(7), at(7));
  assert.ok(indices(20).some((seed) => at(seed).join() !== at(7).join()));
});

test('pinned: by name, and a name that is none is refused with the one that was meant', () => {
  const counts = { producers: 3, consumers: 1 };
  const hosts = ['load-1', 'load-2'];
  const placed = place({ pinned: { producers: ['load-1'], consumers: ['load-2'] } }, hosts, counts, 1);
  assert.equal(sharesOf(placed, hosts, counts).map(describeShare), [
    'load-1: 3 producers, 0 consumers',
    'load-2: 0 producers, 1 consumer',
  ]);
  const wrong = { pinned: { producers: ['load-1'], consumers: ['laod-2'] } };
  assert.throws(
    () => place(wrong, hosts, counts, 1),
    /load\.placement\.pinned\.consumers: "laod-2" is no load host; did you mean load-2\?/,
  );
  assert.throws(() => place(wrong, ['load-1'], counts, 1), /is no load host/);
});

test.run();
