import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { packageRoot } from '../../bench/common/package-root.ts';
import { EVERY } from '../support/look-at-page.ts';
import { otherPages } from '../support/synthetic-pages.ts';
import { reportOf } from '../support/synthetic-runs.ts';

/** Where the kept pictures lie. */
export const KEPT = join(packageRoot(), 'test', 'screenshots', 'kept');
const WIDTHS = EVERY.map(([width]) => width);
const THEMES = ['light', 'dark'] as const;
const HEIGHT = 800;
/** Parts of the report below its first screen, once each. */
const PARTS = ['percentiles', 'matrix', 'effects', 'pareto', 'series', 'latency-time'];

/** Letters of one font on every machine, from the one that the card is drawn with. */
function pinned(html: string): string {
  const faces = [
    ['Regular', 400],
    ['SemiBold', 600],
  ].map(([name, weight]) => {
    const font = readFileSync(join(packageRoot(), 'reports', 'card', 'fonts', `Inter-${name}.ttf`));
    return `@font-face { font-family: Pinned; font-weight: ${weight}; src: url(data:font/ttf;base64,${font.toString('base64')}); }`;
  });
  return html
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
    .replaceAll('system-ui, sans-serif', 'Pinned')
    .replaceAll('ui-monospace, monospace', 'Pinned')
    .replace('<style>', `<style>${faces.join('\n')}\n`);
}

/** Every page at every width, light and dark, and parts of the report: a picture each, by its name. */
export async function takeScreenshots(
  context: BrowserContext,
  root: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const report = await reportOf(root, 'sweep', 20);
  const pages = { report, ...(await otherPages(root, report)).pages };
  const taken = new Map<string, Buffer>();
  const page = await context.newPage();
  const open = async (name: string, file: string) => {
    const copy = join(root, `${name}-pinned.html`);
    writeFileSync(copy, pinned(readFileSync(file, 'utf8')));
    await page.goto(pathToFileURL(copy).href);
  };
  for (const [name, file] of Object.entries(pages)) {
    await open(name, file);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: HEIGHT });
        taken.set(`${name}-${width}-${colorScheme}`, await shot(page));
      }
    }
  }
  await open('report', report);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: HEIGHT });
  for (const part of PARTS) {
    taken.set(`report-part-${part}`, await page.locator(`#${part} figure`).first().screenshot());
  }
  await open('many', await reportOf(root, 'many'));
  taken.set('report-part-parallel', await page.locator('#matrix figure').first().screenshot());
  await page.close();
  return taken;
}

async function shot(page: Page): Promise<Buffer> {
  await page.evaluate('document.fonts.ready.then(() => scrollTo(0, 0))');
  return page.screenshot();
}
