import { SCENARIOS, type Scenario, shareWithin, simulate } from './simulate.ts';
import { type Noise, REALISTIC_NOISE } from './simulated-nights.ts';

/** `npm run simulate:nightly`: the tables of docs/nightly.md, seeded; prints Markdown. */

const SEED = 20_260_101;
const STEP_SEED = 777;
/** The shipped canary has one cell and seven figures. */
const CANARIES = 7;
const DELTA = 0.03;
const PLAIN = { ...REALISTIC_NOISE, persistence: 0, outlierShare: 0 };
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const oneIn = (count: number, of: number): string =>
  count === 0 ? `0 of ${of}` : `1 in ${Math.round(of / count)}`;
const line = (cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`);
function head(cells: readonly string[]): void {
  line(cells);
  console.log(`|${cells.map(() => '---').join('|')}|`);
}

/** Suites simulated, by their number of series: stable ones of 100 nights, and ones with a step. */
const SIZES = [
  { series: 1, stable: 60, stepped: 100 },
  { series: 20, stable: 15, stepped: 80 },
  { series: 60, stable: 6, stepped: 60 },
] as const;

/** Whole suites with the shipped canary; a step happens to one series of them. */
function suiteRow(
  noise: Noise,
  { series, stable, stepped }: { readonly series: number; readonly stable: number; readonly stepped: number },
  names: readonly string[],
): void {
  const shared = { noise, series, canaries: CANARIES, nightsBefore: 60, delta: DELTA };
  const still = simulate({ ...shared, scenario: SCENARIOS.stable, nightsAfter: 100, seed: SEED }, stable);
  const scenario = SCENARIOS.step(0.05);
  const step = simulate({ ...shared, scenario, affected: 1, nightsAfter: 8, seed: STEP_SEED }, stepped);
  line([
    ...names,
    String(still.nights),
    oneIn(still.failures, still.nights),
    oneIn(still.failedNights, still.nights),
    percent(still.warnedNights / still.nights),
    percent(shareWithin(step.seenDelays, 3)),
    percent(shareWithin(step.failDelays, 3)),
    percent(shareWithin(step.failDelays, 5)),
    percent(shareWithin(step.failDelays, 8)),
  ]);
}

function scenarioRow(
  name: string,
  scenario: Scenario,
  { noise = REALISTIC_NOISE, after, suites }: { noise?: Noise; after: number; suites: number },
): void {
  const options = { scenario, noise, series: 1, nightsBefore: 60, nightsAfter: after, delta: DELTA };
  const { nights, failedNights, suspendedNights, seenDelays, failDelays, flapped } = simulate(
    { ...options, seed: SEED },
    suites,
  );
  line([
    name,
    String(nights),
    oneIn(failedNights, nights),
    percent(suspendedNights / nights),
    ...[3, 5, after].map((limit) => percent(shareWithin(seenDelays, limit))),
    ...[3, 5, after].map((limit) => percent(shareWithin(failDelays, limit))),
    percent(flapped / suites),
  ]);
}

const RESULTS = [
  'Stable nights',
  'begin to fail',
  'are failed',
  'warn or are failed',
  '5 % step: seen ≤ 3',
  'failed ≤ 3',
  '≤ 5',
  '≤ 8',
];

function suites(): void {
  head(['Series', 'Spoiled nights', 'told by repeats', ...RESULTS]);
  for (const told of [0, 0.5]) {
    for (const outlierShare of [0.02, 0.1]) {
      for (const size of SIZES) {
        const names = [String(size.series), percent(outlierShare), percent(told)];
        suiteRow({ ...REALISTIC_NOISE, outlierShare, told }, size, names);
      }
    }
  }
}

/** Noise that the rule was not made for, in suites of twenty. */
function robustness(): void {
  const often = { ...REALISTIC_NOISE, outlierShare: 0.1 };
  const noises: readonly (readonly [string, Noise])[] = [
    ['lognormal nights', { ...often, skewed: true }],
    ['spoiled by |normal| of 10 %', { ...often, shape: 'half-normal' }],
    ['spoiled by 3 to 30 %, all slow', { ...often, shape: 'all slow' }],
    ['spoiled nights correlated by 0.3', { ...often, spoiledRuns: 0.3 }],
    ['noise of 0.5 %', { ...often, sigma: 0.005 }],
    ['noise of 4 %', { ...often, sigma: 0.04 }],
  ];
  head(['Twenty series, 10 % spoiled', ...RESULTS]);
  for (const [name, noise] of noises) suiteRow(noise, { series: 20, stable: 10, stepped: 50 }, [name]);
}

function scenarios(): void {
  head([
    'Scenario',
    'Nights',
    'Failed',
    'Suspended',
    'Seen ≤ 3',
    '≤ 5',
    'ever',
    'Failed ≤ 3',
    '≤ 5',
    'ever',
    'Flapped',
  ]);
  scenarioRow('5 % step, plain noise', SCENARIOS.step(0.05), { noise: PLAIN, after: 30, suites: 200 });
  scenarioRow('5 % step', SCENARIOS.step(0.05), { after: 30, suites: 200 });
  scenarioRow('10 % step', SCENARIOS.step(0.1), { after: 30, suites: 200 });
  scenarioRow('×2, five nights after 5 % better', SCENARIOS.stepAfter(0.05, 5, 1), {
    after: 10,
    suites: 200,
  });
  scenarioRow('×1.3, five nights after 5 % better', SCENARIOS.stepAfter(0.05, 5, 0.3), {
    after: 10,
    suites: 200,
  });
  scenarioRow('0.3 % per night', SCENARIOS.drift(0.003), { after: 30, suites: 150 });
  scenarioRow('0.05 % per night', SCENARIOS.drift(0.0005), { after: 300, suites: 30 });
  scenarioRow('7 % every 20 nights', SCENARIOS.stairs(0.07, 20), { after: 100, suites: 60 });
  for (const size of [0.05, 0.1, 0.3]) {
    const name = `environment ${percent(size)} slower`;
    scenarioRow(name, SCENARIOS.environment(size), { after: 15, suites: 200 });
  }
}

const TABLES = { suites, scenarios, robustness };
const asked = Object.keys(TABLES).filter((name) => process.argv.length < 3 || process.argv.includes(name));
for (const name of asked) {
  TABLES[name as keyof typeof TABLES]();
  console.log();
}
