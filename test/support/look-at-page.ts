import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';
import { axeViolations } from './axe.ts';
import { findChromium, withChromium } from './chromium.ts';
import { inspectPage } from './inspect-page.ts';

/** Pictures of what a test looked at. */
export const artifacts = join(packageRoot(), 'artifacts');

export type Look = readonly [width: number, colorScheme: 'light' | 'dark'];
export const EVERY: readonly Look[] = [
  [400, 'light'],
  [768, 'dark'],
  [1280, 'light'],
  [1920, 'dark'],
];
export const FEW: readonly Look[] = [
  [400, 'dark'],
  [1280, 'light'],
];
/** A machine without Chromium leaves these tests out and says so; in a CI they have to run. */
export async function inBrowser(body: (context: BrowserContext) => Promise<void>): Promise<void> {
  const executable = findChromium();
  if (executable !== undefined) return withChromium(executable, body);
  assert.not.ok(process.env['CI'], 'no Chromium found, and a CI has to have one');
  console.log('left out: no Chromium found on the PATH or in KSWEEP_CHROMIUM');
}

/** Looks at a page in those widths and themes, and keeps pictures of it. */
export async function lookAt(
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
