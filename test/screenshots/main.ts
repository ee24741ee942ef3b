/** `npm run screenshots`: takes the kept pictures of the pages anew. Look at each one that git shows as changed. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, withChromium } from '../support/chromium.ts';
import { decodePng, encodeSmall } from './compare.ts';
import { KEPT, takeScreenshots } from './take.ts';

const executable = findChromium();
if (executable === undefined) {
  process.stderr.write('screenshots: no Chromium found on the PATH or in KSWEEP_CHROMIUM\n');
  process.exitCode = 1;
} else {
  const root = mkdtempSync(join(tmpdir(), 'ksweep-screenshots-'));
  try {
    await withChromium(executable, async (context) => {
      const taken = await takeScreenshots(context, root);
      mkdirSync(KEPT, { recursive: true });
      for (const old of readdirSync(KEPT)) rmSync(join(KEPT, old));
      for (const [name, png] of taken) writeFileSync(join(KEPT, `${name}.png`), encodeSmall(decodePng(png)));
      process.stdout.write(`${taken.size} pictures in ${KEPT}\n`);
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
