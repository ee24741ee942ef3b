import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { closePool } from '../../../bench/common/pool.ts';
import { codecsHtml } from '../../../bench/jobs/codecs/report/html.ts';
import { trendHtml } from '../../../bench/jobs/nightly/views/trend.ts';
import { loadRun } from '../../../bench/results/load-run.ts';
import { compareCells } from '../../../reports/compare/compare.ts';
import { comparisonHtml } from '../../../reports/compare/page.ts';
import { writeReports } from '../../../reports/run/write-reports.ts';
import { reportPartitions } from '../../../reports/sizing/partitions-report.ts';
import { renderHtml } from '../../../reports/sizing/render/html.ts';
import { axeViolations } from '../../support/axe.ts';
import { findChromium, withChromium } from '../../support/chromium.ts';
import { reportOfCodecs } from '../../support/codecs-report.ts';
import { inspectPage } from '../../support/inspect-page.ts';
import { nightReportOf } from '../../support/night-report.ts';
import { type RunFolderOptions, writeRunFolder } from '../../support/run-folder.ts';
import { assertSchema } from '../../support/schemas.ts';
import { measuredCapacity, problemOf, reportContext } from '../../support/sizing.ts';
import { suite } from '../../support/suite.ts';

const test = suite('pages in a browser', { timeoutMs: 300_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
const artifacts = join(packageRoot(), 'artifacts');
test.after(() => rmSync(root, { recursive: true, force: true }));

type Look = readonly [width: number, colorScheme: 'light' | 'dark'];
const EVERY: readonly Look[] = [
  [400, 'light'],
  [768, 'dark'],
  [1280, 'light'],
  [1920, 'dark'],
];
const FEW: readonly Look[] = [
  [400, 'dark'],
  [1280, 'light'],
];
const RUNS: Readonly<
  Record<string, { readonly options: RunFolderOptions; readonly looks: readonly Look[] }>
> = {
  sweep: {
    options: {
      axes: {
        'compression.type': ['none', 'lz4', 'zstd', 'gzip'],
        'linger.ms': [0, 20],
        'batch.size': [16384, 131072],
      },
      blocks: 2,
      invalidShare: 0.1,
      failedShare: 0.03,
      invalidCells: [5],
      unfinished: 3,
      thresholds: ['due-to-ack p99 < 20ms', 'run: lost == 0'],
    },
    looks: EVERY,
  },
  rates: { options: { axes: { acks: ['all', 1], rate: [5_000, 20_000, 40_000] }, blocks: 2 }, looks: FEW },
  maximum: { options: { axes: { partitions: [1, 12] }, blocks: 2, search: true }, looks: FEW },
  single: { options: { axes: {}, blocks: 1 }, looks: FEW },
};

/** A machine without Chromium leaves these tests out and says so; in a CI they have to run. */
async function inBrowser(body: (context: BrowserContext) => Promise<void>): Promise<void> {
  const executable = findChromium();
  if (executable !== undefined) return withChromium(executable, body);
  assert.not.ok(process.env['CI'], 'no Chromium found, and a CI has to have one');
  console.log('left out: no Chromium found on the PATH or in KSWEEP_CHROMIUM');
}

/** Looks at a page in those widths and themes, and keeps pictures of it. */
async function lookAt(
  context: BrowserContext,
  file: string,
  name: string,
  looks: readonly Look[],
  axe: readonly Look[1][] = ['light', 'dark'],
): Promise<void> {
  const url = pathToFileURL(file).href;
  mkdirSync(artifacts, { recursive: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== url) complaints.push(`request: ${request.url()}`);
  });
  for (const [width, colorScheme] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.goto(url);
    const found = await page.evaluate(inspectPage);
    assert.equal(found.complaints, [], `${name}, ${width} px, ${colorScheme}`);
    assert.ok(found.texts > 50, `${name}: there is something to look at`);
    if (width < 1000 && axe.includes(colorScheme)) {
      assert.equal(await axeViolations(page), [], `${name}, ${width} px, ${colorScheme}: axe-core`);
    }
    await page.screenshot({ path: join(artifacts, `${name}-${width}-${colorScheme}.png`) });
  }
  assert.equal(complaints, [], name);
  await page.close();
}

const pages = new Map<string, string>();
test.before(async () => {
  for (const [name, { options }] of Object.entries(RUNS)) {
    const dir = await writeRunFolder(root, { ...options, name, measuredSec: 3 });
    pages.set(name, (await writeReports(dir)).files['report.html'] ?? '');
  }
});
const pageOf = (name: string): string => pages.get(name) ?? '';

test('reports: no error, no request, nothing cut off, at any width, light and dark', async () => {
  await inBrowser(async (context) => {
    for (const [name, { looks }] of Object.entries(RUNS)) {
      await lookAt(context, pageOf(name), `report-${name}`, looks, name === 'sweep' ? ['light', 'dark'] : []);
    }
  });
});

test('comparison, codecs, trend and sizing pages: the same', async () => {
  const run = await loadRun(dirname(pageOf('sweep')));
  const file = join(root, 'comparison.html');
  try {
    const comparison = await compareCells(run, run.manifest.cells[0]?.id ?? '');
    const html = comparisonHtml(comparison, [run.dir]);
    writeFileSync(file, html);
    assert.match(html, /[Tt]oo few repeats/);
    for (const word of new Set(comparison.rows.map((row) => row.comparison.verdict))) {
      assert.ok(html.includes(`>${word}</text>`), `${word} stands beside its point`);
    }
  } finally {
    await closePool();
  }
  const curve = measuredCapacity(
    [1, 2, 4, 8].map((n) => [n, [10e6 * n ** 0.85, 10.4e6 * n ** 0.85, 11e6 * n ** 0.85]] as const),
  );
  const answers = { average: '12MB/s', peak: '24MB/s', retention: '1d', zones: 1, brokers: 6 };
  const sizing = join(root, 'sizing.html');
  writeFileSync(sizing, renderHtml(reportPartitions(problemOf(answers, curve), reportContext('measured'))));
  const [codecs, trend] = [join(root, 'codecs.html'), join(root, 'trend.html')];
  const compared = reportOfCodecs();
  writeFileSync(codecs, codecsHtml(compared, []));
  writeFileSync(trend, trendHtml(nightReportOf()));
  await inBrowser(async (context) => {
    await lookAt(context, file, 'comparison', FEW);
    await lookAt(context, codecs, 'codecs', FEW);
    await lookAt(context, trend, 'trend', FEW);
    const page = await context.newPage();
    for (const [width, colorScheme] of FEW) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(pathToFileURL(sizing).href);
      const at = `${width} px, ${colorScheme}`;
      const labels = (await page.evaluate(LABELS)) as Label[];
      assert.ok(labels.length > 10, at);
      for (const one of labels) {
        assert.ok(one.fontPx >= 10, `${at}: "${one.text}" is ${one.fontPx} px`);
        assert.ok(one.outside <= 1, `${at}: "${one.text}" leaves its picture`);
      }
      const wide = (await page.evaluate('document.documentElement.scrollWidth')) as number;
      assert.ok(wide <= width, `${at}: the page is ${wide} px wide`);
      assert.equal(await axeViolations(page), [], at);
    }
  });
});

