import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { EXIT } from '../../../../bench/common/errors.ts';
import { formatUnit } from '../../../../bench/results/figure-units.ts';
import { loadRun } from '../../../../bench/results/load-run.ts';
import { METRICS, metricOf } from '../../../../bench/results/metrics.ts';
import { describeCounts, type RunSummary, summarizeRun } from '../../../../reports/run/run-summary.ts';
import { type RunFolderOptions, writeRunFolder } from '../../../support/run-folder.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('summary of a run');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const axes = { 'linger.ms': [0, 20] };
const summarize = async (options: Partial<RunFolderOptions> = {}): Promise<RunSummary> =>
  summarizeRun(await loadRun(await writeRunFolder(root, { axes, measuredSec: 4, ...options })));

test('a figure is the median of the valid repeats, with its range; an interval needs six', async () => {
  const three = await summarize({ blocks: 3 });
  const p99 = metricOf('due-to-ack.p99');
  const cell = three.cells[0]?.cell;
  const values = (cell?.valid ?? []).map((one) => p99.read(one) ?? Number.NaN).sort((a, b) => a - b);
  const spread = cell?.of(p99);
  assert.equal([spread?.n, spread?.min, spread?.median, spread?.max], [3, ...values]);
  assert.is(spread?.ci, null);
  const six = await summarize({ blocks: 6 });
  assert.ok(six.cells[0]?.cell.of(p99)?.ci);
});

test('invalid repeats are never part of a figure, and a cell of them alone is invalid with its reason', async () => {
  const { cells, status } = await summarize({ blocks: 3, invalidCells: [1] });
  assert.equal(
    cells.map((one) => one.verdict),
    ['valid', 'invalid'],
  );
  const [, bad] = cells;
  assert.match(bad?.explanations[0] ?? '', /event loop was held up .*\(3 of 3 repeats\)/);
  for (const metric of METRICS) assert.is(bad?.cell.of(metric), null, metric.key);
  assert.is(status, EXIT.invalid);
});

test('the status is 0, or what the worst of the run asks for', async () => {
  const pass = ['due-to-ack p99 < 10s'];
  const breach = ['due-to-ack p99 < 1us'];
  assert.is((await summarize({ thresholds: pass })).status, EXIT.pass);
  assert.is((await summarize({ thresholds: [...pass, ...breach] })).status, EXIT.threshold);
  assert.is((await summarize({ thresholds: breach, invalidCells: [0] })).status, EXIT.invalid);
  assert.is((await summarize({ unfinished: 6 })).status, EXIT.invalid);
  assert.is((await summarize({ failedShare: 1, thresholds: breach })).status, EXIT.harness);
});

test('a threshold is told a cell at a time, and without data it is no pass', async () => {
  const { cells } = await summarize({ thresholds: ['due-to-ack p50 < 5ms'] });
  assert.equal(
    cells.map((one) => one.verdict),
    ['pass', 'breach'],
  );
  const without = await summarize({ thresholds: ['end-to-end p50 < 5s'], latencies: ['due-to-ack'] });
  assert.equal(
    without.cells.map((one) => one.verdict),
    ['no data', 'no data'],
  );
  assert.is(without.status, EXIT.invalid);
});

test('what did not run is said', async () => {
  const summary = await summarize({ blocks: 2, unfinished: 1 });
  assert.is(describeCounts(summary), '2 cells × 2 blocks: 3 of 4 repeats valid; 1 not finished');
});

test('every metric has a key and a column of its own, and reads nothing from a failed repeat', async () => {
  assert.is(new Set(METRICS.map((one) => one.key)).size, METRICS.length);
  assert.is(new Set(METRICS.map((one) => one.column)).size, METRICS.length);
  const { run } = await summarize({ failedShare: 1, blocks: 1 });
  for (const repeat of run.repeats)
    for (const metric of METRICS) assert.is(metric.read(repeat), null, metric.key);
});

test('values are shown in the largest unit that leaves at least 1', () => {
  assert.is(formatUnit(999, 'us'), '999 µs');
  assert.is(formatUnit(1_234.5, 'us'), '1.234 ms');
  assert.is(formatUnit(2_500_000, 'us'), '2.5 s');
  assert.is(formatUnit(-1_500, 'us'), '−1.5 ms');
  assert.is(formatUnit(0, 'us'), '0 µs');
  assert.is(formatUnit(1_500, 'ms'), '1.5 s');
  assert.is(formatUnit(12_300_000, 'bytesPerSec'), '12.3 MB/s');
  assert.is(formatUnit(2_300, 'usPerMB'), '2.3 ms/MB');
});

test.run();
