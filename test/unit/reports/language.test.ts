import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { setLanguage } from '../../../bench/messages/language.ts';
import { reportJson } from '../../../reports/files/json.ts';
import { writeReports } from '../../../reports/run/write-reports.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';

const test = suite('reports in another language', { timeoutMs: 60_000 });
const root = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
test.after(() => {
  setLanguage('en');
  rmSync(root, { recursive: true, force: true });
});

test('what machines read is the same in every language, and what people read is not', async () => {
  const dir = await writeRunFolder(root, { axes: { acks: ['all', 1] }, blocks: 2, measuredSec: 2 });
  const files = ['report.json', 'summary.csv', 'repeats.csv', 'junit.xml', 'report.html'];
  const written = async (language: 'en' | 'ko') => {
    setLanguage(language);
    const summary = await writeReports(dir);
    const texts = files.map((name) => readFileSync(join(dir, name), 'utf8'));
    return { texts, printed: JSON.stringify(reportJson(summary)), sentence: summary.answer.sentence };
  };
  const english = await written('en');
  const korean = await written('ko');
  assert.equal(korean.texts.slice(0, 4), english.texts.slice(0, 4));
  assert.is(korean.printed, english.printed);
  assert.is.not(korean.texts[4], english.texts[4]);
  assert.match(korean.sentence, /[가-힣]/);
});

test.run();
