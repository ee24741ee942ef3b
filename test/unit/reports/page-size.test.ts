import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadRun } from '../../../bench/results/load-run.ts';
import { answerOf } from '../../../reports/answer/answer.ts';
import { runFigures } from '../../../reports/html/figures.ts';
import { reportHtml } from '../../../reports/html/page.ts';
import { summarizeRun } from '../../../reports/run/run-summary.ts';
import { withoutOwnScript } from '../../support/own-script.ts';
import { type RunFolderOptions, writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('size of a page', { timeoutMs: 300_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const MB = 1e6;
/** Time of this process alone: a loaded machine must not fail a test of how much there is to do. */
const cpuSec = (since: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

async function pageOf(
  axes: Record<string, (string | number)[]>,
  much: Pick<RunFolderOptions, 'measuredSec' | 'latencies'>,
): Promise<{ bytes: number; sec: number; html: string }> {
  const dir = await writeRunFolder(root, {
    axes,
    blocks: 2,
    invalidShare: 0.05,
    ...much,
  });
  const start = process.cpuUsage();
  const summary = summarizeRun(await loadRun(dir));
  const html = reportHtml(summary, answerOf(summary), await runFigures(summary));
  return { bytes: Buffer.byteLength(html), sec: cpuSec(start), html };
}

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

test('100 cells make a page under 3 MB, without scripts or anything from elsewhere', async () => {
  const { bytes, html } = await pageOf(
    { 'compression.type': codecs, 'linger.ms': [0, 5, 10, 20], partitions: [1, 3, 6, 12, 24] },
    { measuredSec: 20 },
  );
  assert.match(html, 'Latency by percentile, end to end');
  assert.ok(bytes < 3 * MB, `${bytes} bytes`);
  assert.not.match(withoutOwnScript(html), /<script|<link|<img|@import|@font-face|src=/);
  const addresses = new Set([...html.matchAll(/https?:\/\/[^"' <)]+/g)].map(([url]) => url));
  assert.equal([...addresses], ['http://www.w3.org/2000/svg'], 'a name of SVG, which nothing fetches');
});

test('16 cells make a page under 1 MB', async () => {
  const axes = { 'compression.type': codecs.slice(1), 'linger.ms': [0, 5], 'batch.size': [16384, 131072] };
  const { bytes } = await pageOf(axes, { measuredSec: 10 });
  assert.ok(bytes < MB, `${bytes} bytes`);
});

test('500 cells make a page under 5 MB in less than 5 s', async () => {
  const { bytes, sec, html } = await pageOf(
    {
      'compression.type': codecs,
      'linger.ms': [0, 5, 10, 20],
      partitions: [1, 3, 6, 12, 24],
      'batch.size': [16384, 32768, 65536, 131072, 262144],
    },
    { measuredSec: 2, latencies: ['due-to-ack'] },
  );
  assert.ok(bytes < 5 * MB, `${bytes} bytes`);
  assert.ok(sec < 5, `${sec} s`);
  assert.ok(html.includes('>500. zstd'), 'every cell is in the verdict table');
});

test.run();
