import * as assert from 'uvu/assert';
import { createRandom } from '../../../../bench/common/random.ts';
import {
  nextRate,
  type ProbeOutcome,
  type SearchSpec,
  searchRate,
} from '../../../../bench/run/search/search.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('search for the sustainable rate');

const spec: SearchSpec = { minPerSec: 1, maxPerSec: 1e6, startPerSec: 100, maxProbes: 40, precision: 0.05 };
const outcome = (ratePerSec: number, sustained: boolean, generatorLimited = false): ProbeOutcome => ({
  ratePerSec,
  sustained,
  failed: sustained ? [] : ['achieved/offered'],
  generatorLimited,
});
const next = (...outcomes: [rate: number, sustained: boolean][]): number | null => {
  const rate = nextRate(
    spec,
    outcomes.map(([perSec, sustained]) => outcome(perSec, sustained)),
  );
  return rate === null ? null : Math.round(rate);
};

test('starts at the start rate, brackets in growing steps, bisects geometrically, and tries the upper end again', () => {
  assert.is(next(), 100);
  assert.is(next([100, true]), 141);
  assert.is(next([100, true], [141, true]), 280);
  assert.is(next([1, true], [10, true]), 40);
  assert.is(next([100, false]), 71);
  assert.is(next([100, false], [71, false]), 36);
  assert.is(next([100, true], [400, false]), 200);
  assert.is(next([100, true], [104, false]), 104);
  assert.is(next([100, true], [104, false], [104, false]), null);
});

test('a failure that a second probe there, or one above, does not share bounds nothing', () => {
  assert.is(next([100, true], [104, false], [104, true]), 147);
  assert.is(next([100, true], [200, false], [104, false], [104, true]), 144);
  assert.is(next([100, false], [200, true]), 283);
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
    const atHigh = answer.probes.filter(({ ratePerSec }) => ratePerSec === answer.highPerSec);
    assert.is(atHigh.length, 2);
  }
});

test('12 probes with the open tap are enough for a start from a tenth to four times the truth', async () => {
  for (let startPerSec = 100; startPerSec <= 4000; startPerSec *= 1.03) {
    const answer = await searchRate({ ...spec, startPerSec, maxProbes: 11 }, async (rate) =>
      outcome(rate, rate <= 1000),
    );
    assert.is(answer.limitedBy, 'cluster', `from ${startPerSec}: ${answer.probes.length} probes`);
  }
});

test('a single failure does not bound the search, at whichever probe it comes', async () => {
  for (let hiccup = 0; hiccup < 8; hiccup++) {
    let probes = 0;
    const answer = await searchRate(spec, async (rate) => outcome(rate, rate <= 1000 && probes++ !== hiccup));
    const { lowPerSec, highPerSec } = answer;
    assert.ok((lowPerSec ?? 0) > 940 && (highPerSec ?? 0) > 1000, `hiccup at probe ${hiccup}: ${lowPerSec}`);
  }
});

test('says when the generator, the range or a budget ended it', async () => {
  const heldBack = async (rate: number) => outcome(rate, rate <= 1000, rate > 1000);
  const generator = await searchRate(spec, heldBack);
  assert.is(generator.limitedBy, 'generator');
  const range = await searchRate({ ...spec, maxPerSec: 400 }, async (rate) => outcome(rate, true));
  assert.equal([range.limitedBy, range.lowPerSec, range.highPerSec], ['range', 400, null]);
  const none = await searchRate(spec, async (rate) => outcome(rate, false));
  assert.equal([none.limitedBy, none.lowPerSec, none.highPerSec], ['range', null, 1]);
  const probes = await searchRate({ ...spec, maxProbes: 4 }, async (rate) => outcome(rate, rate < 1000));
  assert.equal([probes.limitedBy, probes.probes.length], ['probes', 4]);
  let left = 3;
  const time = await searchRate(
    spec,
    async (rate) => outcome(rate, rate < 1000),
    () => left-- <= 0,
  );
  assert.equal([time.limitedBy, time.probes.length], ['time', 4]);
});

test('a load that was held back is told even where a budget or the range ended the search first', async () => {
  const heldBack = async (rate: number) => outcome(rate, rate <= 150, rate > 150);
  const probes = await searchRate({ ...spec, maxProbes: 4 }, heldBack);
  assert.equal([probes.probes.length, probes.limitedBy], [4, 'generator']);
  const never = await searchRate(spec, async (rate) => outcome(rate, false, true));
  assert.equal([never.lowPerSec, never.limitedBy], [null, 'generator']);
});

test('the first probe runs even where there is no time', async () => {
  const answer = await searchRate(
    spec,
    async (rate) => outcome(rate, true),
    () => true,
  );
  assert.equal([answer.limitedBy, answer.probes.length], ['time', 1]);
});

test.run();
