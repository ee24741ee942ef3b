import * as assert from 'uvu/assert';
import { primingLoads, primingSec } from '../../../../bench/run/measure/prime.ts';
import { resolveWorkload } from '../../../../bench/workload/load.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('priming of a cold cluster');

const planOf = (input: object) =>
  resolveWorkload({ name: 'cold', repeats: 2, ...input }, '.', (problems) => {
    throw new Error(JSON.stringify(problems));
  }).plan;

test('opens the tap on the first cell, then loads the first three in the plan’s order at their own rate', () => {
  const plan = planOf({
    load: { rate: 2_500, warmup: '5s', duration: '20s' },
    disruptions: [{ at: '3s', action: 'pause-broker', for: '1s' }],
    sweep: { axes: { 'linger.ms': [0, 1, 2, 5, 10] } },
  });
  const loads = primingLoads(plan);
  const order = plan.repeats.map(({ cellId }) => cellId);
  assert.equal(
    loads.map(({ id }) => id),
    [order[0], order[0], order[1], order[2]],
  );
  assert.equal(
    loads.map(({ workload }) => workload.load.rate),
    ['max', ...new Array(3).fill({ kind: 'records', perSec: 2_500 })],
  );
  // What is forgotten needs no warm-up of its own and disturbs nobody.
  assert.ok(loads.every(({ workload }) => workload.load.warmup === 0 && workload.disruptions.length === 0));
  assert.is(primingSec(loads), 12);
});

test('a search and an open tap have no rate of their own', () => {
  for (const rate of ['max', { search: {} }]) {
    const loads = primingLoads(
      planOf({ load: { rate, duration: '30s' }, sweep: { axes: { acks: ['all'] } } }),
    );
    assert.equal(
      loads.map(({ workload }) => workload.load.rate),
      ['max'],
    );
  }
});

test('steps are primed at their first rate, and reading a backlog needs none', () => {
  const steps = primingLoads(
    planOf({
      load: {
        rate: {
          steps: [
            { rate: 100, for: '5s' },
            { rate: 900, for: '5s' },
          ],
        },
      },
    }),
  );
  assert.equal(steps.at(-1)?.workload.load.rate, { kind: 'records', perSec: 100 });
  assert.equal(primingLoads(planOf({ load: { producers: 0 }, consumers: { backlog: 1_000 } })), []);
});

test.run();
