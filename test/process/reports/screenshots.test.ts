import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { decodePng, difference, TOLERANCE } from '../../screenshots/compare.ts';
import { KEPT, takeScreenshots } from '../../screenshots/take.ts';
import { artifacts, inBrowser } from '../../support/look-at-page.ts';
import { suite } from '../../support/suite.ts';

const test = suite('kept pictures of the pages', { timeoutMs: 300_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('every page looks as it was kept', async () => {
  await inBrowser(async (context) => {
    const taken = await takeScreenshots(context, root);
    const names = readdirSync(KEPT).map((file) => file.replace(/\.png$/, ''));
    assert.equal([...taken.keys()].sort(), names.sort());
    const off = [...taken].flatMap(([name, png]) => {
      const share = difference(decodePng(readFileSync(join(KEPT, `${name}.png`))), decodePng(png));
      if (share <= TOLERANCE) return [];
      mkdirSync(artifacts, { recursive: true });
      writeFileSync(join(artifacts, `${name}.png`), png);
      return [`${name}: ${(100 * share).toFixed(1)} % of its blocks differ`];
    });
    assert.equal(off, [], 'look at artifacts/; where the new look is meant, `npm run screenshots` keeps it');
  });
});

test('a picture with one badge more, or moved by a line, is found out', () => {
  const kept = decodePng(readFileSync(join(KEPT, 'report-1280-light.png')));
  assert.is(difference(kept, kept), 0);
  const { width, height } = kept;
  const painted = Uint8Array.from(kept.rgba);
  for (let y = 100; y < 126; y++) painted.fill(60, 4 * (y * width + 700), 4 * (y * width + 900));
  assert.ok(difference(kept, { ...kept, rgba: painted }) > TOLERANCE, 'a badge');
  const moved = new Uint8Array(kept.rgba.length).fill(255);
  moved.set(kept.rgba.subarray(0, 4 * width * (height - 24)), 4 * width * 24);
  assert.ok(difference(kept, { ...kept, rgba: moved }) > TOLERANCE, 'a line further down');
  assert.is(difference(kept, { ...kept, width: width - 1 }), 1);
});

test.run();
