import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../../bench/common/errors.ts';
import { closePool } from '../../../../bench/common/pool.ts';
import { HistoryStore } from '../../../../bench/jobs/nightly/history/store.ts';
import { takeLock } from '../../../../bench/jobs/nightly/lock.ts';
import { type NightOutcome, runNight } from '../../../../bench/jobs/nightly/night.ts';
import type { NightOptions } from '../../../../bench/jobs/nightly/options.ts';
import type { NightReport } from '../../../../bench/jobs/nightly/report.ts';
import { deltasOf } from '../../../../bench/jobs/nightly/watched.ts';
import type { RepeatResult } from '../../../../bench/results/result.ts';
import type { LoadedWorkload } from '../../../../bench/workload/load.ts';
import {
  type SimulatedEnvironment,
  simulatedMeasure,
  simulatedWorkload,
  templateResult,
} from '../../../support/simulated-night.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('nights');
const root = mkdtempSync(join(tmpdir(), 'ksweep-nights-'));
test.after(async () => {
  await closePool();
  rmSync(root, { recursive: true, force: true });
});

let template: RepeatResult;
test.before(async () => {
  template = await templateResult();
  for (let night = 0; night < QUIET_NIGHTS; night++) await runNight(options('quiet', night, quiet));
});

const quiet: SimulatedEnvironment = { slowdown: () => 1, sigma: 0.005 };
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1, 1);

function options(
  history: string,
  night: number,
  environment: SimulatedEnvironment,
  more: Partial<NightOptions> = {},
): NightOptions {
  return {
    history: join(root, history),
    suite: simulatedWorkload('suite', 2, 3),
    canary: simulatedWorkload('canary', 1, 3),
    label: `v${night}`,
    commit: null,
    deltas: deltasOf(undefined, []),
    budgetMs: null,
    resumeWithinMs: DAY_MS / 2,
    resumeOnly: false,
    retention: { keepRawNights: 100, limitBytes: 1e12 },
    journal: false,
    measure: simulatedMeasure(template, night, environment),
    now: () => new Date(START + night * DAY_MS),
    signal: new AbortController().signal,
    say: () => {},
    ...more,
  };
}

function judged(outcome: NightOutcome): NightReport {
  if (outcome.kind !== 'judged') throw new Error(outcome.kind);
  return outcome.report;
}

const QUIET_NIGHTS = 11;

/** A history of its own with quiet nights. */
function withQuietNights(history: string): void {
  cpSync(join(root, 'quiet'), join(root, history), { recursive: true });
}

const verdicts = (report: NightReport, cell: string): string[] =>
  report.series
    .filter((one) => one.cell === cell && !one.canary)
    .map(({ metric, verdict }) => `${metric} ${verdict}`);

const slowCell = (factor: number): SimulatedEnvironment => ({
  ...quiet,
  slowdown: ({ step }, { cellId }) => (step === 'suite' && cellId.endsWith('ms1') ? factor : 1),
});

test('a step in one cell fails the second night of it, and names only that cell', async () => {
  withQuietNights('step');
  const first = judged(await runNight(options('step', 14, slowCell(1.2))));
  assert.is(first.status, 0);
  const second = judged(await runNight(options('step', 15, slowCell(1.2))));
  assert.is(second.status, 5);
  assert.ok(verdicts(second, 'linger.ms=1').every((text) => text.endsWith('regressed')));
  assert.ok(verdicts(second, 'linger.ms=0').every((text) => text.endsWith('steady')));
  const [summary] = second.nights.slice(-1);
  assert.ok(summary?.regressed.includes('suite/linger.ms=1/due-to-ack.p50'));
});

test('every view of a night is written, and the last night has its own', async () => {
  const history = join(root, 'step');
  const [last] = readdirSync(join(history, 'nights')).slice(-1);
  const files = readdirSync(join(history, 'nights', last ?? ''));
  for (const name of ['night.json', 'report.html', 'report.json', 'report.md', 'junit.xml'])
    assert.ok(files.includes(name), name);
  for (const name of ['trend.html', 'metrics.prom', 'badge.svg', 'badge.json'])
    assert.ok(existsSync(join(history, name)), name);
  assert.match(
    readFileSync(join(history, 'nights', last ?? '', 'junit.xml'), 'utf8'),
    /<failure[^>]*regressed/,
  );
  assert.match(readFileSync(join(history, 'trend.html'), 'utf8'), `nights/${last}/report.html`);
});

test('a slower environment suspends the gates and blames no cell', async () => {
  withQuietNights('environment');
  const slow: SimulatedEnvironment = { ...quiet, slowdown: () => 1.2, hostname: 'another' };
  for (const night of [14, 15, 16]) {
    const report = judged(await runNight(options('environment', night, slow)));
    assert.is(report.status, 3);
    assert.ok(report.canary.moved);
    assert.not(report.series.some(({ verdict }) => verdict === 'regressed'));
  }
});

