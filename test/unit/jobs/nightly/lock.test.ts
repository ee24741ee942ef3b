import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { KsweepError } from '../../../../bench/common/errors.ts';
import { isGone, type LockOwner, takeLock } from '../../../../bench/jobs/nightly/lock.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('lock');
const root = mkdtempSync(join(tmpdir(), 'ksweep-lock-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const now = { waitMs: 0, what: 'the night' };
/** A lock as another process would have left it. */
function left(name: string, owner: Partial<LockOwner>): string {
  const file = join(root, name);
  const whole = {
    host: hostname(),
    pid: 1,
    boot: null,
    startTicks: null,
    since: '2026-01-01T00:00:00Z',
    ...owner,
  };
  writeFileSync(file, JSON.stringify(whole));
  return file;
}
async function refused(file: string): Promise<KsweepError> {
  try {
    await takeLock(file, now);
  } catch (error) {
    return error as KsweepError;
  }
  throw new Error('the lock was taken');
}

test('a lock is held once, says who holds it, and is given back', async () => {
  const file = join(root, 'deep', 'once.lock');
  const release = await takeLock(file, now);
  const error = await refused(file);
  assert.is(error.code, 'history-locked');
  assert.match(error.message, `process ${process.pid} on ${hostname()}`);
  await release();
  await (await takeLock(file, now))();
  assert.equal(readdirSync(join(root, 'deep')), []);
});

test('one that waits gets it when it is given back', async () => {
  const file = join(root, 'waits.lock');
  const release = await takeLock(file, now);
  const waiting = takeLock(file, { waitMs: 30_000, what: 'the night' });
  await release();
  await (await waiting)();
});

test('the lock of an earlier boot, and of a process whose pid was reused, is taken over', async () => {
  for (const owner of [{ boot: 'another boot' }, { startTicks: '1' }].map((one) => ({
    pid: process.pid,
    ...one,
  }))) {
    const file = left('stale.lock', owner);
    const release = await takeLock(file, now);
    assert.is((JSON.parse(readFileSync(file, 'utf8')) as LockOwner).pid, process.pid);
    await release();
  }
});

test('the lock of another host is never taken over', async () => {
  const file = left('elsewhere.lock', { host: 'elsewhere', pid: 999_999_999 });
  assert.match((await refused(file)).message, 'elsewhere');
  assert.not(isGone(JSON.parse(readFileSync(file, 'utf8')) as LockOwner));
});

test('an unreadable lock is held by someone', async () => {
  const file = join(root, 'torn.lock');
  writeFileSync(file, '{');
  assert.match((await refused(file)).message, 'someone');
});

test('a takeover that was killed half way is given up after a while', async () => {
  const file = left('half.lock', { boot: 'another boot' });
  mkdirSync(`${file}.takeover`);
  const long = new Date(Date.now() - 60_000);
  utimesSync(`${file}.takeover`, long, long);
  await (await takeLock(file, now))();
  assert.not(existsSync(`${file}.takeover`));
});

test('of many that find a stale lock, one at a time holds it', async () => {
  const file = left('race.lock', { boot: 'another boot' });
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      const release = await takeLock(file, { waitMs: 30_000, what: 'the night' });
      inside++;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside--;
      await release();
    }),
  );
  assert.is(most, 1);
});

test.run();
