import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../bench/common/errors.ts';
import { loadRun } from '../../../bench/results/load-run.ts';
import { type Metric, metricOf } from '../../../bench/results/metrics.ts';
import { type Spread, spread } from '../../../bench/stats/describe.ts';
import { percentileLabel } from '../../../reports/charts/hdr.ts';
import { renderSvg } from '../../../reports/charts/render.ts';
import { plotRun } from '../../../reports/plot/plot.ts';
import { PLOT_TYPES, type PlotType } from '../../../reports/plot/plot-types.ts';
import type { CellSummary } from '../../../reports/run/cell-summary.ts';
import { paretoFront } from '../../../reports/run/pareto.ts';
import { summarizeRun } from '../../../reports/run/run-summary.ts';
import { effectsViews } from '../../../reports/views/effects.ts';
import { hdrView } from '../../../reports/views/hdr.ts';
import { hockeyView, searchedHockeyView } from '../../../reports/views/hockey.ts';
import { latencyTimeViews } from '../../../reports/views/latency-time.ts';
import { matrixView } from '../../../reports/views/matrix.ts';
import { aimsOf } from '../../../reports/views/pareto.ts';
import { representativeCells } from '../../../reports/views/select-cells.ts';
import { tableViews } from '../../../reports/views/tables.ts';
import { type RunFolderOptions, writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('views of a run');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const p99 = metricOf('due-to-ack.p99');
const cpu = metricOf('cpu.producerUsPerMB');

/** A cell that has nothing but its figures: each metric's values over the repeats. */
function cell(
  id: string,
  settings: CellSummary['settings'],
  values: readonly (readonly [Metric, number[]])[],
): CellSummary {
  const figures = new Map<Metric, Spread>(values.map(([metric, list]) => [metric, spread(list)]));
  return {
    id,
    label: id,
    name: Object.values(settings).join(' · '),
    settings,
    repeats: [],
    valid: [],
    counts: { planned: 1, valid: 1, invalid: 0, failed: 0 },
    state: values.length > 0 ? 'valid' : 'invalid',
    reasons: [],
    notes: [],
    errors: [],
    of: (metric) => figures.get(metric) ?? null,
  };
}

async function loaded(options: RunFolderOptions) {
  const dir = await writeRunFolder(root, { measuredSec: 3, ...options });
  const run = await loadRun(dir);
  return { dir, run, cells: summarizeRun(run).cells.map((one) => one.cell) };
}

test('a cell is dominated only where intervals separate', () => {
  const [a, noisy, worse, trade] = [
    cell('a', {}, [
      [p99, [10, 10, 11, 12]],
      [cpu, [5, 5, 5, 5]],
    ]),
    cell('noisy', {}, [
      [p99, [11, 12, 12, 13]],
      [cpu, [5, 5, 5, 5]],
    ]),
    cell('worse', {}, [
      [p99, [20, 21, 21, 22]],
      [cpu, [5, 5, 5, 5]],
    ]),
    cell('trade', {}, [
      [p99, [20, 21, 21, 22]],
      [cpu, [1, 1, 1, 1]],
    ]),
  ];
  const cells = [a, noisy, worse, trade].filter((one) => one !== undefined);
  assert.equal(
    paretoFront(cells, [p99, cpu]).map((one) => one.id),
    ['a', 'noisy', 'trade'],
  );
});

test('with three repeats a cell nothing is dominated, and a cell without the figure is left out', () => {
  const cells = [
    cell('a', {}, [[p99, [1, 1, 2]]]),
    cell('b', {}, [[p99, [100, 101, 102]]]),
    cell('none', {}, []),
  ];
  assert.equal(
    paretoFront(cells, [p99]).map((one) => one.id),
    ['a', 'b'],
  );
});

test('higher is better where the metric says so', () => {
  const rate = metricOf('search.lowPerSec');
  const cells = [cell('slow', {}, [[rate, [1, 1, 2, 2]]]), cell('fast', {}, [[rate, [8, 8, 9, 9]]])];
  assert.equal(
    paretoFront(cells, [rate]).map((one) => one.id),
    ['fast'],
  );
});

test('what was offered is no aim, what was found by search is', async () => {
  const fixed = await loaded({ axes: { rate: [5_000, 10_000] }, blocks: 2 });
  assert.not.ok(aimsOf(fixed.cells).some((metric) => metric.key === 'achievedPerSec'));
  const searched = await loaded({ axes: { partitions: [1, 12] }, blocks: 2, search: true });
  assert.is(aimsOf(searched.cells)[0]?.key, 'search.lowPerSec');
  const maximum = await loaded({ axes: { rate: ['max'], 'compression.type': ['none', 'gzip'] }, blocks: 2 });
  assert.is(aimsOf(maximum.cells)[0]?.key, 'achievedPerSec');
});

test('the cells that stand for all are the best, the worst and even ranks between', () => {
  const cells = Array.from({ length: 21 }, (_, i) => cell(String(i), {}, [[p99, [(i * 8) % 21]]]));
  const chosen = representativeCells(cells, p99, 5).map((one) => one.of(p99)?.median);
  assert.equal(
    chosen.toSorted((a, b) => (a ?? 0) - (b ?? 0)),
    [0, 5, 10, 15, 20],
  );
});

test('the knee is the last rate before p99 doubles; without a bend there is none', () => {
  const at = (rate: number, value: number | null) =>
    cell(
      `r${rate}`,
      { rate },
      value === null
        ? []
        : [
            [p99, [value]],
            [metricOf('offeredPerSec'), [rate]],
          ],
    );
  const knee = (values: (number | null)[]) =>
    hockeyView(values.map((value, i) => at((i + 1) * 1000, value)))?.lines[0]?.bend;
  assert.equal(knee([10, 11, 20, 21, 90]), { perSec: 3000, label: 'knee' });
  assert.is(knee([10, 10, 11, 12]), null);
  assert.equal(
    knee([10, 11, 12, null]),
    { perSec: 3000, label: 'knee' },
    'a rate without a valid repeat is past the knee',
  );
  assert.is(knee([10, null]), undefined, 'too few rates for a curve');
});

test('the probes of a search make a curve up to the rate that was found', async () => {
  const { run, cells } = await loaded({ axes: { partitions: [1, 6] }, blocks: 2, search: true });
  assert.is(hockeyView(cells), null, 'no rate is swept');
  const view = await searchedHockeyView(run, cells);
  assert.is(view?.lines.length, 2);
  for (const [i, line] of (view?.lines ?? []).entries()) {
    assert.is(line.points.length, 10, 'five probes of each of two repeats');
    const drawn = line.points.filter((point) => point.p99 !== null);
    assert.ok(
      drawn.every((point) => point.state === 'valid') && drawn.length < 10,
      'only sustained ones are drawn',
    );
    assert.equal(line.bend, {
      perSec: cells[i]?.of(metricOf('search.lowPerSec'))?.median,
      label: 'sustainable',
    });
  }
});

test('the matrix has a tile a cell, and a hole where no repeat is valid', () => {
  const cells = ['none', 'zstd'].flatMap((codec) =>
    [0, 5, 20].map((linger) =>
      cell(
        `${codec}${linger}`,
        { codec, linger, constant: 1 },
        linger === 20 && codec === 'zstd' ? [] : [[p99, [linger + 1]]],
      ),
    ),
  );
  const view = matrixView(cells, p99);
  assert.equal(view?.rows, ['none', 'zstd']);
  assert.equal(view?.columns, ['0', '5', '20']);
  assert.equal(
    view?.tiles.map((tile) => [tile.row, tile.column, tile.value]),
    [
      [0, 0, 1],
      [0, 1, 6],
      [0, 2, 21],
      [1, 0, 1],
      [1, 1, 6],
      [1, 2, null],
    ],
  );
  assert.match(
    view?.reading ?? '',
    '1 of 6 cells is hatched, without a valid repeat that has this figure: zstd · 20 · 1.',
  );
  assert.is(matrixView(cells.slice(0, 1), p99), null);
});

test('curves are merged over the valid repeats: as many samples as all of them', async () => {
  const { run, cells } = await loaded({
    axes: { 'linger.ms': [0, 5] },
    blocks: 3,
    invalidShare: 0.3,
    seed: 5,
  });
  const view = hdrView(run, cells, 'due-to-ack');
  cells.forEach((one, i) => {
    const samples = one.valid.reduce((sum, repeat) => sum + (repeat.latencyUs['due-to-ack']?.count ?? 0), 0);
    assert.is(view?.lines[i]?.samples, samples);
    assert.is(view?.lines[i]?.points.at(-1)?.nines, samples);
  });
});

test('percentiles are named by their nines', () => {
  assert.equal([1, 10, 100, 1e3, 1e4, 1e5].map(percentileLabel), [
    'p0',
    'p90',
    'p99',
    'p99.9',
    'p99.99',
    'p99.999',
  ]);
});

test('drawing keeps the digits of every text', () => {
  const text = { id: 'x', title: 'of 1.23456', description: '' };
  const option = {
    title: { text: 'p99.999 and 0.12345' },
    grid: { left: 10.123456 },
    xAxis: { type: 'value' },
    yAxis: { type: 'value' },
    series: [],
  };
  const svg = renderSvg({ width: 300, height: 200, option }, text);
  assert.match(svg, '>p99.999 and 0.12345<');
  assert.match(svg, '>of 1.23456<');
  assert.not.match(svg.replace(/>[^<]*</g, '><'), /\.\d{3}/, 'coordinates are short');
});

test('every type of plot is an SVG of its own with plain colours, and a text', async () => {
  const { dir } = await loaded({
    axes: { 'compression.type': ['none', 'zstd'], rate: [5_000, 20_000, 40_000] },
    blocks: 3,
  });
  for (const type of PLOT_TYPES) {
    const plot = await plotRun(dir, type, { cellId: null, metric: null });
    const svg = plot.svg();
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*role="img"/, type);
    assert.not.match(svg, /var\(|NaN|undefined/, type);
    assert.is(svg, plot.svg(), `${type}: the same folder gives the same file`);
    const text = plot.text(90);
    assert.match(text, plot.view.reading);
    for (const line of text.replace(plot.view.reading, '').split('\n'))
      assert.ok(line.length <= 90, `${type}: ${line}`);
  }
});

test('a cell without a valid repeat is named under every plot, and medians come with their spread', async () => {
  const { dir, run, cells } = await loaded({
    axes: { 'compression.type': ['none', 'zstd'], rate: [5_000, 10_000, 20_000, 40_000] },
    blocks: 2,
    invalidCells: [7],
  });
  // A series is of one repeat: it stands for no cell but its own.
  for (const type of PLOT_TYPES.filter((one) => one !== 'series')) {
    const plot = await plotRun(dir, type, { cellId: null, metric: null });
    assert.match(plot.text(100), /1 of 8 cells is [^.]*: zstd · 40 000\/s\./, type);
    assert.match(plot.svg(), 'zstd · 40 000/s', type);
    // Curves are of merged buckets; the others show medians.
    if (type !== 'hdr') assert.match(plot.text(100).replace(plot.view.reading, ''), /\d \[\d/, type);
  }
  const [overTime] = latencyTimeViews(run, cells, 'due-to-ack');
  assert.match(overTime?.reading ?? '', '1 of 8 cells is left out');
  assert.match(effectsViews(cells, p99)?.main.reading ?? '', '1 of 8 cells is left out');
});

test('a plot that the run has no data for, or of a cell that it has not, is refused with a hint', async () => {
  const { dir } = await loaded({ axes: { 'linger.ms': [0, 5] }, blocks: 1 });
  const refused = async (type: PlotType, options: { cellId?: string; metric?: string }) => {
    try {
      await plotRun(dir, type, { cellId: options.cellId ?? null, metric: options.metric ?? null });
    } catch (error) {
      assert.instance(error, KsweepError);
      return error as KsweepError;
    }
    throw new Error(`${type} was drawn`);
  };
  assert.match((await refused('hockey', {})).message, 'neither a sweep of the rate nor a search');
  assert.match((await refused('hdr', { cellId: '000-1' })).hint ?? '', '000-0');
  assert.match((await refused('heatmap', { metric: 'due-to-ack.p98' })).hint ?? '', 'due-to-ack.p9');
});

test('idle consumers, searches and disruptions are told where there are any', async () => {
  const { run, cells } = await loaded({ axes: { partitions: [3, 6] }, blocks: 2, search: true });
  assert.equal(
    tableViews(cells).map((view) => view.title),
    ['Sustainable rates'],
    'one consumer needs no table',
  );
  const [search] = tableViews(cells);
  const found = cells[0]?.valid.map((one) => one.search?.lowPerSec ?? 0) ?? [];
  const [low, high] = [Math.min(...found), Math.max(...found)];
  const apart = (100 * (high - low)) / ((low + high) / 2);
  assert.is(search?.table.columns[3]?.head, '(max − min) ÷ median');
  assert.is(search?.table.rows[0]?.fields[3], `${apart.toFixed(1)} %`);
  const [repeat] = run.repeats;
  const consumer = repeat?.consumers[0];
  if (repeat === undefined || consumer === undefined) throw new Error('no repeat');
  const changed = {
    ...repeat,
    consumers: [consumer, { ...consumer, name: 'consumer-0-1', partitions: [], received: 0, idle: true }],
    disruptions: [
      { atSec: 2, action: 'pause-broker', recoverySec: 1.5 },
      { atSec: 5, action: 'kill-broker', recoverySec: null },
    ],
  };
  const [first] = cells;
  if (first === undefined) throw new Error('no cell');
  const views = tableViews([{ ...first, valid: [changed] }]);
  assert.equal(
    views.map((view) => view.title),
    ['Sustainable rates', 'Consumers of a group', 'Disruptions'],
  );
  assert.equal(views[1]?.table.rows[0]?.fields.slice(1), ['2', '1', '0 to 6', '2.00 ×', '1']);
  assert.match(views[1]?.reading ?? '', 'In 1 of 1 cells consumers sat idle');
  assert.match(views[2]?.reading ?? '', 'After 1 of 2 disruptions');
  assert.match(views[2]?.reading ?? '', 'after 1.5 s');
});

test.run();
