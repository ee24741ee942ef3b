import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { inspectPage } from '../../support/inspect-page.ts';
import { EVERY, FEW, inBrowser, lookAt } from '../../support/look-at-page.ts';
import { suite } from '../../support/suite.ts';
import { RUNS, type RunName, reportOf } from '../../support/synthetic-runs.ts';

const test = suite('reports in a browser', { timeoutMs: 300_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('no error, no request, nothing cut off, at any width, light and dark', async () => {
  await inBrowser(async (context) => {
    for (const name of Object.keys(RUNS) as RunName[]) {
      const looks = name === 'sweep' || name === 'many' ? EVERY : FEW;
      await lookAt(
        context,
        await reportOf(root, name),
        `report-${name}`,
        looks,
        name === 'sweep' ? ['light', 'dark'] : name === 'many' ? ['light'] : [],
      );
    }
  });
});

test('a page with faults is found out', async () => {
  await inBrowser(async (context) => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 400, height: 300 });
    await page.setContent(
      `<body style="margin:0"><p style="width:900px">wide</p><p style="color:#aaa">pale</p>
       <p style="width:60px;overflow:hidden;white-space:nowrap">a sentence that is cut</p>
       <table><tr><td style="max-width:40px">unbreakable</td></tr></table>
       <svg width="100" height="50" viewBox="0 0 100 50"><text x="80" y="20">out of it</text></svg></body>`,
    );
    const { complaints } = await page.evaluate(inspectPage);
    for (const part of [
      '900 px wide',
      'contrast 2.',
      'cut off',
      'leaves its cell',
      'without role',
      'outside its picture',
    ]) {
      assert.ok(
        complaints.some((complaint) => complaint.includes(part)),
        `${part}: ${complaints.join('\n')}`,
      );
    }
  });
});

test.run();
