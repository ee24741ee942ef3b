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

test('a range of seconds shows its latencies: dragged, by keys, by numbers', async () => {
  const file = await reportOf(root, 'rates', 8);
  await inBrowser(async (context) => {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.setViewportSize({ width: 1280, height: 1000 });
    await page.goto(pathToFileURL(file).href);
    const chart = page.locator('#series .chart').first();
    const range = page.locator('#series .range').first();
    const said = async () => (await range.locator('[role=status]').textContent()) ?? '';
    assert.match(await said(), 'drag over the chart');
    // The three seconds of warm-up are before the window: 3 to 11.
    const { a, e, top } = (await page.evaluate(
      "(() => { const svg = document.querySelector('#series .chart svg'); svg.scrollIntoView(); const { a, e } = svg.getScreenCTM(); return { a, e, top: svg.getBoundingClientRect().top }; })()",
    )) as { a: number; e: number; top: number };
    const x = (await chart.locator('svg').getAttribute('data-x'))?.split(' ').map(Number) ?? [];
    const [left = 0, right = 0, min = 0, max = 0] = x;
    const at = (sec: number) => e + a * (left + ((sec - min) / (max - min)) * (right - left));
    await page.mouse.move(at(5.5), top + 60);
    await page.mouse.down();
    await page.mouse.move(at(7.2), top + 60, { steps: 4 });
    await page.mouse.up();
    const dragged =
      /^Seconds 5 to 8: ([\d\u202f]+) records; p50 ([\d.]+) ms, .*p99 ([\d.]+) ms, .*highest .*each within 4 %. The whole window: p50 /;
    assert.match(await said(), dragged);
    const [, records = '', p50 = '', p99 = ''] = dragged.exec(await said()) ?? [];
    const shown = await page
      .locator('#percentiles tbody tr')
      .filter({
        hasText: (await chart.getAttribute('aria-label'))?.replace(/^By the second: |, block.*$/g, '') ?? '',
      })
      .first()
      .textContent();
    assert.ok(Number(p99) > Number(p50), `${p50} and ${p99}, beside ${shown}`);
    assert.ok((await range.locator('.part').count()) > 5, 'a histogram');
    assert.is(await chart.locator('.brush').count(), 1);
    await chart.focus();
    await page.keyboard.press('Escape');
    assert.match(await said(), 'drag over the chart');
    assert.is(await chart.locator('.brush').count(), 0);
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+ArrowRight');
    assert.match(await said(), `Seconds 5 to 8: ${records} records`, 'by keys the same');
    await range.locator('input').nth(1).fill('6');
    await range.locator('input').nth(1).press('Enter');
    assert.match(await said(), 'Seconds 5 to 6: ');
    await range.locator('input').nth(0).fill('0');
    await range.locator('input').nth(1).fill('99');
    await range.locator('input').nth(1).press('Enter');
    const whole =
      /^Seconds 3 to 11: [\d\u202f]+ records; (.*), each within 4 %\. The whole window: (.*)\.$/.exec(
        await said(),
      );
    assert.is(whole?.[1], whole?.[2], 'all of it is the window');
    assert.equal(complaints, []);
  });
});

test('lines of parallel coordinates are found by the pointer; a name at its end hides its line', async () => {
  const [many, rates] = [await reportOf(root, 'many'), await reportOf(root, 'rates')];
  await inBrowser(async (context) => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 1000 });
    await page.goto(pathToFileURL(many).href);
    const [x, y] = (await page.evaluate(
      "(() => { const line = [...document.querySelectorAll('#matrix figure:first-of-type polyline[data-tip]')].pop(); line.scrollIntoView({ block: 'center' }); const { a, d, e, f } = line.getScreenCTM(); const [x, y] = line.getAttribute('points').trim().split(/[ ,]+/).slice(-2).map(Number); return [x * a + e, y * d + f]; })()",
    )) as [number, number];
    await page.mouse.move(x, y);
    assert.match((await page.locator('#tip').textContent()) ?? '', / · .*: due→ack p99 /);
    await page.goto(pathToFileURL(rates).href);
    const name = page.locator('#hockey text[data-legend]').first();
    assert.match((await name.textContent()) ?? '', /^p99, acks /);
    const own = `#hockey [data-series="${await name.getAttribute('data-legend')}"]:visible`;
    assert.ok((await page.locator(own).count()) > 0);
    await name.click();
    assert.is(await page.locator(own).count(), 0);
    assert.ok(await name.isVisible(), 'the name stays, to show the line again');
  });
});

test.run();