test('a canary that moves within the night suspends the gates', async () => {
  const report = judged(
    await runNight(
      options('within', 0, { ...quiet, slowdown: ({ step }) => (step === 'canary-last' ? 1.4 : 1) }),
    ),
  );
  assert.is(report.status, 3);
  assert.match(report.canary.reasons.join(), 'within the night');
});

test('thresholds are judged apart', async () => {
  const suiteOf = (threshold: string): LoadedWorkload => simulatedWorkload('slo', 1, 2, [threshold]);
  const breach = await runNight(options('slo', 0, quiet, { suite: suiteOf('due-to-ack p50 < 1us') }));
  assert.is(judged(breach).status, 4);
  const kept = await runNight(options('slo', 1, quiet, { suite: suiteOf('due-to-ack p50 < 10s') }));
  assert.is(judged(kept).status, 0);
});

test('a cell without a valid repeat is inconclusive, one that failed throughout is the harness’s', async () => {
  const outcome = (kind: RepeatResult['outcome'], blocks: number): SimulatedEnvironment => ({
    ...quiet,
    outcome: ({ step }, { cellId, block }) =>
      step === 'suite' && cellId.endsWith('ms1') && block < blocks ? kind : 'valid',
  });
  const statusOf = async (night: number, environment: SimulatedEnvironment) =>
    judged(await runNight(options('outcomes', night, environment)));
  assert.is((await statusOf(0, outcome('invalid', 3))).status, 3);
  assert.is((await statusOf(1, outcome('failed', 3))).status, 2);
  const one = await statusOf(2, outcome('failed', 1));
  assert.is(one.status, 0);
  assert.match(one.notes.join('\n'), '1 of 3 repeats left out: simulated');
});

class Killed extends Error {}

test('a night that was cut off anywhere goes on and measures nothing twice', async () => {
  for (const cut of [0, 2, 5, 8, 11]) {
    const history = `cut-${cut}`;
    let count = 0;
    const counting = (limit: number): SimulatedEnvironment => ({
      ...quiet,
      before: () => {
        if (count === limit) throw new Killed();
        count++;
      },
    });
    try {
      await runNight(options(history, 0, counting(cut)));
      assert.unreachable();
    } catch (error) {
      assert.instance(error, Killed);
    }
    const report = judged(await runNight(options(history, 0, counting(Number.POSITIVE_INFINITY))));
    assert.is(count, 12);
    assert.is(readdirSync(join(root, history, 'nights')).length, 1);
    assert.ok(report.series.every(({ nights: list }) => list.names.length === 1));
    assert.is(report.series.find(({ canary }) => canary)?.tail[0]?.spread.n, 6);
  }
});

test('a night whose history was half written goes on without writing anything twice', async () => {
  await runNight(options('half', 0, quiet));
  const history = join(root, 'half');
  const [night = ''] = readdirSync(join(history, 'nights'));
  const state = join(history, 'nights', night, 'night.json');
  writeFileSync(state, readFileSync(state, 'utf8').replace('"finished": true', '"finished": false'));
  const [one] = await (await HistoryStore.existing(history)).series();
  const torn = join(history, one?.path ?? '');
  const text = readFileSync(torn, 'utf8');
  writeFileSync(torn, text.slice(0, text.length - 30));
  const report = judged(await runNight(options('half', 0, quiet)));
  assert.ok(report.series.every(({ nights: list }) => list.names.length === 1));
  assert.equal(
    report.setAside.map(({ kind }) => kind),
    ['damaged'],
  );
});

test('with resume-only nothing begins', async () => {
  const outcome = await runNight(options('resume-only', 0, quiet, { resumeOnly: true }));
  assert.is(outcome.kind, 'nothing-to-resume');
});

test('the first Ctrl-C keeps the night for later', async () => {
  const controller = new AbortController();
  const environment: SimulatedEnvironment = {
    ...quiet,
    before: ({ step }, { block }) => {
      if (step === 'suite' && block === 1) controller.abort();
    },
  };
  const first = await runNight(options('stop', 0, environment, { signal: controller.signal }));
  assert.is(first.kind, 'interrupted');
  assert.ok(judged(await runNight(options('stop', 0, quiet))).series.length > 0);
});

