import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { KsweepError } from '../../../../bench/common/errors.ts';
import { packageRoot } from '../../../../bench/common/package-root.ts';
import { closePool } from '../../../../bench/common/pool.ts';
import {
  PAYLOAD_NAMES,
  type PayloadChoice,
  readPayload,
  repetitionWarning,
} from '../../../../bench/jobs/codecs/payload.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('payloads of a codec comparison');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-payload-'));
test.after(async () => {
  rmSync(folder, { recursive: true });
  await closePool();
});

const shipped = (name: string): PayloadChoice => ({ payload: name, payloadFile: null, format: 'lines' });
function written(name: string, content: string): PayloadChoice {
  const file = join(folder, name);
  writeFileSync(file, content);
  return { payload: null, payloadFile: file, format: 'lines' };
}

async function refusal(choice: PayloadChoice, limit = 1_048_576): Promise<KsweepError> {
  try {
    await readPayload(choice, limit);
  } catch (error) {
    if (error instanceof KsweepError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('the shipped payloads are real variety: many distinct records, small files, each with its origin', async () => {
  const dir = join(packageRoot(), 'workloads', 'payloads');
  const readme = readFileSync(join(dir, 'README.md'), 'utf8');
  const files = readdirSync(dir).filter((name) => name !== 'README.md');
  assert.is(files.length, 3);
  assert.ok(files.reduce((sum, name) => sum + statSync(join(dir, name)).size, 0) < 1.5e6);
  for (const name of files) assert.ok(readme.includes(name), name);
  for (const name of PAYLOAD_NAMES.filter((one) => one !== 'incompressible')) {
    const payload = await readPayload(shipped(name), 1_048_576);
    assert.ok((payload.distinctRecords ?? 0) >= 600, `${name}: ${payload.distinctRecords}`);
    assert.ok((payload.distinctBytes ?? 0) > 3 * 131_072, name);
    assert.is(repetitionWarning(payload, 131_072), null, name);
    assert.ok(readme.includes(`\`${name}\``), name);
  }
});

test('the JSON events are JSON, the rows have their columns, the lines their fields', () => {
  const linesOf = (name: string) =>
    readFileSync(join(packageRoot(), 'workloads', 'payloads', name), 'utf8')
      .trimEnd()
      .split('\n');
  for (const line of linesOf('json-events.ndjson')) assert.is(JSON.parse(line).type, 'Feature');
  for (const line of linesOf('csv-rows.csv'))
    assert.ok(line.replace(/"[^"]*"/g, '').split(',').length === 14, line);
  for (const line of linesOf('log-lines.txt')) assert.match(line, /^\d+\.\d+\.\d+\.0 - .*\[.+\] "[A-Z]+ /);
});

test('the kinds differ to a codec', () => {
  const ratioOf = (name: string): number => {
    const bytes = readFileSync(join(packageRoot(), 'workloads', 'payloads', name)).subarray(0, 131_072);
    return bytes.length / gzipSync(bytes).length;
  };
  const ratios = ['json-events.ndjson', 'log-lines.txt', 'csv-rows.csv'].map(ratioOf);
  for (const ratio of ratios) assert.ok(ratio > 3, String(ratio));
  assert.ok(Math.max(...ratios) / Math.min(...ratios) > 1.3, String(ratios));
});

test('an unknown name, a missing and an empty file are refused', async () => {
  const unknown = await refusal(shipped('json-event'));
  assert.match(unknown.message, /--payload json-event: expected json-events, log-lines/);
  assert.is(unknown.hint, 'did you mean json-events?');
  const missing = await refusal({ payload: null, payloadFile: join(folder, 'none.ndjson'), format: 'lines' });
  assert.match(missing.message, /there is no such file/);
  const long = { payload: null, payloadFile: 'x'.repeat(300), format: 'lines' } as const;
  assert.match((await refusal(long)).message, /^--payload-file x+: ENAMETOOLONG/);
  assert.match((await refusal(written('empty.ndjson', ''))).message, /the file is empty/);
  assert.match((await refusal(written('blank.ndjson', '\n\n'))).message, /holds no record/);
  const format = await refusal({ payload: null, payloadFile: folder, format: 'lines' });
  assert.match(format.message, /is a folder/);
  assert.is(format.code, 'usage');
});

test('a record beyond what broker and client let through is named', async () => {
  const choice = written('long.ndjson', `short\n${'x'.repeat(2000)}\n`);
  assert.match((await refusal(choice, 2000)).message, /record 2 has 2000 bytes/);
  assert.is((await readPayload(choice, 4000)).maxBytes, 2000);
});

test('a file that a batch may hold twice gets a warning', async () => {
  const payload = await readPayload(written('few.ndjson', 'one\ntwo\nthree\n'), 1_048_576);
  assert.match(
    repetitionWarning(payload, 16_384) ?? '',
    /3 distinct records .* a batch may hold a record twice/,
  );
});

test.run();
