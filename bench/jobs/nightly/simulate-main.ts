import { REALISTIC_NOISE, SCENARIOS, type Scenario, shareWithin, simulate } from './simulate.ts';

/** `npm run simulate:nightly`: the table of docs/nightly.md, seeded; prints Markdown. */

const SEED = 20_260_101;
const PLAIN = { ...REALISTIC_NOISE, persistence: 0, outlierShare: 0 };
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const oneIn = (count: number, of: number): string =>
  count === 0 ? `0 of ${of}` : `1 in ${Math.round(of / count)}`;

function row(
  name: string,
  scenario: Scenario,
  options: { series?: number; noise?: typeof PLAIN; before?: number; after: number; suites: number },
): string {
  const { series = 1, noise = REALISTIC_NOISE, before = 60, after, suites } = options;
  const summary = simulate(
    { scenario, noise, series, nightsBefore: before, nightsAfter: after, delta: 0.03, seed: SEED },
    suites,
  );
  const { nights, failedNights, warnedNights, suspendedNights, seenDelays, failDelays } = summary;
  const event = scenario.name !== 'stable';
  const within = (delays: readonly number[], limit: number): string =>
    event ? percent(shareWithin(delays, limit)) : '';
  const cells = [
    name,
    String(nights),
    oneIn(failedNights, nights),
    oneIn(warnedNights, nights),
    percent(suspendedNights / nights),
    within(seenDelays, 3),
    within(seenDelays, 5),
    within(seenDelays, 30),
    within(failDelays, 3),
    within(failDelays, 5),
    within(failDelays, 30),
  ];
  return `| ${cells.join(' | ')} |`;
}

const head = [
  'Scenario',
  'Nights',
  'Failed',
  'Warned',
  'Suspended',
  'Seen ≤ 3',
  '≤ 5',
  '≤ 30',
  'Failed ≤ 3',
  '≤ 5',
  '≤ 30',
];
console.log(`| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|`);
const step = SCENARIOS.step(0.05);
const drift = SCENARIOS.drift(0.003);
console.log(row('stable, one series', SCENARIOS.stable, { before: 20, after: 200, suites: 200 }));
console.log(
  row('stable, a suite of 20 series', SCENARIOS.stable, { series: 20, before: 20, after: 100, suites: 40 }),
);
console.log(row('5 % step, plain noise', step, { noise: PLAIN, after: 30, suites: 400 }));
console.log(row('5 % step', step, { after: 30, suites: 400 }));
console.log(row('10 % step', SCENARIOS.step(0.1), { after: 30, suites: 400 }));
console.log(row('5 % step in a suite of 20 series', step, { series: 20, after: 10, suites: 40 }));
console.log(row('drift of 0.3 % per night, plain noise', drift, { noise: PLAIN, after: 30, suites: 300 }));
console.log(row('drift of 0.3 % per night', drift, { after: 30, suites: 300 }));
console.log(row('environment 5 % slower', SCENARIOS.environment(0.05), { after: 15, suites: 400 }));
console.log(row('environment 10 % slower', SCENARIOS.environment(0.1), { after: 15, suites: 400 }));
console.log(row('environment 30 % slower', SCENARIOS.environment(0.3), { after: 15, suites: 400 }));