interface Label {
  readonly text: string;
  readonly fontPx: number;
  /** Pixels by which it leaves its picture at the worst side. */
  readonly outside: number;
}

/** Runs in the page: every visible label of a picture as it is laid out, and whether it leaves its picture. */
const LABELS = `[...document.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0).flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const scale = frame.width / Number(svg.getAttribute('width'));
  return [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '').map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    return { text: text.textContent, fontPx: Number.parseFloat(getComputedStyle(text).fontSize) * scale,
      outside: Math.max(frame.left - left, right - frame.right, frame.top - top, bottom - frame.bottom) };
  });
})`;

test('the first screen answers; tables sort and filter; charts answer pointer and keys', async () => {
  await inBrowser(async (context) => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(pathToFileURL(pageOf('sweep')).href);
    const bottom = async (selector: string) => {
      const box = await page.locator(selector).first().boundingBox();
      return box === null ? Number.POSITIVE_INFINITY : box.y + box.height;
    };
    for (const part of ['h1', '.answer', '.badges', '.thresholds', '#lead-title >> xpath=..']) {
      assert.ok((await bottom(part)) <= 800, `${part} is on the first screen`);
    }
    const first = async () =>
      (await page.locator('#cells tbody tr').first().locator('th').textContent()) ?? '';
    const best = await first();
    await page.locator('#cells thead button').nth(1).click();
    assert.is.not(await first(), best, 'the worst comes first now');
    await page.locator('#cells thead button').nth(1).click();
    assert.is(await first(), best);
    await page.locator('#cells input[type=search]').fill('gzip 128');
    assert.is(await page.locator('#cells tbody tr:visible').count(), 2);
    assert.is(await page.locator('#cells .count').textContent(), '2 of 16');
    const columns = async () => page.locator('#cells thead th:visible').count();
    const few = await columns();
    await page.locator('#cells .all').check();
    assert.ok((await columns()) > few + 5);
    await page.locator('.lead-view .chart').focus();
    await page.keyboard.press('ArrowRight');
    assert.match((await page.locator('#tip').textContent()) ?? '', /^none · .*: due→ack p99/);
    await page.keyboard.press('Escape');
    assert.not.ok(await page.locator('#tip').isVisible());
    await page.locator('#series .chart').first().focus();
    await page.keyboard.press('ArrowRight');
    assert.match((await page.locator('#tip').textContent()) ?? '', /^s: 0\nphase: warmup/);
    const line = page.locator('#percentiles [data-legend]').first();
    const series = await line.getAttribute('data-legend');
    await line.dispatchEvent('click');
    const shown = `#percentiles figure:first-of-type [data-series="${series}"]:visible`;
    assert.is(await page.locator(shown).count(), 0, 'a click on its legend hides a line');
    const key = page.locator('#percentiles .keys button').first();
    await key.focus();
    assert.is(await key.getAttribute('aria-pressed'), 'false', 'the click is known to the key');
    await page.keyboard.press('Space');
    assert.ok((await page.locator(shown).count()) > 0, 'a key shows it again');
    await page.locator('.lead-view [data-tip]').nth(5).hover();
    assert.ok(await page.locator('#tip').isVisible());
  });
});