test('the time budget gives up repeats before it starts, and the deadline cuts what is slower than planned', async () => {
  // A repeat is planned at 6 s and 2 s overhead; the canaries take 2 × 3 of them.
  const planned = judged(await runNight(options('budget', 0, quiet, { budgetMs: 80_000 })));
  assert.match(planned.notes.join('\n'), '2 of 6 repeats given up for the time budget');
  let clock = START + DAY_MS;
  const slow: SimulatedEnvironment = {
    ...quiet,
    before: async ({ signal, step }, { position }) => {
      if (step !== 'suite' || position < 3) return;
      clock += 3_600_000;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
  // The clock stands at the budget's end but for 200 ms when the suite begins.
  const late = (): Date => new Date(clock);
  const base = options('budget', 1, slow, { budgetMs: 96_000, now: late });
  const measure: NightOptions['measure'] = async (request) => {
    if (request.step === 'canary-first') clock += 96_000 - 24_000 - 200;
    return base.measure(request);
  };
  const cut = judged(await runNight({ ...base, measure }));
  assert.match(cut.notes.join('\n'), 'the time budget ended the suite after 3 of 6 repeats');
  assert.is(cut.series.find(({ canary }) => canary)?.tail.at(-1)?.spread.n, 6);
});

test('two nights at once are refused, and the lock is given back after a failure', async () => {
  const history = join(root, 'locked');
  await HistoryStore.open(history);
  const release = await takeLock(join(history, 'nightly.lock'), { waitMs: 0, what: 'x' });
  try {
    await runNight(options('locked', 0, quiet));
    assert.unreachable();
  } catch (error) {
    assert.is((error as KsweepError).code, 'history-locked');
  }
  await release();
  const broken: SimulatedEnvironment = {
    ...quiet,
    before: () => {
      throw new KsweepError('broker-unreachable', 'gone');
    },
  };
  try {
    await runNight(options('locked', 0, broken));
    assert.unreachable();
  } catch (error) {
    assert.is((error as KsweepError).code, 'broker-unreachable');
  }
  assert.not(existsSync(join(history, 'nightly.lock')));
  assert.is(judged(await runNight(options('locked', 0, quiet))).status, 0);
});

test('damage, a renamed cell, another definition and a wrong clock are named, and other series are judged', async () => {
  withQuietNights('bad');
  const history = join(root, 'bad');
  const all = await (await HistoryStore.existing(history)).series();
  const p50 = all.filter(({ id, canary }) => id.metric === 'due-to-ack.p50' && !canary);
  appendFileSync(join(history, p50[0]?.path ?? ''), '{"v":1,"type":"night","nig');
  const full = simulatedWorkload('suite', 2, 3);
  const rename = <T extends { id: string; label: string; settings: object }>(cell: T): T =>
    cell.id.endsWith('ms1') ? { ...cell, label: 'linger.ms=9', settings: { 'linger.ms': 9 } } : cell;
  const renamed = { ...full, plan: { ...full.plan, cells: full.plan.cells.map(rename) } };
  const report = judged(await runNight(options('bad', 14, quiet, { suite: renamed })));
  assert.is(report.status, 0);
  assert.equal(
    report.setAside.map(({ kind }) => kind),
    ['damaged'],
  );
  assert.match(report.notes.join('\n'), 'cell suite/linger.ms=1 was not measured tonight');
  assert.match(report.notes.join('\n'), 'renamed to suite/linger.ms=9?');
  assert.ok(verdicts(report, 'linger.ms=0').every((text) => text.endsWith('steady')));
  assert.ok(verdicts(report, 'linger.ms=1').every((text) => text.endsWith('missing')));

  const longer = {
    ...full,
    workload: { ...full.workload, load: { ...full.workload.load, duration: 9_000 } },
  };
  const other = judged(await runNight(options('bad', 15, quiet, { suite: longer })));
  const one = other.series.find(({ cell, canary }) => cell === 'linger.ms=0' && !canary);
  assert.equal(
    [one?.verdict, one?.comparableFrom, one?.nights.names.length],
    ['learning', QUIET_NIGHTS + 1, QUIET_NIGHTS + 2],
  );

  const back = judged(await runNight(options('bad', -3000, quiet)));
  assert.is(back.status, 3);
  assert.ok(back.setAside.some(({ kind }) => kind === 'clock'));
  assert.match(back.notes.join('\n'), 'tonight’s figure was set aside');
});

test('retention leaves the compact history and what it needs', async () => {
  const small = { keepRawNights: 1, limitBytes: 1 };
  for (let night = 0; night < 3; night++)
    await runNight(options('small', night, quiet, { retention: small }));
  const history = join(root, 'small');
  const folders = readdirSync(join(history, 'nights'));
  assert.equal(
    folders.map((name) => existsSync(join(history, 'nights', name, 'suite'))),
    [false, false, true],
  );
  assert.ok(folders.every((name) => existsSync(join(history, 'nights', name, 'report.html'))));
  const series = await (await HistoryStore.existing(history)).series();
  assert.ok(series.every(({ content }) => content.nights.names.length === 3));
});

test.run();
