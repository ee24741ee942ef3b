import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { EXIT } from '../../../bench/common/errors.ts';
import { loadRun } from '../../../bench/results/load-run.ts';
import { metricOf } from '../../../bench/results/metrics.ts';
import type { RepeatResult } from '../../../bench/results/result.ts';
import { repeatsCsv, summaryCsv } from '../../../reports/files/csv.ts';
import { junitXml } from '../../../reports/files/junit.ts';
import { reportMarkdown } from '../../../reports/files/markdown.ts';
import { escaped } from '../../../reports/html/markup.ts';
import { type RunSummary, summarizeRun } from '../../../reports/run/run-summary.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('files of a report');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
let summary: RunSummary;
test.before(async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'compression.type': ['none', 'zstd'], 'linger.ms': [0, 20] },
    blocks: 3,
    invalidCells: [1],
    thresholds: ['due-to-ack p50 < 5ms', 'run: lost == 0'],
  });
  summary = summarizeRun(await loadRun(dir));
});
test.after(() => rmSync(root, { recursive: true, force: true }));

/** Rows by column; enough for files of ours, whose quoted fields hold commas but no new lines. */
function parseCsv(text: string): Record<string, string>[] {
  const [head = [], ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1] ?? m[2] ?? ''));
  return rows.map((fields) => Object.fromEntries(head.map((name, i) => [name, fields[i] ?? ''])));
}

test('summary.csv has a row a cell, and leaves blank what no valid repeat has', () => {
  const rows = parseCsv(summaryCsv(summary));
  assert.is(rows.length, 4);
  const [valid, invalid] = rows;
  assert.is(valid?.['compression.type'], 'none');
  assert.is(valid?.['linger.ms'], '0');
  const spread = summary.cells[0]?.cell.of(metricOf('due-to-ack.p99'));
  assert.is(Number(valid?.['dueToAckP99UsMedian']), spread?.median);
  assert.is(Number(valid?.['dueToAckP99UsMax']), spread?.max);
  assert.is(valid?.['dueToAckP99UsCiLow'], '', 'three repeats have no interval');
  assert.is(invalid?.['verdict'], 'invalid');
  assert.is(invalid?.['dueToAckP99UsMedian'], '');
  assert.match(invalid?.['explanation'] ?? '', 'event loop');
});

test('repeats.csv has every attempt with its figures and why it does not count', () => {
  const rows = parseCsv(repeatsCsv(summary.run));
  assert.is(rows.length, 12 + 3);
  assert.is(rows.filter((row) => row['replaced'] === 'true').length, 3);
  for (const row of rows.filter((one) => one['cell'] === '001-none_20')) {
    assert.is(row['outcome'], 'invalid');
    assert.match(row['reasons'] ?? '', 'event loop');
    assert.ok(Number(row['dueToAckP99Us']) > 0, 'measured all the same');
  }
});

test('report.md marks what is wrong, states what brackets mean and how to run it again', () => {
  const text = reportMarkdown(summary);
  assert.match(text, /none · linger 20 ms \| \*\*invalid\*\* \| 0\/3/);
  assert.match(text, 'a 95 % interval needs six');
  assert.match(text, '- ksweep run workloads/synthetic.yaml --local');
  assert.match(text, 'shared its cores');
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  const columns = new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length));
  assert.is(columns.size, 1, 'every row has as many columns');
});

test('junit.xml has errors for what cannot be judged, and failures for breaches', () => {
  const text = junitXml(summary);
  const cases = [...text.matchAll(/<testcase[^>]*name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)];
  const kind = (body: string | undefined) => /<(failure|error)/.exec(body ?? '')?.[1] ?? 'passed';
  assert.equal(
    cases.map(([, name, body]) => [name, kind(body)]),
    [
      ['compression.type=none linger.ms=0', 'passed'],
      ['compression.type=none linger.ms=20', 'error'],
      ['compression.type=zstd linger.ms=0', 'passed'],
      ['compression.type=zstd linger.ms=20', 'failure'],
      ['run: lost == 0', 'passed'],
    ],
  );
  assert.match(text, 'tests="5" failures="1"');
});

