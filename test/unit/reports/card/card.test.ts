import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cardPng } from '../../../../reports/card/png.ts';
import { textWidth, wrapped } from '../../../../reports/card/text.ts';
import { writeReports } from '../../../../reports/run/write-reports.ts';
import { decodePng } from '../../../screenshots/compare.ts';
import { writeRunFolder } from '../../../support/run-folder.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('card');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('lines keep to their width, and what does not fit ends in an ellipsis', () => {
  const words = 'Latency bends at 20 000/s for acks all, 20 000/s for acks 1, whatever the codec.';
  const lines = wrapped(words, 20, 300, 2);
  assert.is(lines.length, 2);
  for (const line of lines) assert.ok(textWidth(line, 20) <= 300, line);
  assert.match(lines[1] ?? '', /…$/);
  assert.is(wrapped(words, 20, 300, 9).join(' '), words);
  assert.is(wrapped('', 20, 300, 2).length, 0);
  assert.match(wrapped('x'.repeat(400), 20, 300, 1)[0] ?? '', /^x+…$/);
});

test('a run is a picture of 1200 × 630 with text and chart, one without any figure, too', async () => {
  const dirs = [
    await writeRunFolder(root, { axes: { acks: ['all', 1] }, blocks: 2, measuredSec: 3, name: 'acks' }),
    await writeRunFolder(root, { axes: {}, blocks: 1, measuredSec: 3, unfinished: 1, name: 'none' }),
  ];
  for (const [i, dir] of dirs.entries()) {
    const { width, height, rgba } = decodePng(Buffer.from(await cardPng(await writeReports(dir))));
    assert.equal([width, height], [1200, 630]);
    const dark = (left: number, top: number, right: number, bottom: number) => {
      let count = 0;
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) if ((rgba[4 * (y * width + x)] ?? 255) < 128) count++;
      return count;
    };
    assert.ok(dark(44, 60, 900, 180) > 800, 'question and answer have a font');
    if (i === 0) assert.ok(dark(44, 220, 800, 600) > 500, 'the chart');
  }
});

test.run();
