import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { LiveFile } from '../../../bench/run/live/live-file.ts';
import { type ResultsServer, serveResults } from '../../../reports/serve/server.ts';
import { axeViolations } from '../../support/axe.ts';
import { inspectPage } from '../../support/inspect-page.ts';
import { tellSeconds } from '../../support/live-seconds.ts';
import { artifacts, inBrowser } from '../../support/look-at-page.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';
import { until } from '../../support/until.ts';

const test = suite('live page', { timeoutMs: 120_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
let dir = '';
let server: ResultsServer | undefined;
let file: LiveFile | undefined;

const setFinished = (finishedAt: string | null): void => {
  const path = join(dir, 'manifest.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), finishedAt }));
};

test.before(async () => {
  mkdirSync(artifacts, { recursive: true });
  dir = await writeRunFolder(root, { axes: { acks: ['all', 1] }, blocks: 2, measuredSec: 2, unfinished: 1 });
  setFinished(null);
  server = await serveResults(root, { host: '127.0.0.1', port: 0 });
  file = new LiveFile(dir);
  // A stall of the brokers in seconds 40 to 44.
  tellSeconds(file, 90, (second) => (second >= 40 && second < 45 ? 900_000 : 3_000));
});
test.after(async () => {
  await file?.close();
  await server?.close();
  rmSync(root, { recursive: true, force: true });
});

/** What is drawn: points of the achieved rate, and the rows of the heat strip. */
const drawn = (page: Page) =>
  page.evaluate(`(() => {
    const paths = [...document.querySelectorAll('#rates path')].map((one) => one.getAttribute('d'));
    const rects = [...document.querySelectorAll('#heat rect')];
    return { points: paths[1].split(/[ML]/).length - 1, lag: document.querySelector('#lag path').getAttribute('d').length,
      tiles: rects.length, rows: new Set(rects.map((one) => one.getAttribute('y'))).size };
  })()`) as Promise<{ points: number; lag: number; tiles: number; rows: number }>;

test('throughput, latency, lag, health and plan, by the second, until the end', async () => {
  await inBrowser(async (context) => {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(server?.url ?? '');
    await page.getByRole('link', { name: 'live', exact: true }).click();
    await page.locator('#live').waitFor();
    assert.is(basename(new URL(page.url()).pathname), basename(dir));
    assert.equal(await drawn(page), { points: 90, lag: (await drawn(page)).lag, tiles: 90, rows: 2 });
    const now = (await page.locator('#now').textContent()) ?? '';
    for (const text of ['990/s of 1000/s', '900/s', '25 % of a core', 'measure']) {
      assert.ok(now.includes(text), `${text}: ${now}`);
    }
    assert.is(await page.locator('#done').textContent(), '3 of 4 repeats done');
    const marks = await page.locator('#plan tbody td:nth-child(2)').allTextContents();
    assert.is(marks.join(' ').replaceAll(/[^·]/g, '').length, 1, 'one repeat is to do');
    for (const [width, colorScheme] of [
      [400, 'dark'],
      [768, 'light'],
      [1280, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      assert.equal((await page.evaluate(inspectPage)).complaints, [], `${width} px`);
      assert.equal(await axeViolations(page), [], `${width} px: axe-core`);
      await page.screenshot({ path: join(artifacts, `live-${width}-${colorScheme}.png`), fullPage: true });
    }
    // Another process takes the run up: what was drawn is another one's.
    await file?.close();
    file = new LiveFile(dir);
    tellSeconds(file, 5, () => 3_000);
    await until('drawn anew', async () => (await page.locator('#heat rect').count()) === 5);
    setFinished(new Date().toISOString());
    await page.getByText('The run has ended.').waitFor();
    assert.ok(await page.getByRole('link', { name: 'Open the report' }).isVisible());
    assert.equal(complaints, []);
  });
});

test.run();
