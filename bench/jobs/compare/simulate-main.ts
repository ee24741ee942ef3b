import { realisticNoise, simulatedRates } from './simulate.ts';

/** `npm run simulate:compare`: the tables of docs/compare.md, seeded; prints Markdown. */

const SEED = 20_260_201;
const COMPARISONS = 2_000;
const DELTA = 0.05;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const line = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);

const head = [
  'Blocks',
  'Noise',
  'A/A: false alarm',
  'A/A: equivalent',
  'finds +5 %',
  'finds +10 %',
  'finds +20 %',
  '+10 %, spoiled repeats',
  '+10 %, one after the other',
];
line(head);
console.log(`|${head.map(() => '---').join('|')}|`);
for (const blocks of [6, 10, 20]) {
  for (const sigma of [0.02, 0.05, 0.1]) {
    const noise = { sigma, blockSigma: 2 * sigma, outlierShare: 0, outlierSize: 0 };
    const common = { blocks, delta: DELTA, noise, metrics: 1, paired: true, seed: SEED };
    const rates = (change: Partial<Parameters<typeof simulatedRates>[0]>) =>
      simulatedRates({ ...common, effect: 1.1, ...change }, COMPARISONS);
    const same = rates({ effect: 1 });
    line([
      String(blocks),
      percent(sigma),
      percent(same.anyChange),
      percent(same.equivalent),
      ...[1.05, 1.1, 1.2].map((effect) => percent(rates({ effect }).regressed)),
      percent(rates({ noise: realisticNoise(sigma) }).regressed),
      percent(rates({ paired: false }).regressed),
    ]);
  }
}
console.log();
const families = ['Blocks', 'Noise', 'A/A of 8 metrics: any false alarm', 'with spoiled repeats'];
line(families);
console.log(`|${families.map(() => '---').join('|')}|`);
for (const blocks of [6, 10, 20]) {
  for (const sigma of [0.02, 0.05, 0.1]) {
    const spoiled = realisticNoise(sigma);
    const of = (noise: typeof spoiled): string =>
      percent(
        simulatedRates(
          { blocks, effect: 1, delta: DELTA, noise, metrics: 8, paired: true, seed: SEED },
          COMPARISONS,
        ).anyChange,
      );
    line([String(blocks), percent(sigma), of({ ...spoiled, outlierShare: 0 }), of(spoiled)]);
  }
}

console.log();
line([
  'Blocks',
  'Noise',
  'A/A of 8 metrics: any false alarm',
  'with spoiled repeats',
  'A/A, equivalent',
  'finds +20 %',
  'finds +50 %',
  '+100 %',
]);
console.log(`|${'---|'.repeat(8)}`);
for (const blocks of [2, 3, 4, 5]) {
  for (const sigma of [0.0005, 0.02, 0.05, 0.1]) {
    const noise = realisticNoise(sigma);
    const common = { blocks, effect: 1, delta: DELTA, noise, metrics: 8, paired: true, seed: SEED };
    const rates = (change: Partial<typeof common>) => simulatedRates({ ...common, ...change }, COMPARISONS);
    const clean = { ...noise, outlierShare: 0 };
    const same = rates({ noise: clean });
    line([
      String(blocks),
      `${(sigma * 100).toFixed(sigma < 0.01 ? 2 : 1)} %`,
      percent(same.anyChange),
      percent(rates({}).anyChange),
      percent(same.equivalent),
      ...[1.2, 1.5, 2].map((effect) => percent(rates({ effect, noise: clean }).regressed)),
    ]);
  }
}
console.log();
line([
  'Repeats a run',
  'Runs lie apart by',
  'A/A, no offset assumed: false alarm',
  'A/A, offset from 10 nights',
  'from 30 nights',
  'finds +10 % with 30 nights',
  '+20 %',
  '+50 %',
]);
console.log(`|${'---|'.repeat(8)}`);
for (const blocks of [3, 10]) {
  for (const times of [0, 0.5, 1, 2]) {
    const sigma = 0.02;
    const noise = { sigma, blockSigma: 0, outlierShare: 0, outlierSize: 0 };
    const common = { blocks, delta: 0.02, noise, metrics: 1, paired: false, seed: SEED };
    const rates = (effect: number, nights?: number) =>
      simulatedRates(
        { ...common, effect, runSigma: times * sigma, ...(nights === undefined ? {} : { nights }) },
        COMPARISONS,
      );
    line([
      String(blocks),
      percent(times * sigma),
      percent(rates(1).anyChange),
      percent(rates(1, 10).anyChange),
      percent(rates(1, 30).anyChange),
      ...[1.1, 1.2, 1.5].map((effect) => percent(rates(effect, 30).regressed)),
    ]);
  }
}
