import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { writeReports } from '../../../reports/run/write-reports.ts';
import { inspectPage } from '../../support/inspect-page.ts';
import { artifacts, inBrowser } from '../../support/look-at-page.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { assertSchema } from '../../support/schemas.ts';
import { suite } from '../../support/suite.ts';
import { reportOf } from '../../support/synthetic-runs.ts';

const test = suite('another run beside a report', { timeoutMs: 300_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

test('another run’s report.json is shown beside this one; other files get a sentence', async () => {
  const dir = await writeRunFolder(root, {
    axes: { 'compression.type': ['none', 'zstd'], 'linger.ms': [0, 20], 'batch.size': [16384, 65536] },
    blocks: 2,
    seed: 2,
    measuredSec: 3,
    name: 'other',
  });
  const ownPage = await reportOf(root, 'sweep');
  const file = (await writeReports(dir)).files['report.json'] ?? '';
  const other = JSON.parse(readFileSync(file, 'utf8'));
  const folder = basename(dirname(ownPage));
  const ownText = readFileSync(join(dirname(ownPage), 'report.json'), 'utf8');
  assertSchema('report.schema.json', other, file);
  assertSchema('report.schema.json', JSON.parse(ownText), 'report.json');
  await inBrowser(async (context) => {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => complaints.push(request.url()));
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(pathToFileURL(ownPage).href);
    complaints.length = 0;
    const result = page.locator('#beside .result');
    const said = async () => (await result.textContent()) ?? '';
    const give = (name: string, text: string) =>
      page
        .locator('#beside input')
        .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    const wrong: readonly (readonly [file: string, text: string, said: string])[] = [
      ['notes.txt', 'hello', 'notes.txt is not the report.json of a run'],
      ['manifest.json', '{"schemaVersion":1}', 'manifest.json is not the report.json of a run'],
      ['a.json', JSON.stringify({ ...other, schemaVersion: 9 }), 'schema version 9, this page reads 1'],
      ['a.json', JSON.stringify({ ...other, cells: [null] }), 'a.json is not whole'],
      [
        'a.json',
        JSON.stringify({ ...other, work: { ...other.work, load: 'x', records: 'y' } }),
        'a run of another workload (other; here sweep): records, load differ.',
      ],
    ];
    for (const [name, text, words] of wrong) {
      await give(name, text);
      await result.getByText(words).waitFor();
      assert.is(await result.locator('table').count(), 0, words);
    }
    await give(
      'report.json',
      JSON.stringify({ ...other, runId: 'another', ground: { ...other.ground, client: '<b>x' } }),
    );
    await result.locator('table').waitFor();
    assert.is(await result.locator('tbody tr').count(), 4, 'cells of the same name');
    assert.not.match(await said(), 'same run');
    assert.match(await said(), /Only in this run: none · linger 0 ms · 128 KiB, .*lz4/);
    assert.match(await said(), 'Only in the other: none · linger 0 ms · 64 KiB');
    assert.match(await said(), /Not the same ground: client is .* here and <b>x there\./);
    assert.is(
      await page.locator('#beside .command').textContent(),
      `ksweep compare ${folder} ${other.folder}`,
    );
    const [own, theirs] = [JSON.parse(ownText), other].map((one) =>
      one.cells.find((cell: { name: string }) => cell.name === 'zstd · linger 20 ms · 16 KiB'),
    );
    const row = result.locator('tbody tr', { hasText: 'zstd · linger 20 ms · 16 KiB' });
    const percent = Number(
      ((await row.locator('td').nth(2).textContent()) ?? '').replace('−', '-').replace(' %', ''),
    );
    const aim = own === undefined ? '' : JSON.parse(ownText).aims[0];
    const expected = 100 * (theirs.figures[aim].median / own.figures[aim].median - 1);
    assert.ok(
      Math.abs(percent - expected) <= 0.051 + Math.abs(expected) * 0.005,
      `${percent} % of ${expected} %`,
    );
    await page.locator('#beside').screenshot({ path: join(artifacts, 'report-beside.png') });
    await page.setViewportSize({ width: 400, height: 800 });
    assert.equal((await page.evaluate(inspectPage)).complaints, []);
    // Dropped with the pointer: its own file says so.
    const carried = await page.evaluateHandle(
      `((text) => { const data = new DataTransfer(); data.items.add(new File([text], 'report.json')); return data; })(${JSON.stringify(ownText)})`,
    );
    await page.dispatchEvent('h1', 'drop', { dataTransfer: carried });
    await result.getByText('Both files are of the same run.').waitFor();
    assert.is(await result.locator('tbody tr').count(), 16);
    assert.equal(complaints, []);
  });
});

test.run();
