import * as assert from 'uvu/assert';
import { createRandom } from '../../bench/random.ts';
import { probeOutcome } from '../../bench/run/search-cell.ts';
import { nextRate, type ProbeOutcome, type SearchSpec, searchRate } from '../../bench/search.ts';
import { simulateRepeat } from '../support/simulated-repeat.ts';
import { suite } from '../support/suite.ts';

const test = suite('search for the sustainable rate', { timeoutMs: 240_000 });

const spec: SearchSpec = { minPerSec: 1, maxPerSec: 1e6, startPerSec: 100, maxProbes: 30, precision: 0.05 };
const outcome = (ratePerSec: number, sustained: boolean, generatorLimited = false): ProbeOutcome => ({
  ratePerSec,
  sustained,
  failed: sustained ? [] : ['achieved/offered'],
  generatorLimited,
});

test('starts at the start rate, doubles, halves, then bisects geometrically', () => {
  assert.is(nextRate(spec, { low: null, high: null }), 100);
  assert.is(nextRate(spec, { low: outcome(100, true), high: null }), 200);
  assert.is(nextRate(spec, { low: null, high: outcome(100, false) }), 50);
  assert.is(nextRate(spec, { low: outcome(100, true), high: outcome(400, false) }), 200);
  assert.is(nextRate(spec, { low: outcome(100, true), high: outcome(104, false) }), null);
});

test('the answer brackets a sharp capacity, whatever it is', async () => {
  const random = createRandom(7);
  for (let i = 0; i < 300; i++) {
    const truth = 2 + random.next() * 1e5;
    const answer = await searchRate(spec, async (rate) => outcome(rate, rate <= truth));
    assert.ok(
      (answer.lowPerSec ?? 0) <= truth && truth <= (answer.highPerSec ?? 0),
      `${truth} in ${answer.lowPerSec}..${answer.highPerSec}`,
    );
    assert.ok((answer.highPerSec ?? 0) / (answer.lowPerSec ?? 1) <= 1.05);
    assert.is(answer.limitedBy, 'cluster');
    assert.equal(answer.failed, ['achieved/offered']);
  }
});

test('a single failure is confirmed before it bounds the search, at whichever probe it comes', async () => {
  for (let hiccup = 0; hiccup < 8; hiccup++) {
    let probes = 0;
    const answer = await searchRate(spec, async (rate) => outcome(rate, rate <= 1000 && probes++ !== hiccup));
    assert.ok((answer.lowPerSec ?? 0) > 900, `hiccup at probe ${hiccup}: ${answer.lowPerSec}`);
  }
});

test('says when the generator, the range or the budget ended it', async () => {
  const generator = await searchRate(spec, async (rate) => outcome(rate, rate <= 1000, rate > 1000));
  assert.is(generator.limitedBy, 'generator');
  const range = await searchRate({ ...spec, maxPerSec: 400 }, async (rate) => outcome(rate, true));
  assert.equal([range.limitedBy, range.lowPerSec, range.highPerSec], ['range', 400, null]);
  const none = await searchRate(spec, async (rate) => outcome(rate, false));
  assert.equal([none.limitedBy, none.lowPerSec, none.highPerSec], ['range', null, 1]);
  const probes = await searchRate({ ...spec, maxProbes: 4 }, async (rate) => outcome(rate, rate < 1000));
  assert.equal([probes.limitedBy, probes.probes.length], ['probes', 4]);
});

test('a search that was cut off goes on from what it knew, to the same answer', async () => {
  const ask = (rate: number): ProbeOutcome => outcome(rate, rate <= 777);
  const whole = await searchRate(spec, async (rate) => ask(rate));
  let asked = 0;
  const resumed = await searchRate(
    spec,
    async (rate) => {
      asked++;
      return ask(rate);
    },
    whole.probes.slice(0, 3),
  );
  assert.equal(resumed, whole);
  assert.is(asked, whole.probes.length - 3);
});

test('finds a simulated cluster’s capacity within 5 % in at most 12 probes, over 100 seeds', async () => {
  const random = createRandom(11);
  const errors: number[] = [];
  for (let seed = 0; seed < 100; seed++) {
    const capacityPerSec = 100 + random.next() * 300;
    const cluster = { capacityPerSec, noise: 0.1, serviceUs: 2_000, partitions: 4 };
    // An open tap's guess of where to begin is off by up to a factor of two.
    const startPerSec = capacityPerSec * (0.35 + random.next() * 0.5);
    const answer = await searchRate(
      { ...spec, startPerSec, maxProbes: 12, precision: 0.04 },
      async (ratePerSec, index) =>
        probeOutcome(
          ratePerSec,
          await simulateRepeat(cluster, {
            ratePerSec,
            warmupSec: 1,
            measureSec: 5,
            untimed: true,
            seed: seed * 100 + index,
          }),
          null,
        ),
    );
    assert.ok(answer.probes.length <= 12, `${answer.probes.length} probes`);
    const { lowPerSec, highPerSec } = answer;
    assert.ok(lowPerSec !== null && highPerSec !== null, `no interval for seed ${seed}`);
    errors.push(Math.sqrt((lowPerSec ?? 1) * (highPerSec ?? 1)) / capacityPerSec - 1);
  }
  const worst = Math.max(...errors.map(Math.abs));
  assert.ok(worst <= 0.05, `worst error ${(worst * 100).toFixed(1)} %`);
});

test.run();
