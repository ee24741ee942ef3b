import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { closePool } from '../../../bench/common/pool.ts';
import { loadRun } from '../../../bench/results/load-run.ts';
import { compareCells } from '../../../reports/compare/compare.ts';
import { comparisonHtml } from '../../../reports/compare/page.ts';
import { writeReports } from '../../../reports/run/write-reports.ts';
import { findChromium, withChromium } from '../../support/chromium.ts';
import { inspectPage } from '../../support/inspect-page.ts';
import { type RunFolderOptions, writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('report.html in a browser', { timeoutMs: 150_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
const artifacts = join(packageRoot(), 'artifacts');
test.after(() => rmSync(root, { recursive: true, force: true }));

const WIDTHS = [400, 1280, 1920];
const RUNS: Readonly<Record<string, RunFolderOptions>> = {
  sweep: {
    axes: {
      'compression.type': ['none', 'lz4', 'zstd', 'gzip'],
      'linger.ms': [0, 5, 20],
      'batch.size': [16384, 131072],
    },
    blocks: 3,
    invalidShare: 0.1,
    failedShare: 0.03,
    invalidCells: [5],
    unfinished: 4,
    thresholds: ['due-to-ack p99 < 20ms', 'run: lost == 0'],
  },
  rates: { axes: { acks: ['all', 1], rate: [5_000, 10_000, 20_000, 30_000, 40_000, 45_000] }, blocks: 6 },
  maximum: { axes: { partitions: [1, 3, 6, 12] }, blocks: 6, search: true },
  single: { axes: {}, blocks: 1 },
};

/** A machine without Chromium leaves these tests out and says so; in a CI they have to run. */
async function inBrowser(body: (context: BrowserContext) => Promise<void>): Promise<void> {
  const executable = findChromium();
  if (executable !== undefined) return withChromium(executable, body);
  assert.not.ok(process.env['CI'], 'no Chromium found, and a CI has to have one');
  console.log('left out: no Chromium found on the PATH or in KSWEEP_CHROMIUM');
}

/** Looks at a page in every width and both themes, and keeps pictures of it; returns the texts of its first look. */
async function lookAt(file: string, name: string): Promise<number> {
  const url = pathToFileURL(file).href;
  mkdirSync(artifacts, { recursive: true });
  let texts = Number.POSITIVE_INFINITY;
  await inBrowser(async (context) => {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (request.url() !== url) complaints.push(`request: ${request.url()}`);
    });
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of WIDTHS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.goto(url);
        const found = await page.evaluate(inspectPage);
        assert.equal(found.complaints, [], `${width} px, ${colorScheme}`);
        texts = Math.min(texts, found.texts);
        if (!(width === 1280 || (name === 'report-sweep' && colorScheme === 'light'))) continue;
        await page.screenshot({
          path: join(artifacts, `${name}-${width}-${colorScheme}.png`),
          fullPage: true,
        });
      }
    }
    assert.equal(complaints, []);
  });
  return texts;
}

for (const [name, options] of Object.entries(RUNS)) {
  test(`${name}: no error, no request, nothing cut off, at any width, light and dark`, async () => {
    const dir = await writeRunFolder(root, { ...options, measuredSec: 3 });
    const { files } = await writeReports(dir);
    assert.ok(
      (await lookAt(files['report.html'] ?? '', `report-${name}`)) > 50,
      'there is something to look at',
    );
  });
}

test('a comparison: every verdict in words, its effects drawn, and no script', async () => {
  const axes = { 'compression.type': ['none', 'lz4', 'zstd', 'gzip'], acks: ['all', 1] };
  const dir = await writeRunFolder(root, { axes, blocks: 8, measuredSec: 3 });
  const run = await loadRun(dir);
  try {
    const comparison = await compareCells(run, run.manifest.cells[0]?.id ?? '');
    const page = comparisonHtml(comparison, [dir]);
    const file = join(root, 'comparison.html');
    writeFileSync(file, page);
    assert.not.match(page, /<script/);
    const words = new Set(comparison.rows.map((row) => row.comparison.verdict));
    assert.ok(words.size >= 3, [...words].join());
    for (const word of words) assert.ok(page.includes(`>${word}</text>`), `${word} stands beside its point`);
    assert.is(page.match(/<svg /g)?.length, new Set(comparison.rows.map(({ metric }) => metric.key)).size);
    assert.ok((await lookAt(file, 'comparison')) > 50);
    const few = await loadRun(
      await writeRunFolder(root, { axes: { acks: ['all', 1] }, blocks: 2, measuredSec: 3 }),
    );
    const short = comparisonHtml(await compareCells(few, 'acks=all'), [dir]);
    assert.match(short, /too few repeats/);
  } finally {
    await closePool();
  }
});

test('a page with faults is found out', async () => {
  await inBrowser(async (context) => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 400, height: 300 });
    await page.setContent(
      `<body style="margin:0"><p style="width:900px">wide</p><p style="color:#aaa">pale</p>
       <p style="width:60px;overflow:hidden;white-space:nowrap">a sentence that is cut</p>
       <svg width="100" height="50" viewBox="0 0 100 50"><text x="80" y="20">out of it</text></svg></body>`,
    );
    const { complaints } = await page.evaluate(inspectPage);
    for (const part of ['900 px wide', 'contrast 2.', 'cut off', 'without role', 'outside its picture']) {
      assert.ok(
        complaints.some((complaint) => complaint.includes(part)),
        `${part}: ${complaints.join('\n')}`,
      );
    }
  });
});

test.run();
