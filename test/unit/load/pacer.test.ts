import * as assert from 'uvu/assert';
import { createRandom } from '../../../bench/common/random.ts';
import { createOpenPacer, createPacer } from '../../../bench/load/pacer.ts';
import { suite } from '../../support/suite.ts';

const test = suite('pacer');

const dueTimes = (pacer: ReturnType<typeof createPacer>, count: number): number[] =>
  Array.from({ length: count }, () => {
    const at = pacer.dueUs;
    pacer.advance();
    return at;
  });

test('record i of a constant rate is due at i / rate, without drift over ten million records', () => {
  const pacer = createPacer([{ fromUs: 0, perSec: 70_000 }], 0);
  for (let i = 0; i < 10_000_000; i++) pacer.advance();
  assert.ok(Math.abs(pacer.dueUs - (10_000_000 * 1e6) / 70_000) < 1, `${pacer.dueUs}`);
});

test('producers that share a rate interleave evenly', () => {
  const producers = 4;
  const all = Array.from({ length: producers }, (_, i) =>
    createPacer([{ fromUs: 0, perSec: 250 }], i / producers),
  )
    .flatMap((pacer) => dueTimes(pacer, 25))
    .sort((a, b) => a - b);
  all.forEach((at, i) => {
    assert.ok(Math.abs(at - i * 1000) < 1e-6, `record ${i} at ${at}`);
  });
});

test('steps hold each rate for its time, for any steps', () => {
  const random = createRandom(3);
  for (let round = 0; round < 200; round++) {
    let fromUs = 0;
    const steps = Array.from({ length: 1 + random.int(5) }, () => {
      const step = { fromUs, perSec: random.int(4) === 0 ? 0 : 1 + random.int(2000) };
      fromUs += 100_000 + random.int(2_000_000);
      return step;
    });
    const endUs = fromUs;
    const pacer = createPacer(steps, 0);
    const due: number[] = [];
    let last = -1;
    while (pacer.dueUs < endUs) {
      assert.ok(pacer.dueUs >= last, 'due times never go back');
      last = pacer.dueUs;
      due.push(last);
      pacer.advance();
    }
    const expected = steps.reduce(
      (sum, step, i) => sum + (((steps[i + 1]?.fromUs ?? endUs) - step.fromUs) * step.perSec) / 1e6,
      0,
    );
    assert.ok(Math.abs(due.length - expected) <= 1.001, `${due.length} records for ${expected} of work`);
  }
});

test('a last step of rate 0 ends the load', () => {
  const pacer = createPacer(
    [
      { fromUs: 0, perSec: 10 },
      { fromUs: 1e6, perSec: 0 },
    ],
    0,
  );
  assert.is(dueTimes(pacer, 11).filter(Number.isFinite).length, 10);
});

test('Poisson arrivals have the rate as their mean and the mean interval as their deviation', () => {
  const random = createRandom(5);
  const pacer = createPacer([{ fromUs: 0, perSec: 1000 }], 0, () => -Math.log(1 - random.next()));
  const due = dueTimes(pacer, 100_001);
  const gaps = due.slice(1).map((at, i) => at - (due[i] ?? 0));
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  assert.ok(Math.abs(mean - 1000) < 15, `mean ${mean}`);
  assert.ok(Math.abs(deviation / mean - 1) < 0.02, `deviation ${deviation}`);
});

test('an open tap is always due', () => {
  const pacer = createOpenPacer();
  pacer.advance();
  assert.is(pacer.dueUs, 0);
});

test.run();
