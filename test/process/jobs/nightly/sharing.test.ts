import { execFileSync, fork, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as assert from 'uvu/assert';
import type { KsweepError } from '../../../../bench/common/errors.ts';
import { closePool } from '../../../../bench/common/pool.ts';
import { commitHistory, requireWorkTree } from '../../../../bench/jobs/nightly/history/git.ts';
import {
  applyJournal,
  pullHistory,
  pushHistory,
  type Remote,
} from '../../../../bench/jobs/nightly/history/remote.ts';
import { HistoryStore } from '../../../../bench/jobs/nightly/history/store.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('sharing a history');
const root = mkdtempSync(join(tmpdir(), 'ksweep-sharing-'));
const bin = join(root, 'bin');
const path = process.env['PATH'];
test.before(() => {
  mkdirSync(bin);
  // Stands in for `aws s3 sync`: copies what is not there, and fails where it is told to.
  const client = `#!/usr/bin/env bash
echo "$*" >> "${join(root, 'calls')}"
[ -e "${join(root, 'broken')}" ] && { echo 'no credentials' >&2; exit 1; }
from="\${@: -2:1}"; to="\${@: -1}"
from="\${from#s3://}"; to="\${to#s3://}"
mkdir -p "$from" "$to"
cp -rn "$from/." "$to/"
exit 0
`;
  for (const name of ['aws', 'rclone', 'mc']) {
    writeFileSync(join(bin, name), client);
    chmodSync(join(bin, name), 0o755);
  }
  process.env['PATH'] = `${bin}${delimiter}${path ?? ''}`;
});
test.after(async () => {
  process.env['PATH'] = path;
  await closePool();
  rmSync(root, { recursive: true, force: true });
});

const SERIES = 'series/s/a=1/due-to-ack.p50.ndjson';
const child = join(import.meta.dirname, 'append-child.js');

async function writer(dir: string, name: string, count: number, killAfterMs?: number): Promise<void> {
  const running = fork(child, [dir, SERIES, name, String(count)], { stdio: 'inherit' });
  const closed = new Promise((resolve) => running.on('close', resolve));
  if (killAfterMs !== undefined) {
    await new Promise((resolve) => running.on('message', resolve));
    setTimeout(() => running.kill('SIGKILL'), killAfterMs);
  }
  await closed;
}
const linesOf = (dir: string): string[] => readFileSync(join(dir, SERIES), 'utf8').trimEnd().split('\n');

test('two processes that append at once lose nothing and tear nothing', async () => {
  const dir = join(root, 'writers');
  await HistoryStore.open(dir);
  await Promise.all([writer(dir, 'a', 25), writer(dir, 'b', 25)]);
  const lines = linesOf(dir).map((line) => JSON.parse(line) as { writer: string; i: number });
  assert.is(lines.length, 50);
  for (const name of ['a', 'b']) {
    assert.equal(
      lines.filter((line) => line.writer === name).map(({ i }) => i),
      Array.from({ length: 25 }, (_, i) => i),
    );
  }
});

test('a writer that is killed leaves whole lines, and a lock that the next one takes over', async () => {
  const dir = join(root, 'killed');
  for (let round = 0; round < 3; round++) await writer(dir, `k${round}`, 100_000, 15 + 20 * round);
  await writer(dir, 'last', 3);
  const lines = linesOf(dir).map((line) => JSON.parse(line) as { writer: string });
  assert.is(lines.filter((line) => line.writer === 'last').length, 3);
});

const remoteOf = (name: string, client: Remote['client'] = 'aws'): Remote => ({
  url: client === 'aws' ? `s3://${join(root, name)}` : join(root, name),
  client,
  limitMs: 30_000,
});

test('two hosts that share a remote end with the same lines, and neither overwrites the other', async () => {
  const remote = remoteOf('bucket');
  const dirs = [join(root, 'host-a'), join(root, 'host-b')];
  for (const [i, dir] of dirs.entries()) {
    const store = await HistoryStore.open(dir, { journal: true });
    await store.append('20260101T010000Z', [{ path: SERIES, lines: [`{"from":${i}}`] }]);
    await store.keepEnvironment('a'.repeat(64), { kernel: '6' });
    await pushHistory(dir, remote);
  }
  for (const dir of dirs) assert.is(await pullHistory(dir, remote), dir === dirs[0] ? 1 : 1);
  assert.equal(linesOf(dirs[0] ?? '').sort(), linesOf(dirs[1] ?? '').sort());
  for (const dir of dirs) assert.is(await pullHistory(dir, remote), 0);

  const fresh = join(root, 'host-c');
  await HistoryStore.open(fresh, { journal: true });
  assert.is(await pullHistory(fresh, remote), 2);
  assert.equal(await (await HistoryStore.existing(fresh)).environment('a'.repeat(64)), { kernel: '6' });
});

test('each client is called as its manual says', async () => {
  const dir = join(root, 'clients');
  await HistoryStore.open(dir, { journal: true });
  rmSync(join(root, 'calls'), { force: true });
  for (const client of ['aws', 'rclone', 'mc'] as const)
    await pushHistory(dir, remoteOf(`of-${client}`, client));
  const calls = readFileSync(join(root, 'calls'), 'utf8').split('\n');
  for (const start of ['s3 sync --only-show-errors ', 'copy ', 'mirror --quiet ']) {
    assert.is(calls.filter((call) => call.startsWith(start + join(dir, 'journal'))).length, 1);
  }
});

test('a remote that fails says why, and the local history is whole', async () => {
  const dir = join(root, 'offline');
  const store = await HistoryStore.open(dir, { journal: true });
  writeFileSync(join(root, 'broken'), '');
  try {
    await pushHistory(dir, remoteOf('bucket'));
    assert.unreachable();
  } catch (error) {
    assert.is((error as KsweepError).code, 'history-remote-failed');
    assert.match((error as KsweepError).message, 'no credentials');
  } finally {
    rmSync(join(root, 'broken'));
  }
  await store.append('20260101T010000Z', [{ path: SERIES, lines: ['{}'] }]);
  assert.equal(linesOf(dir), ['{}']);
});

test('a journal from elsewhere writes nowhere but into series and nights', async () => {
  const dir = join(root, 'hostile');
  await HistoryStore.open(dir);
  mkdirSync(join(dir, 'journal'));
  const lines = [
    '../../x.ndjson',
    '/etc/x',
    'series/../../x/y.ndjson',
    'series/a/b/c/d.ndjson',
    'nights/x/night.json',
    '.gitignore',
  ];
  const content = [
    ...lines.map((bad) => JSON.stringify({ path: bad, line: 'x' })),
    'no json',
    JSON.stringify({ path: SERIES, line: 'x\ny' }),
  ];
  writeFileSync(join(dir, 'journal', 'a.ndjson'), content.join('\n'));
  assert.is(await applyJournal(dir, ['a.ndjson']), 0);
  assert.equal(readdirSync(join(dir, 'series')), []);
});

test('a history in git is committed without locks and run folders, and merged by lines', async () => {
  const repo = join(root, 'repo');
  mkdirSync(repo);
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repo, '-c', 'init.defaultBranch=main', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  git('init', '--quiet');
  git('config', 'user.name', 'test');
  git('config', 'user.email', 'test@example.com');
  const dir = join(repo, 'history');
  const store = await HistoryStore.open(dir);
  await requireWorkTree(dir);
  await store.append('n', [{ path: SERIES, lines: ['{"first":1}'] }]);
  mkdirSync(join(dir, 'nights', 'x'), { recursive: true });
  writeFileSync(join(dir, 'nights', 'x', 'a.hlog'), 'raw');
  writeFileSync(join(dir, 'nightly.lock'), '{}');
  writeFileSync(join(repo, 'mine.txt'), 'not the history');
  assert.ok(await commitHistory(dir, 'Add a night'));
  assert.not(await commitHistory(dir, 'Add nothing'));
  const files = git('ls-files').trim().split('\n');
  assert.ok(files.includes(`history/${SERIES}`));
  assert.not(files.some((name) => /nights\/|lock|mine/.test(name)));

  git('switch', '--quiet', '-c', 'other');
  await store.append('n', [{ path: SERIES, lines: ['{"other":1}'] }]);
  await commitHistory(dir, 'Add on the other side');
  git('switch', '--quiet', 'main');
  await store.append('n', [{ path: SERIES, lines: ['{"main":1}'] }]);
  await commitHistory(dir, 'Add on this side');
  git('merge', '--quiet', 'other', '-m', 'merge');
  assert.equal(linesOf(dir).sort(), ['{"first":1}', '{"main":1}', '{"other":1}']);
});

test('a folder outside git is refused before a night begins', async () => {
  const dir = join(root, 'plain');
  await HistoryStore.open(dir);
  assert.not(existsSync(join(root, '.git')));
  try {
    await requireWorkTree(dir);
    assert.unreachable();
  } catch (error) {
    assert.is((error as KsweepError).code, 'history-input');
  }
});

test('the client of a remote has to be one that is known', () => {
  const cli = join(import.meta.dirname, '..', '..', '..', '..', 'bench', 'cli', 'main.js');
  const workload = join(import.meta.dirname, '..', '..', '..', '..', '..', 'workloads', 'nightly.yaml');
  const run = (...more: string[]) =>
    spawnSync(
      process.execPath,
      [cli, 'nightly', '--workload', workload, '--history', join(root, 'cli'), ...more],
      { encoding: 'utf8' },
    );
  const cases: [string[], string][] = [
    [['--history-remote', 's3://x/y', '--history-client', 'ftp'], 'aws, rclone, mc'],
    [['--time-budget', 'soon'], '--time-budget soon'],
    [['--disk-limit', 'big'], '--disk-limit big'],
    [['--keep-raw', '0'], '--keep-raw 0'],
    [['--delta-for', 'due-to-ack.p5=0.1'], 'due-to-ack.p50'],
    [['--delta', '7'], '--delta 7'],
    [['--canary-kafka-version', '4.0.0'], 'goes with --local'],
  ];
  for (const [more, expected] of cases) {
    const { status, stderr } = run(...more);
    assert.is(status, 1, stderr);
    assert.match(stderr, expected);
  }
  assert.not(existsSync(join(root, 'cli', 'nights')));
});

test.run();
