import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { reportPartitions } from '../../../reports/sizing/partitions-report.ts';
import { renderHtml } from '../../../reports/sizing/render/html.ts';
import { findChromium, withChromium } from '../../support/chromium.ts';
import { measuredCapacity, problemOf, reportContext } from '../../support/sizing.ts';
import { suite } from '../../support/suite.ts';

const test = suite('sizing.html in a browser', { timeoutMs: 60_000 });
const folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

interface Label {
  readonly text: string;
  readonly fontPx: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Runs in the page: every visible label of a picture as it is laid out, and whether it leaves its picture. */
const LABELS = `[...document.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0).flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const scale = frame.width / Number(svg.getAttribute('width'));
  return [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '').map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    return { text: text.textContent, fontPx: Number.parseFloat(getComputedStyle(text).fontSize) * scale,
      left: left - frame.left, right: frame.right - right, top: top - frame.top, bottom: frame.bottom - bottom };
  });
})`;

test('the labels of the curve are readable at 400 px, and on a wide screen', async () => {
  const executable = findChromium();
  if (executable === undefined) {
    assert.not.ok(process.env['CI'], 'no Chromium found, and a CI has to have one');
    console.log('left out: no Chromium found on the PATH or in KSWEEP_CHROMIUM');
    return;
  }
  const curve = measuredCapacity(
    [1, 2, 4, 8].map((n) => [n, [10e6 * n ** 0.85, 10.4e6 * n ** 0.85, 11e6 * n ** 0.85]] as const),
  );
  const answers = { average: '12MB/s', peak: '24MB/s', retention: '1d', zones: 1, brokers: 6 };
  const report = reportPartitions(problemOf(answers, curve), reportContext('measured'));
  const file = join(folder, 'sizing.html');
  writeFileSync(file, renderHtml(report));
  await withChromium(executable, async (context) => {
    const page = await context.newPage();
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [400, 1280]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.goto(pathToFileURL(file).href);
        const labels = (await page.evaluate(LABELS)) as Label[];
        const at = `${width} px, ${colorScheme}`;
        assert.ok(labels.length > 10, at);
        for (const one of labels) {
          assert.ok(one.fontPx >= 10, `${at}: "${one.text}" is ${one.fontPx} px`);
          for (const side of ['left', 'right', 'top', 'bottom'] as const) {
            assert.ok(one[side] >= -1, `${at}: "${one.text}" leaves its picture at the ${side}`);
          }
        }
        const wide = (await page.evaluate('document.documentElement.scrollWidth')) as number;
        assert.ok(wide <= width, `${at}: the page is ${wide} px wide`);
      }
    }
  });
});

test.run();
