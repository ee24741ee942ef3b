import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { cliFile } from '../../bench/common/package-root.ts';
import { suite } from '../support/suite.ts';

/** The command as a user starts it, as far as it gets without a cluster. */
const test = suite('ksweep codecs, before anything starts');
const folder = mkdtempSync(join(tmpdir(), 'ksweep-codecs-'));
test.after(() => rmSync(folder, { recursive: true }));

const CLI = cliFile();
const results = join(folder, 'results');
function codecs(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CLI, 'codecs', '--results', results, ...words],
    { encoding: 'utf8', env: { ...process.env, XDG_DATA_HOME: folder, NO_COLOR: '1' }, cwd: folder },
  );
  return { status, stdout, stderr };
}
const SOME = ['--payload', 'csv-rows', '--rate', '1MB/s'];

test('a dry run tells phases, configurations and time, and makes nothing', () => {
  const dry = codecs(...SOME, '--dry-run', '--codecs', 'none,zstd:3', '--linger-ms', '0,20');
  assert.is(dry.status, 0, dry.stderr);
  assert.match(dry.stdout, /screen: 8 cells × 4 blocks, about 8 min/);
  assert.match(dry.stdout, /zstd:3, batch 128 KiB, linger 20 ms/);
  assert.match(dry.stdout, /recompression: 4 cells × 8 blocks/);
  assert.match(dry.stdout, /about [\dhmins ]+ in all/);
  const json = JSON.parse(codecs(...SOME, '--dry-run', '--json', '--quick').stdout);
  assert.equal(
    json.phases.map((phase: { name: string }) => phase.name),
    ['screen', 'finalists', 'stamp', 'recompression'],
  );
  assert.is(json.request.repeats, 2);
  assert.not(existsSync(results));
});

test('a budget shortens the plan, and says where it cannot', () => {
  const fitted = codecs(...SOME, '--dry-run', '--budget', '25m');
  assert.is(fitted.status, 0, fitted.stderr);
  assert.match(fitted.stdout, /to fit the budget: \d repeats of the screen instead of 4/);
  assert.match(fitted.stdout, /about 2[0-5] min \d+ s in all/);
  const short = codecs(...SOME, '--dry-run', '--budget', '1m');
  assert.is(short.status, 1);
  assert.match(short.stderr, /--budget: 1\.0 min is not enough; .* it takes about .* min/);
});

test('what is wrong with the options is said with the way out, and exits 1', () => {
  const empty = join(folder, 'empty.ndjson');
  writeFileSync(empty, '');
  const long = join(folder, 'long.ndjson');
  writeFileSync(long, `${'x'.repeat(1_048_576)}\n`);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['--rate', '1MB/s'], /either --payload-file, or --payload/],
    [['--payload-file', empty, '--rate', '1MB/s'], /the file is empty/],
    [
      ['--payload-file', long, '--rate', '1MB/s'],
      /record 1 has 1048576 bytes.*\n.*--set producer\.max\.request\.size/,
    ],
    [[...SOME, '--codecs', 'zstd:15'], /zstd from 1 to 12 \(librdkafka refuses more/],
    [[...SOME, '--region', 'mars-1'], /no prices for "mars-1"/],
    [['--resume', folder, '--payload', 'csv-rows'], /--payload, --results: no effect beside --resume/],
  ];
  for (const [words, expected] of cases) {
    const { status, stderr } = codecs(...words);
    assert.is(status, 1, `${words.join(' ')}: ${stderr}`);
    assert.match(stderr, expected);
    assert.not.match(stderr, /internal error/);
  }
  const none = spawnSync(process.execPath, [CLI, 'codecs', '--resume', folder], { encoding: 'utf8' });
  assert.match(none.stderr, /is not a folder of ksweep codecs/);
  assert.not(existsSync(results), 'nothing was started');
});

test.run();