/** A run of two cells with three repeats each, changed before it is summarized. */
async function changed(
  unfinished: number,
  change: (repeat: RepeatResult) => RepeatResult,
): Promise<RunSummary> {
  const dir = await writeRunFolder(root, { axes: { 'linger.ms': [0, 20] }, blocks: 3, unfinished });
  const run = await loadRun(dir);
  return summarizeRun({ ...run, repeats: run.repeats.map(change) });
}

const kinds = (text: string): string[] =>
  [...text.matchAll(/<testcase [^>]*?(?:\/>|>(.*?)<\/testcase>)/gs)].map(
    ([, body]) => /<(failure|error)/.exec(body ?? '')?.[1] ?? 'passed',
  );

test('junit.xml and the exit status tell one story: a failed or an unfinished repeat is no green case', async () => {
  const fine = await changed(0, (repeat) => repeat);
  assert.equal([kinds(junitXml(fine)), fine.status], [['passed', 'passed'], EXIT.pass]);

  const first = fine.cells[0]?.cell.id;
  const failed = await changed(0, (repeat) =>
    repeat.cellId === first && repeat.block === 1
      ? { ...repeat, outcome: 'failed', reasons: [{ code: 'load-process-died', message: 'producer-0 died' }] }
      : repeat,
  );
  assert.equal([kinds(junitXml(failed)), failed.status], [['error', 'passed'], EXIT.harness]);
  assert.match(junitXml(failed), /producer-0 died \(1 of 3 repeats\)/);

  const unfinished = await changed(1, (repeat) => repeat);
  const left = unfinished.run.unfinished[0]?.cellId;
  const expected = unfinished.cells.map(({ cell }) => (cell.id === left ? 'error' : 'passed'));
  assert.equal([kinds(junitXml(unfinished)), unfinished.status], [expected, EXIT.invalid]);
  assert.match(junitXml(unfinished), '1 of 3 repeats not finished');

  // One invalid repeat of three leaves the cell its figures: green, and said all the same.
  const partly = await changed(0, (repeat) =>
    repeat.cellId === first && repeat.block === 1
      ? {
          ...repeat,
          outcome: 'invalid',
          attempt: 1,
          reasons: [{ code: 'not-steady', message: 'no steady state' }],
        }
      : repeat,
  );
  assert.equal([kinds(junitXml(partly)), partly.status], [['passed', 'passed'], EXIT.pass]);
  assert.match(junitXml(partly), /no steady state \(1 of 3 repeats\)/);
});

test('delivery errors by code and notes of some repeats are in every table, those of all repeats only once', async () => {
  const noted = await changed(0, (repeat) => ({
    ...repeat,
    notes: [
      { code: 'smoke-scale', message: 'shared its cores' },
      ...(repeat.block === 0 ? [{ code: 'bursting', message: 'lived on burst credits' }] : []),
    ],
    errorsByCode: repeat.block < 2 ? { ERR__MSG_TIMED_OUT: 2, ERR_NOT_LEADER: 1 } : {},
  }));
  const errors = 'delivery errors: ERR__MSG_TIMED_OUT × 4, ERR_NOT_LEADER × 2';
  const burst = 'lived on burst credits (1 of 3 valid repeats)';
  for (const { explanations } of noted.cells) assert.equal(explanations, [errors, burst]);
  assert.match(reportMarkdown(noted), errors);
  const [row] = parseCsv(summaryCsv(noted));
  assert.is(row?.['errorsByCode'], 'ERR__MSG_TIMED_OUT=4; ERR_NOT_LEADER=2');
  assert.is(row?.['notes'], 'shared its cores; lived on burst credits');
  const repeats = parseCsv(repeatsCsv(noted.run));
  assert.equal([...new Set(repeats.map((one) => one['errorsByCode']))].sort(), [
    '',
    'ERR__MSG_TIMED_OUT=2; ERR_NOT_LEADER=1',
  ]);
});

test('text of a run cannot become markup', () => {
  assert.is(escaped(`<img src="x" onerror='y'>&`), '&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt;&amp;');
});

test.run();
