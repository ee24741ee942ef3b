import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { inBrowser } from '../../support/look-at-page.ts';
import { suite } from '../../support/suite.ts';
import { reportOf } from '../../support/synthetic-runs.ts';

const test = suite('pages answer pointer and keys', { timeoutMs: 300_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('the first screen answers; tables sort and filter; charts answer pointer and keys', async () => {
  await inBrowser(async (context) => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(pathToFileURL(await reportOf(root, 'sweep')).href);
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

test.run();
