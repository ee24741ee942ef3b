import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { axeViolations } from '../../support/axe.ts';
import { EVERY, inBrowser, lookAt } from '../../support/look-at-page.ts';
import { suite } from '../../support/suite.ts';
import { otherPages } from '../../support/synthetic-pages.ts';

const test = suite('other pages in a browser', { timeoutMs: 300_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('comparison, codecs, trend and sizing pages: the same', async () => {
  const { pages, verdicts } = await otherPages(root);
  const { comparison, codecs, trend, sizing } = pages;
  assert.match(readFileSync(comparison, 'utf8'), /[Tt]oo few repeats/);
  assert.ok(verdicts.length > 0);
  for (const word of verdicts) {
    assert.ok(
      readFileSync(comparison, 'utf8').includes(`>${word}</text>`),
      `${word} stands beside its point`,
    );
  }
  await inBrowser(async (context) => {
    await lookAt(context, comparison, 'comparison', EVERY, ['light']);
    await lookAt(context, codecs, 'codecs', EVERY);
    await lookAt(context, trend, 'trend', EVERY);
    const page = await context.newPage();
    for (const [width, colorScheme] of EVERY) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(pathToFileURL(sizing).href);
      const at = `${width} px, ${colorScheme}`;
      const labels = (await page.evaluate(LABELS)) as Label[];
      assert.ok(labels.length > 10, at);
      for (const one of labels) {
        assert.ok(one.fontPx >= 9, `${at}: "${one.text}" is ${one.fontPx} px`);
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

test.run();
