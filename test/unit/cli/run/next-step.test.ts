import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { nextSteps, nextStepsText } from '../../../../bench/cli/run/next-step.ts';
import { loadRun } from '../../../../bench/results/load-run.ts';
import { summarizeRun } from '../../../../reports/run/run-summary.ts';
import { type RunFolderOptions, writeRunFolder } from '../../../support/run-folder.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('the step after a run');
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-next-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

async function commands(
  options: Partial<RunFolderOptions>,
  run: { readonly file?: string; readonly interrupted?: boolean } = {},
): Promise<string[]> {
  const folder = { axes: { 'linger.ms': [0, 20] }, measuredSec: 4, ...options };
  const summary = summarizeRun(await loadRun(await writeRunFolder(root, folder as RunFolderOptions)));
  const asked = { dir: 'results/x', file: 'my file.yaml', interrupted: false, ...run };
  return nextSteps(summary, asked).map(({ command }) => command);
}

test('a run that was cut off is resumed', async () => {
  assert.is((await commands({ unfinished: 2 }, { interrupted: true }))[0], 'ksweep run --resume results/x');
});

test('a run whose repeats failed is resumed', async () => {
  assert.is((await commands({ failedShare: 1 }))[0], 'ksweep run --resume results/x');
});

test('an invalid cell is explained by its most frequent reason', async () => {
  assert.match((await commands({ invalidCells: [0, 1] }))[0] ?? '', /^ksweep explain [a-z-]+$/);
});

test('too few repeats for an interval ask for more, quoted for a shell', async () => {
  assert.equal(await commands({ blocks: 2 }), ["ksweep run 'my file.yaml' --set repeats=10"]);
  assert.equal(await commands({ blocks: 6 }), ["ksweep run 'my file.yaml' --against results/x"]);
});

test('a curve over partitions leads to sizing', async () => {
  const [first] = await commands({ axes: { partitions: [1, 2] }, blocks: 6 });
  assert.match(first ?? '', /^ksweep size partitions --run results\/x/);
});

test('commands are told in one column, with what each is good for', () => {
  const text = nextStepsText([
    { command: 'a', why: 'one' },
    { command: 'bbb', why: 'two' },
  ]);
  assert.is(text, 'next: a     # one\nnext: bbb   # two');
});

test.run();
