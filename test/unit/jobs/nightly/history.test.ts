import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { KsweepError } from '../../../../bench/common/errors.ts';
import { closePool } from '../../../../bench/common/pool.ts';
import { createRandom } from '../../../../bench/common/random.ts';
import { appendLines } from '../../../../bench/jobs/nightly/history/append.ts';
import { parseNights } from '../../../../bench/jobs/nightly/history/nights.ts';
import { outOfOrder } from '../../../../bench/jobs/nightly/history/order.ts';
import { parseSeries } from '../../../../bench/jobs/nightly/history/parse.ts';
import { type NightLine, nightIdOf, timeOfNight } from '../../../../bench/jobs/nightly/history/record.ts';
import { cellFolder, cellName, seriesPath } from '../../../../bench/jobs/nightly/history/series-id.ts';
import { HistoryStore } from '../../../../bench/jobs/nightly/history/store.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('nightly history');
const root = mkdtempSync(join(tmpdir(), 'ksweep-history-'));
test.after(async () => {
  await closePool();
  rmSync(root, { recursive: true, force: true });
});

const digest = 'a'.repeat(64);
function night(day: number, value: number, more: Partial<NightLine> = {}): NightLine {
  const at = new Date(Date.UTC(2026, 0, day, 1));
  return {
    v: 1,
    type: 'night',
    night: nightIdOf(at),
    at: at.toISOString(),
    value,
    spread: { n: 3, min: value, max: value, iqr: 0 },
    invalid: 0,
    label: null,
    commit: null,
    environment: digest,
    definition: digest,
    run: digest,
    folder: 'nights/x',
    imported: false,
    ...more,
  };
}
const text = (...lines: unknown[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
const valuesOf = (content: string): number[] => parseSeries('f', content).nights.map(({ value }) => value);

test('a damaged line is named with its place, and costs nothing but itself', () => {
  const content = parseSeries(
    'f.ndjson',
    text(night(1, 10), '{"v":1,"type":"nig', night(2, 20), { v: 1, type: 'what' }),
  );
  assert.equal(
    content.nights.map(({ value }) => value),
    [10, 20],
  );
  assert.equal(
    content.setAside.map(({ file, line, kind }) => [file, line, kind]),
    [
      ['f.ndjson', 2, 'damaged'],
      ['f.ndjson', 4, 'damaged'],
    ],
  );
});

test('a line of a future schema is named as such', () => {
  const { setAside, nights } = parseSeries('f', text({ ...night(1, 10), v: 2, extra: 1 }, night(2, 20)));
  assert.equal(
    setAside.map(({ kind }) => kind),
    ['future-schema'],
  );
  assert.match(setAside[0]?.message ?? '', 'schema version 2');
  assert.is(nights.length, 1);
});

test('a value that no ratio can be made of is damage', () => {
  assert.equal(
    valuesOf(text({ ...night(1, 10), value: 0 }, { ...night(2, 10), value: null }, night(3, 30))),
    [30],
  );
});

test('a clock that ran backwards, or ahead, costs that night only', () => {
  const ahead = parseSeries(
    'f',
    text(night(1, 1), { ...night(2, 2), at: '2031-01-01T00:00:00Z' }, night(3, 3), night(4, 4)),
  );
  assert.equal(
    ahead.nights.map(({ value }) => value),
    [1, 3, 4],
  );
  assert.equal(
    ahead.setAside.map(({ line, kind }) => [line, kind]),
    [[2, 'clock']],
  );
  const back = parseSeries(
    'f',
    text(night(1, 1), night(2, 2), { ...night(3, 3), at: '1970-01-01T00:00:00Z' }, night(4, 4)),
  );
  assert.equal(
    back.nights.map(({ value }) => value),
    [1, 2, 4],
  );
});

test('a night that was imported later takes its place by its time', () => {
  assert.equal(valuesOf(text(night(5, 5), night(6, 6), night(2, 2, { imported: true }))), [2, 5, 6]);
});

test('a night that is there twice is used once and named', () => {
  const content = parseSeries('f', text(night(1, 1), night(1, 9)));
  assert.equal(
    content.nights.map(({ value }) => value),
    [1],
  );
  assert.equal(
    content.setAside.map(({ kind }) => kind),
    ['repeated'],
  );
});

test('what was forgotten stays in the file and leaves the series', () => {
  const forgotten = { v: 1, type: 'forgotten', at: '2026-02-01T00:00:00Z', by: 'me', why: 'fan broke' };
  const one = { ...forgotten, night: night(2, 2).night };
  assert.equal(valuesOf(text(night(1, 1), night(2, 2), one, night(3, 3))), [1, 3]);
  assert.equal(valuesOf(text(night(1, 1), night(2, 2), { ...forgotten, night: null }, night(3, 3))), [3]);
});

test('the fewest nights are left out of order, whatever the order', () => {
  const random = createRandom(1);
  for (let round = 0; round < 300; round++) {
    const times = Array.from({ length: random.int(9) }, () => random.int(12));
    const broken = new Set(outOfOrder(times));
    const kept = times.filter((_, i) => !broken.has(i));
    assert.ok(kept.every((time, i) => i === 0 || time > (kept[i - 1] ?? 0)));
    let longest = 0;
    for (let mask = 0; mask < 1 << times.length; mask++) {
      const picked = times.filter((_, i) => ((mask >> i) & 1) === 1);
      if (picked.every((time, i) => i === 0 || time > (picked[i - 1] ?? 0)))
        longest = Math.max(longest, picked.length);
    }
    assert.is(kept.length, longest);
  }
});

test('an append after a torn line starts on a line of its own', async () => {
  const file = join(root, 'torn', 'a.ndjson');
  await appendLines(file, [JSON.stringify(night(1, 1))]);
  appendFileSync(file, JSON.stringify(night(2, 2)).slice(0, 57));
  await appendLines(file, [JSON.stringify(night(3, 3))]);
  const content = parseSeries('a', readFileSync(file, 'utf8'));
  assert.equal(
    content.nights.map(({ value }) => value),
    [1, 3],
  );
  assert.equal(
    content.setAside.map(({ line }) => line),
    [2],
  );
});

test('wherever a kill tears an append off, the nights before it and after it are read', async () => {
  const whole = text(night(1, 1), night(2, 2));
  const first = text(night(1, 1)).length;
  for (let cut = first; cut < whole.length; cut += 7) {
    const file = join(root, `cut-${cut}.ndjson`);
    writeFileSync(file, whole.slice(0, cut));
    await appendLines(file, [JSON.stringify(night(3, 3))]);
    assert.equal(valuesOf(readFileSync(file, 'utf8')), [1, 3]);
  }
});

test('an append that cannot be written says what to do', async () => {
  try {
    await appendLines('/dev/null/a.ndjson', ['x']);
    assert.unreachable();
  } catch (error) {
    assert.is((error as KsweepError).code, 'run-folder-unwritable');
  }
});

test('a cell is known by its settings, whatever their order, and never by its place in the plan', () => {
  assert.is(cellName({ b: 1, a: 'x' }), 'a=x b=1');
  assert.is(cellName({}), 'baseline');
  const id = { suite: 's', cell: 'a=x b=1', metric: 'due-to-ack.p50' };
  assert.is(seriesPath(id), 'series/s/a=x,b=1/due-to-ack.p50.ndjson');
});

test('folder names of different cells differ, and lead nowhere else', () => {
  const cells = ['..', 'a/b', 'a_b', 'a:b', `x=${'y'.repeat(200)}`, `x=${'y'.repeat(201)}`, 'é'];
  const folders = cells.map(cellFolder);
  assert.is(new Set(folders).size, cells.length);
  for (const folder of folders) assert.match(folder, /^[A-Za-z0-9_=,-][A-Za-z0-9._=,-]*$/);
});

test('a damaged header, or a damaged file, is not fatal to other series', async () => {
  const store = await HistoryStore.open(join(root, 'store'));
  const path = (cell: string) => seriesPath({ suite: 's', cell, metric: 'due-to-ack.p50' });
  await store.append('n', [
    { path: path('a=1'), lines: ['{torn header', JSON.stringify(night(1, 1))] },
    { path: path('a=2 b=x'), lines: ['\u0000\u0001'] },
    { path: path('a=3'), lines: [JSON.stringify(night(1, 3))] },
  ]);
  const series = await store.series();
  assert.equal(
    series.map(({ id, content }) => [id.cell, content.nights.names.length, content.setAside.length]),
    [
      ['a=1', 1, 1],
      ['a=2 b=x', 0, 1],
      ['a=3', 1, 0],
    ],
  );
});

test('the name of a night holds its time', () => {
  const at = new Date('2026-11-23T01:02:03Z');
  assert.is(nightIdOf(at), '20261123T010203Z');
  assert.is(timeOfNight('20261123T010203Z-2'), at.getTime());
  assert.ok(Number.isNaN(timeOfNight('yesterday')));
});

test('damage among the nights is named too', () => {
  const { nights, setAside } = parseNights('nights.ndjson', text('{', { v: 3 }, { v: 1, night: 'x' }));
  assert.is(nights.length, 0);
  assert.equal(
    setAside.map(({ kind }) => kind),
    ['damaged', 'future-schema', 'damaged'],
  );
});

test.run();
