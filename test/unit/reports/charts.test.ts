import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Histogram, newHistogram } from '../../../bench/results/histogram.ts';
import { readHlog } from '../../../bench/results/hlog.ts';
import { loadRun } from '../../../bench/results/load-run.ts';
import { metricOf } from '../../../bench/results/metrics.ts';
import { roundTicks } from '../../../reports/charts/axes.ts';
import { apart, areFew } from '../../../reports/charts/direct-labels.ts';
import { multiplesChart } from '../../../reports/charts/multiples.ts';
import { parallelChart } from '../../../reports/charts/parallel.ts';
import { renderSvg } from '../../../reports/charts/render.ts';
import { summarizeRun } from '../../../reports/run/run-summary.ts';
import { multiplesView } from '../../../reports/views/multiples.ts';
import { parallelView } from '../../../reports/views/parallel.ts';
import { secondLatencies } from '../../../reports/views/second-latencies.ts';
import { type RunFolderOptions, writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('pictures of many settings');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const p99 = metricOf('due-to-ack.p99');
const text = { id: 'x', title: 'x', description: 'x' };

async function loaded(options: RunFolderOptions) {
  const run = await loadRun(await writeRunFolder(root, { measuredSec: 3, blocks: 2, ...options }));
  return { run, cells: summarizeRun(run).cells.map((one) => one.cell) };
}

test('a logarithmic axis has 1, 2 and 5 of each power of ten, over many powers these alone', () => {
  assert.equal(roundTicks(800, 12_000), [1000, 2000, 5000, 10_000]);
  assert.equal(roundTicks(3, 4), []);
  assert.equal(roundTicks(0.5, 5e4), [1, 10, 100, 1000, 10_000]);
});

test('names at the ends of lines move apart as little as they must, and stay beside the plot', () => {
  assert.equal(apart([50, 100, 150], 0, 200), [50, 100, 150]);
  assert.equal(apart([100, 100, 100], 0, 200), [100, 117, 134]);
  assert.equal(apart([200, 195, 198], 0, 200), [200, 166, 183]);
  assert.ok(areFew(['a', 'b']));
  assert.not.ok(areFew(Array.from({ length: 7 }, String)), 'a list is a legend');
  assert.not.ok(areFew(['x'.repeat(40)]));
});

test('three settings are small multiples; two or four are not', async () => {
  const axes = {
    'compression.type': ['none', 'lz4', 'zstd'],
    'linger.ms': [0, 5, 20, 50],
    partitions: [1, 12],
  };
  const { cells } = await loaded({ axes, invalidCells: [0] });
  const view = multiplesView(cells, p99);
  if (view === null) throw new Error('three settings are swept');
  assert.is(view.across.name, 'linger.ms', 'what has an order and the most values goes across');
  assert.is(view.panels.name, 'compression.type');
  assert.is(view.lines.name, 'partitions');
  assert.is(view.points.length, 24);
  assert.match(view.reading, '1 of 24 cells is crossed');
  const svg = renderSvg(multiplesChart(view), text);
  assert.is((svg.match(/data-tip="/g) ?? []).length, 24, 'each cell can be pointed at, the crossed one, too');
  assert.match(svg, 'data-tip="none · linger 0 ms · 1 partition: no valid repeat"');
  for (const level of axes['compression.type']) assert.match(svg, `>compression.type ${level}<`);
  const two = await loaded({ axes: { 'linger.ms': [0, 5], partitions: [1, 12] } });
  assert.is(multiplesView(two.cells, p99), null);
});

test('four settings are parallel coordinates, a line a cell; so is a sample of three', async () => {
  const axes = {
    'compression.type': ['none', 'lz4'],
    'linger.ms': [20, 0],
    partitions: [1, 12],
    acks: ['all', 1],
  };
  const { cells } = await loaded({ axes });
  const view = parallelView(cells, p99);
  if (view === null) throw new Error('four settings are swept');
  assert.equal(view.axes[1]?.levels, [0, 20], 'numbers in their order');
  assert.is(view.lines.length, 16);
  assert.is(view.lines.filter(({ rank }) => rank === 'best').length, 2);
  const medians = view.lines.map(({ spread }) => spread.median);
  assert.equal(
    medians,
    medians.toSorted((a, b) => a - b),
    'the best first',
  );
  const svg = renderSvg(parallelChart(view), text);
  assert.is((svg.match(/<polyline data-tip="/g) ?? svg.match(/<polyline [^>]*data-tip="/g) ?? []).length, 16);
  const three = await loaded({ axes: { 'linger.ms': [0, 5], partitions: [1, 12], acks: ['all', 1] } });
  assert.is(parallelView(three.cells, p99), null);
  const sample = { kind: 'latin-hypercube', fullCells: 100, seed: 1, minDistance: 0.1 } as const;
  assert.is(parallelView(three.cells, p99, sample)?.axes.length, 3);
});

test('the columns of a page hold every record of the window, within 4 % of its latency', async () => {
  const { run } = await loaded({ axes: {}, measuredSec: 8 });
  const [repeat] = run.repeats;
  const path = repeat === undefined ? null : run.hlogPath(repeat, 'due-to-ack');
  const found = path === null ? null : secondLatencies(path, 3);
  if (path === null || found === null) throw new Error('the repeat has latencies');
  assert.is(found.fromSec, 3);
  assert.is(found.columns.length, 8);
  const histogram = newHistogram();
  let records = 0;
  for (const column of found.columns) {
    const [first = '', rest = ''] = column.split(':');
    for (const [i, count] of rest.split(',').entries()) {
      if (count === '') continue;
      const us = 10 ** ((Number.parseInt(first, 36) + i + 0.5) / found.binsPerDecade);
      histogram.recordValueWithCount(Math.round(us), Number.parseInt(count, 36));
      records += Number.parseInt(count, 36);
    }
  }
  const { merged } = readHlog(path);
  assert.is(records, merged.totalCount);
  const at = (one: Histogram, percentile: number) => one.getValueAtPercentile(percentile);
  for (const percentile of [50, 90, 99]) {
    const off = at(histogram, percentile) / at(merged, percentile) - 1;
    assert.ok(Math.abs(off) < 0.045, `p${percentile} is off by ${off}`);
  }
});

test.run();
