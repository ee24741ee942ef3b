import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';
import { processId } from '../../infra/local/processes.ts';
import { suite } from '../support/suite.ts';

const test = suite("set-up's lock");
let folder: string;
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const LOCK = pathToFileURL(join(packageRoot(), 'infra', 'setup', 'lock.mjs')).href;

/** A process that takes the lock, appends `in NAME` and `out NAME` to a journal around a short while, and gives it back. */
async function holder(
  file: string,
  limitMs = 30_000,
  startAt = 0,
): Promise<{ code: number | null; stderr: string }> {
  const program = `
    import { appendFileSync } from 'node:fs';
    import { takeLock } from ${JSON.stringify(LOCK)};
    const [file, limitMs, startAt] = process.argv.slice(1);
    // All at the same moment, or they would find the lock one after the other.
    while (Date.now() < Number(startAt));
    const giveBack = await takeLock(file, (pid) => console.error('waiting for ' + pid), Number(limitMs));
    appendFileSync(file + '.journal', 'in ' + process.pid + '\\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    appendFileSync(file + '.journal', 'out ' + process.pid + '\\n');
    giveBack();`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', program, file, `${limitMs}`, `${startAt}`],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

test('many that find the lock of a dead one take it over one after the other', async () => {
  const file = join(folder, 'dead');
  // This very pid runs, but it started at another time: as after a reboot, or in another container.
  writeFileSync(file, JSON.stringify({ pid: process.pid, started: 'another time' }));
  const startAt = Date.now() + 500;
  const ended = await Promise.all(Array.from({ length: 6 }, () => holder(file, 30_000, startAt)));
  for (const { code, stderr } of ended) assert.is(code, 0, stderr);
  const journal = readFileSync(`${file}.journal`, 'utf8').trim().split('\n');
  assert.is(journal.length, 12);
  for (let index = 0; index < journal.length; index += 2) {
    assert.is(journal[index]?.replace('in', 'out'), journal[index + 1], journal.join(', '));
  }
  assert.equal(
    readdirSync(folder).filter((name) => name.startsWith('dead')),
    ['dead.journal'],
  );
});

test('the lock of an older version, a bare pid, is no owner', async () => {
  const file = join(folder, 'bare');
  writeFileSync(file, String(process.pid));
  assert.is((await holder(file)).code, 0);
});

test('a live owner is waited for, in bounded time, and then named', async () => {
  const file = join(folder, 'live');
  writeFileSync(file, JSON.stringify(processId(process.pid)));
  const { code, stderr } = await holder(file, 300);
  assert.is(code, 1);
  assert.match(stderr, `waiting for ${process.pid}\n`);
  assert.match(stderr, `another set-up (process ${process.pid}) has not ended`);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')), processId(process.pid));
});

test('killed while taking over: the file to delete is named at once', async () => {
  const file = join(folder, 'guarded');
  const dead = JSON.stringify({ pid: process.pid, started: 'another time' });
  writeFileSync(file, dead);
  writeFileSync(`${file}.guard`, dead);
  const { code, stderr } = await holder(file);
  assert.is(code, 1);
  assert.match(stderr, `delete ${file}.guard`);
  rmSync(`${file}.guard`);
  assert.is((await holder(file)).code, 0);
  assert.not.ok(existsSync(file));
});

test.run();
