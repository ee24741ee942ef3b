import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadRun } from '../../../bench/results/load-run.ts';
import { type RunSummary, summarizeRun } from '../../../reports/run/run-summary.ts';
import { letterPlot } from '../../../reports/terminal/letter-plot.ts';
import { styleOf, verdictTable } from '../../../reports/terminal/verdict-table.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('reports in a terminal');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
let summary: RunSummary;
test.before(async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'compression.type': ['none', 'zstd'], 'linger.ms': [0, 20], 'batch.size': [16384, 131072] },
    blocks: 2,
    invalidCells: [3],
    thresholds: ['due-to-ack p99 < 20ms'],
  });
  summary = summarizeRun(await loadRun(dir));
});
test.after(() => rmSync(root, { recursive: true, force: true }));

const ESC = '\u001b';

test('the table fits any usual width, and every cell is in it', () => {
  for (const width of [80, 100, 120, 200]) {
    const text = verdictTable(summary, { width, colour: false });
    for (const line of text.split('\n'))
      assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
    assert.is(text.split('\n').filter((line) => /│ (pass|breach|invalid) /.test(line)).length, 8);
  }
});

test('a wider terminal shows more figures, the most telling first', () => {
  const head = (width: number) => verdictTable(summary, { width, colour: false }).split('\n')[3] ?? '';
  assert.match(head(110), 'due→ack p99');
  assert.not.match(head(110), 'wire bytes per record');
  assert.match(head(240), 'wire bytes per record');
});

test('colour comes only on a terminal without NO_COLOR', () => {
  const stream = (isTTY: boolean) => ({ isTTY, columns: 90 }) as NodeJS.WriteStream;
  assert.equal(styleOf(stream(true), {}), { width: 90, colour: true });
  assert.equal(styleOf(stream(true), { NO_COLOR: '1' }), { width: 90, colour: false });
  assert.equal(styleOf(stream(false), {}), { width: 100, colour: false });
  assert.ok(verdictTable(summary, { width: 100, colour: true }).includes(`${ESC}[31mbreach`));
  assert.not.ok(verdictTable(summary, { width: 100, colour: false }).includes(ESC));
});

test('reasons are told once with the number of cells they hold for', () => {
  const text = verdictTable(summary, { width: 100, colour: false });
  const breaches = summary.cells.filter((one) => one.verdict === 'breach').length;
  assert.ok(breaches > 1);
  assert.match(text, `${breaches} of 8 cells: breached: due-to-ack p99 < 20ms`);
  assert.match(text, 'event loop was held up');
});

test('a plot of letters joins points, keeps the corners and marks crossings', () => {
  const axis = { name: 'x', log: false };
  const text = letterPlot(
    {
      title: 't',
      series: [
        {
          label: 'up',
          points: [
            [0, 0],
            [10, 10],
          ],
        },
        {
          label: 'down',
          points: [
            [0, 10],
            [10, 0],
          ],
        },
      ],
      x: axis,
      y: axis,
      joined: true,
    },
    60,
  );
  const rows = text.split('\n').filter((line) => line.includes('│'));
  assert.is(rows.length, 20);
  assert.match(rows[0] ?? '', /10 │b.*a$/);
  assert.match(rows[19] ?? '', /0 │a.*b$/);
  assert.ok(rows.some((row) => row.includes('*')));
  assert.match(text, '  a up');
});

test('a logarithmic axis leaves out what it cannot show, and nothing at all is said', () => {
  const plot = (points: [number, number][]) =>
    letterPlot(
      {
        title: 't',
        series: [{ label: 'one', points }],
        x: { name: 'x', log: true },
        y: { name: 'y', log: true },
        joined: false,
      },
      60,
    );
  assert.match(
    plot([
      [0, 1],
      [-1, 2],
    ]),
    'nothing to draw',
  );
  assert.is(
    plot([
      [0, 1],
      [1, 1],
      [100, 10],
    ]).match(/a/g)?.length,
    3,
    'two points and the legend',
  );
});

test.run();
