import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { applyRetention } from '../../../../bench/jobs/nightly/retention.ts';
import { findResumable, nightDir, writeState } from '../../../../bench/jobs/nightly/state.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('nightly retention and state');
const root = mkdtempSync(join(tmpdir(), 'ksweep-retention-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const nightOf = (day: number): string => `202601${String(day).padStart(2, '0')}T010000Z`;
const hlog = (history: string, day: number): string =>
  join(nightDir(history, nightOf(day)), 'suite', 'run', 'a.hlog');
const result = (history: string, day: number): string =>
  join(nightDir(history, nightOf(day)), 'suite', 'run', 'result.json');

async function makeNight(history: string, day: number, finished: boolean): Promise<void> {
  await writeState(history, {
    v: 1,
    night: nightOf(day),
    startedAt: `2026-01-${String(day).padStart(2, '0')}T01:00:00Z`,
    suiteSha256: 's',
    canarySha256: 'c',
    label: null,
    commit: null,
    dropped: [],
    finished,
  });
  mkdirSync(join(nightDir(history, nightOf(day)), 'suite', 'run'), { recursive: true });
  writeFileSync(hlog(history, day), 'x'.repeat(10_000));
  writeFileSync(result(history, day), 'x'.repeat(1_000));
  writeFileSync(join(nightDir(history, nightOf(day)), 'report.html'), 'x');
}

async function made(name: string, days: number): Promise<string> {
  const history = join(root, name);
  for (let day = 1; day <= days; day++) await makeNight(history, day, true);
  mkdirSync(join(history, 'series'));
  writeFileSync(join(history, 'series', 'a.ndjson'), 'x'.repeat(100_000));
  return history;
}

test('raw histograms of nights beyond the newest go; results and reports stay', async () => {
  const history = await made('raw', 4);
  const outcome = await applyRetention(history, { keepRawNights: 2, limitBytes: 1e9 });
  assert.equal(
    [1, 2, 3, 4].map((day) => existsSync(hlog(history, day))),
    [false, false, true, true],
  );
  assert.ok([1, 2, 3, 4].every((day) => existsSync(result(history, day))));
  assert.is(outcome.removed.length, 2);
});

test('the disk limit takes raw histograms first, then run folders, from the oldest on, and keeps every report', async () => {
  const history = await made('limit', 4);
  const outcome = await applyRetention(history, { keepRawNights: 14, limitBytes: 16_000 });
  assert.equal(
    [1, 2, 3, 4].map((day) => existsSync(hlog(history, day))),
    [false, false, false, true],
  );
  assert.ok(outcome.withinLimit && outcome.bytes <= 16_000);
  const tight = await applyRetention(history, { keepRawNights: 14, limitBytes: 13_500 });
  assert.equal(
    [1, 2, 3, 4].map((day) => existsSync(result(history, day))),
    [false, false, true, true],
  );
  assert.ok([1, 2, 3, 4].every((day) => existsSync(join(nightDir(history, nightOf(day)), 'report.html'))));
  assert.ok(tight.removed.every((line) => line.startsWith('run folders')));
});

test('neither the history, nor the last night, nor an unfinished one is touched', async () => {
  const history = await made('last', 2);
  await makeNight(history, 1, false);
  const outcome = await applyRetention(history, { keepRawNights: 1, limitBytes: 1 });
  assert.not(outcome.withinLimit);
  assert.ok(existsSync(hlog(history, 1)) && existsSync(hlog(history, 2)));
  assert.is(readFileSync(join(history, 'series', 'a.ndjson')).length, 100_000);
});

test('a night that was cut off goes on with the same workloads only, and not for ever', async () => {
  const history = join(root, 'resume');
  await makeNight(history, 1, false);
  await makeNight(history, 2, false);
  await makeNight(history, 3, true);
  const find = (digests: { suite: string; canary: string }, hours: number) =>
    findResumable(history, digests, new Date('2026-01-02T04:00:00Z'), hours * 3_600_000);
  const same = await find({ suite: 's', canary: 'c' }, 18);
  assert.is(same.state?.night, nightOf(2));
  assert.equal(same.abandoned, [`night ${nightOf(1)} was cut off and is too old to go on`]);
  assert.is((await find({ suite: 'other', canary: 'c' }, 18)).state, null);
  assert.is((await find({ suite: 's', canary: 'c' }, 1)).state, null);
  writeFileSync(join(nightDir(history, nightOf(2)), 'night.json'), '{');
  const torn = await find({ suite: 's', canary: 'c' }, 18);
  assert.is(torn.state, null);
  assert.match(torn.abandoned.join(), 'no readable night.json');
});

test.run();
