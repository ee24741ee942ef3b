import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { suite } from '../../support/suite.ts';

const test = suite('random');

test('a seed repeats its numbers, on every machine', () => {
  const random = createRandom(1);
  const again = createRandom(1);
  const other = createRandom(2);
  const draws = Array.from({ length: 5 }, () => random.uint32());
  assert.equal(
    Array.from({ length: 5 }, () => again.uint32()),
    draws,
  );
  assert.not.equal(
    Array.from({ length: 5 }, () => other.uint32()),
    draws,
  );
});

test('numbers are uniform: mean, variance, and every bit', () => {
  const random = createRandom(3);
  const count = 100_000;
  const ones = new Array<number>(32).fill(0);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = random.uint32();
    for (let bit = 0; bit < 32; bit++) ones[bit] = (ones[bit] ?? 0) + ((value >>> bit) & 1);
    const unit = random.next();
    assert.ok(unit >= 0 && unit < 1);
    sum += unit;
    squares += unit * unit;
  }
  assert.ok(Math.abs(sum / count - 1 / 2) < 0.004);
  assert.ok(Math.abs(squares / count - 1 / 3) < 0.004);
  for (const share of ones) assert.ok(Math.abs(share / count - 0.5) < 0.008);
});

test('int covers its range evenly and never reaches its limit', () => {
  const random = createRandom(4);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) {
    const value = random.int(7);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  assert.is(counts.length, 7);
  // χ² of 6 degrees of freedom exceeds 27.9 once in 10,000.
  const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert.ok(chiSquared < 27.9, `χ² ${chiSquared}`);
});

test('shuffle gives every order equally often, in place', () => {
  const random = createRandom(5);
  const orders = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const items = ['a', 'b', 'c', 'd'];
    assert.is(random.shuffle(items), items);
    orders.set(items.join(''), (orders.get(items.join('')) ?? 0) + 1);
  }
  assert.is(orders.size, 24);
  for (const [order, count] of orders) assert.ok(Math.abs(count - 1000) < 150, `${order}: ${count}`);
});

test('a fork depends on seed and label only, and leaves its parent as it is', () => {
  const parent = createRandom(6);
  const untouched = createRandom(6);
  const first = parent.fork('a');
  first.next();
  assert.is(parent.uint32(), untouched.uint32());
  assert.is(parent.fork('a').uint32(), untouched.fork('a').uint32());
  assert.not.equal(parent.fork('a').uint32(), parent.fork('b').uint32());
  assert.not.equal(createRandom(6).fork('a').uint32(), createRandom(7).fork('a').uint32());
});

test('neighbouring seeds are not alike', () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => createRandom(seed).next());
  const centre = firsts.reduce((a, b) => a + b) / 1000;
  let product = 0;
  let squares = 0;
  firsts.forEach((value, i) => {
    squares += (value - centre) ** 2;
    if (i > 0) product += (value - centre) * ((firsts[i - 1] ?? 0) - centre);
  });
  assert.ok(Math.abs(product / squares) < 0.12);
});

test.run();