test('another run’s report.json is shown beside this one; other files get a sentence', async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'compression.type': ['none', 'zstd'], 'linger.ms': [0, 20], 'batch.size': [16384, 65536] },
    blocks: 2,
    seed: 2,
    measuredSec: 3,
    name: 'other',
  });
  const file = (await writeReports(dir)).files['report.json'] ?? '';
  const other = JSON.parse(readFileSync(file, 'utf8'));
  const folder = basename(dirname(pageOf('sweep')));
  const ownText = readFileSync(join(dirname(pageOf('sweep')), 'report.json'), 'utf8');
  assertSchema('report.schema.json', other, file);
  assertSchema('report.schema.json', JSON.parse(ownText), 'report.json');
  await inBrowser(async (context) => {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => complaints.push(request.url()));
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(pathToFileURL(pageOf('sweep')).href);
    complaints.length = 0;
    const result = page.locator('#beside .result');
    const said = async () => (await result.textContent()) ?? '';
    const give = (name: string, text: string) =>
      page
        .locator('#beside input')
        .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    const wrong: readonly (readonly [file: string, text: string, said: string])[] = [
      ['notes.txt', 'hello', 'notes.txt is not the report.json of a run'],
      ['manifest.json', '{"schemaVersion":1}', 'manifest.json is not the report.json of a run'],
      ['a.json', JSON.stringify({ ...other, schemaVersion: 9 }), 'schema version 9, this page reads 1'],
      ['a.json', JSON.stringify({ ...other, cells: [null] }), 'a.json is not whole'],
      [
        'a.json',
        JSON.stringify({ ...other, work: { ...other.work, load: 'x', records: 'y' } }),
        'a run of another workload (other; here sweep): records, load differ.',
      ],
    ];
    for (const [name, text, words] of wrong) {
      await give(name, text);
      await result.getByText(words).waitFor();
      assert.is(await result.locator('table').count(), 0, words);
    }
    await give(
      'report.json',
      JSON.stringify({ ...other, runId: 'another', ground: { ...other.ground, client: '<b>x' } }),
    );
    await result.locator('table').waitFor();
    assert.is(await result.locator('tbody tr').count(), 4, 'cells of the same name');
    assert.not.match(await said(), 'same run');
    assert.match(await said(), /Only in this run: none · linger 0 ms · 128 KiB, .*lz4/);
    assert.match(await said(), 'Only in the other: none · linger 0 ms · 64 KiB');
    assert.match(await said(), /Not the same ground: client is .* here and <b>x there\./);
    assert.is(
      await page.locator('#beside .command').textContent(),
      `ksweep compare ${folder} ${other.folder}`,
    );
    const [own, theirs] = [JSON.parse(ownText), other].map((one) =>
      one.cells.find((cell: { name: string }) => cell.name === 'zstd · linger 20 ms · 16 KiB'),
    );
    const row = result.locator('tbody tr', { hasText: 'zstd · linger 20 ms · 16 KiB' });
    const percent = Number(
      ((await row.locator('td').nth(2).textContent()) ?? '').replace('−', '-').replace(' %', ''),
    );
    const aim = own === undefined ? '' : JSON.parse(ownText).aims[0];
    const expected = 100 * (theirs.figures[aim].median / own.figures[aim].median - 1);
    assert.ok(
      Math.abs(percent - expected) <= 0.051 + Math.abs(expected) * 0.005,
      `${percent} % of ${expected} %`,
    );
    await page.locator('#beside').screenshot({ path: join(artifacts, 'report-beside.png') });
    await page.setViewportSize({ width: 400, height: 800 });
    assert.equal((await page.evaluate(inspectPage)).complaints, []);
    // Dropped with the pointer: its own file says so.
    const carried = await page.evaluateHandle(
      `((text) => { const data = new DataTransfer(); data.items.add(new File([text], 'report.json')); return data; })(${JSON.stringify(ownText)})`,
    );
    await page.dispatchEvent('h1', 'drop', { dataTransfer: carried });
    await result.getByText('Both files are of the same run.').waitFor();
    assert.is(await result.locator('tbody tr').count(), 16);
    assert.equal(complaints, []);
  });
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
