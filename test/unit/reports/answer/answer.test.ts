import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadRun } from '../../../../bench/results/load-run.ts';
import { answerOf } from '../../../../reports/answer/answer.ts';
import { badgesOf } from '../../../../reports/answer/badges.ts';
import { leadChartOf } from '../../../../reports/answer/lead-chart.ts';
import { tableHtml } from '../../../../reports/html/markup.ts';
import { constantSettings } from '../../../../reports/run/constants.ts';
import { describeRun } from '../../../../reports/run/provenance.ts';
import { type RunSummary, summarizeRun } from '../../../../reports/run/run-summary.ts';
import { cellsTable } from '../../../../reports/views/cells-table.ts';
import { hockeyView } from '../../../../reports/views/hockey.ts';
import { type RunFolderOptions, writeRunFolder } from '../../../support/run-folder.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('first screen of a report');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const summarize = async (options: RunFolderOptions): Promise<RunSummary> =>
  summarizeRun(await loadRun(await writeRunFolder(root, { measuredSec: 3, ...options })));

test('the answer names the best cell with its figure, and says whether intervals separate it', async () => {
  const shown = answerOf(await summarize({ axes: { 'linger.ms': [0, 100] }, blocks: 6 }));
  assert.is(shown.state, 'shown');
  assert.match(shown.sentence, /^Due→ack p99 is lowest with linger 0 ms: [\d.]+ \[[\d.]+, [\d.]+\] ms\.$/);
  assert.is(shown.certainty, '95 % intervals separate it from the other cell.');
  const few = answerOf(await summarize({ axes: { 'linger.ms': [0, 100] }, blocks: 2 }));
  assert.is(few.state, 'open');
  assert.match(few.certainty, '2 valid repeats cannot be told from noise');
  const same = answerOf(await summarize({ axes: { acks: ['all', 1] }, blocks: 6 }));
  assert.is(same.state, 'open');
  assert.match(same.certainty, 'cannot be told from it: their intervals meet.');
});

test('a search answers by the rate, a sweep of rates by its knee, one cell by its figure', async () => {
  const search = answerOf(await summarize({ axes: { partitions: [1, 12] }, blocks: 6, search: true }));
  assert.match(search.sentence, /^Sustainable rate is highest with 12 partitions: /);
  const rates = await summarize({ axes: { rate: [5_000, 20_000, 30_000, 40_000] }, blocks: 2 });
  const hockey = hockeyView(rates.cells.map(({ cell }) => cell));
  assert.match(answerOf(rates, hockey).sentence, /^Latency (bends at [\d\u202f]+\/s|does not bend)/);
  const single = answerOf(await summarize({ axes: {}, blocks: 1 }));
  assert.match(single.sentence, /^Due→ack p99 is [\d.]+ ms\.$/);
  assert.is(single.certainty, 'One repeat: no spread is known.');
});

test('without a valid repeat there is no answer, and the reason stands in its place', async () => {
  const none = answerOf(await summarize({ axes: { acks: ['all'] }, blocks: 2, invalidCells: [0] }));
  assert.is(none.state, 'none');
  assert.match(none.certainty, 'event loop was held up');
  assert.is(none.best, null);
});

test('caveats are badges that lead to a paragraph of the page', async () => {
  const bad = await summarize({ axes: { acks: ['all', 1] }, blocks: 3, invalidCells: [1], unfinished: 1 });
  const badges = badgesOf(bad);
  const texts = badges.map(({ text }) => text);
  assert.ok(texts.includes('smoke-scale'));
  assert.ok(
    texts.some((text) => /^\d of 6 repeats invalid$/.test(text)),
    texts.join(),
  );
  assert.ok(texts.includes('1 of 2 cells without a figure'));
  const ids = new Set(['cells', ...describeRun(bad).map(({ id }) => id)]);
  for (const { target } of badges) assert.ok(ids.has(target), target);
});

test('the chart is chosen by what was swept', () => {
  const cells = (axes: Record<string, readonly (string | number)[]>) =>
    Object.entries(axes)
      .reduce<Record<string, string | number>[]>(
        (all, [name, levels]) => all.flatMap((one) => levels.map((level) => ({ ...one, [name]: level }))),
        [{}],
      )
      .map((settings) => ({ settings }));
  const has = { hockey: true, effects: true };
  assert.is(leadChartOf(cells({}), has), 'percentiles');
  assert.is(leadChartOf(cells({ acks: ['1', 'all'] }), has), 'ranking');
  assert.is(leadChartOf(cells({ rate: [1, 2, 3] }), has), 'hockey');
  assert.is(leadChartOf(cells({ rate: [1, 2] }), { hockey: false, effects: true }), 'ranking');
  assert.is(leadChartOf(cells({ acks: ['1', 'all'], 'linger.ms': [0, 5] }), has), 'matrix');
  const many = Object.fromEntries('abcdef'.split('').map((name) => [name, [0, 1]]));
  assert.is(leadChartOf(cells(many), has), 'effects');
  assert.is(leadChartOf(cells(many), { hockey: false, effects: false }), 'ranking');
});

test('what all cells share is said once, and what is swept is not in it', async () => {
  const { run } = await summarize({ axes: { partitions: [3, 6] }, blocks: 1 });
  const shared = constantSettings({
    ...run.manifest,
    workload: {
      topic: { partitions: 3, replicationFactor: 1 },
      records: { size: 1024 },
      load: { rate: { kind: 'records', perSec: 20_000 }, producers: 2 },
      consumers: { groups: 1, perGroup: 3 },
      producer: { acks: 'all' },
    },
  });
  assert.equal(shared, [
    '1 replica',
    'records of 1 KiB',
    '20\u202f000/s',
    '2 producers',
    '3 consumers a group',
    '1 group',
    'acks all',
  ]);
});

test('the table of cells has the best first and marked, sorts by figures, and puts those without one last', async () => {
  const summary = await summarize({ axes: { 'linger.ms': [100, 0, 5] }, blocks: 2, invalidCells: [2] });
  const table = cellsTable(summary, answerOf(summary).goals);
  assert.equal(
    table.rows.map(({ fields }) => fields[0]),
    ['2. linger 0 ms', '1. linger 100 ms', '3. linger 5 ms'],
  );
  assert.is(table.columns[1]?.head, 'due→ack p99');
  assert.is(table.columns[1]?.sorted, 'ascending');
  const [first, second, last] = table.rows.map(({ figures }) => figures?.[1]);
  assert.is(first?.best, true);
  assert.ok((first?.value ?? 0) < (second?.value ?? 0));
  assert.is(second?.best, undefined);
  assert.is(last?.value, null);
  const html = tableHtml(table);
  assert.match(html, /aria-sort="ascending"/);
  assert.match(html, /class="all"> all columns/);
  assert.match(html, /data-v=""/, 'no figure sorts last');
  assert.match(html, /<i class="bar" aria-hidden="true" style="--l:0;--w:\d+;--m:\d+">/);
});

test.run();
