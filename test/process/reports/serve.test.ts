import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as assert from 'uvu/assert';
import { cliFile } from '../../../bench/common/package-root.ts';
import { LIVE_FILE } from '../../../bench/results/live-second.ts';
import { LiveFile } from '../../../bench/run/live/live-file.ts';
import { writeReports } from '../../../reports/run/write-reports.ts';
import { tellSeconds } from '../../support/live-seconds.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { suite } from '../../support/suite.ts';
import { until } from '../../support/until.ts';

const test = suite('ksweep report --serve', { timeoutMs: 60_000 });
const base = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
const root = join(base, 'results');
let url = '';
let run = '';
let child: ChildProcess;

test.before(async () => {
  const dir = await writeRunFolder(root, {
    axes: { acks: ['all', 1] },
    blocks: 1,
    measuredSec: 2,
    unfinished: 1,
  });
  await writeReports(dir);
  run = basename(dir);
  const file = join(dir, 'manifest.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), finishedAt: null }));
  writeFileSync(join(root, 'comparison.html'), '<!doctype html>compared');
  writeFileSync(join(base, 'secret.html'), 'secret');
  symlinkSync(join(base, 'secret.html'), join(root, 'link.html'));
  const cli = cliFile();
  child = spawn(process.execPath, [cli, 'report', root, '--serve', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said] = await once(child.stderr ?? child, 'data');
  url = /http:\/\/127\.0\.0\.1:\d+\//.exec(String(said))?.[0] ?? '';
  assert.ok(url !== '', String(said));
});
test.after(async () => {
  if (child.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(base, { recursive: true, force: true });
});

/** Whether an event that begins with `begin` has come whole. */
const endOf = (text: string, begin: string): boolean =>
  text.includes(begin) && text.includes('\n\n', text.indexOf(begin));

/** As a client that sends a path as it is, which fetch would not. */
function ask(
  path: string,
  options: { method?: string; host?: string; until?: string } = {},
): Promise<{ status: number; text: string }> {
  const { hostname, port, host } = new URL(url);
  return new Promise((done, failed) => {
    const headers = { host: options.host ?? host };
    request({ hostname, port, path, method: options.method ?? 'GET', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        // Events have no end: the first one is what is looked at.
        if (path.startsWith('/-/events') && endOf(text, options.until ?? '')) response.destroy();
      });
      response.on('close', () => done({ status: response.statusCode ?? 0, text }));
    })
      .on('error', failed)
      .end();
  });
}

test('a list of what lies there, and its pages', async () => {
  const list = await ask('/');
  assert.is(list.status, 200);
  assert.match(list.text, 'Runs that have not ended');
  assert.match(list.text, `href="/${run}/report.html"`);
  assert.match(list.text, 'href="/comparison.html"');
  assert.not.match(list.text, 'link.html');
  const page = await ask(`/${run}/report.html`);
  assert.is(page.status, 200);
  assert.match(page.text, '<!doctype html>');
});

test('a run that goes on tells its progress as events', async () => {
  const page = await ask(`/-/live/${run}`);
  assert.is(page.status, 200);
  assert.match(page.text, `data-events="/-/events/${run}"`);
  const { status, text } = await ask(`/-/events/${run}`);
  assert.is(status, 200);
  const progress = JSON.parse(text.replace(/^data: /, ''));
  assert.is(progress.finished, false);
  assert.is(progress.planned, 2);
  assert.is(progress.done, 1);
  assert.match(progress.latest[0].cell, /^acks /);
});

test('a run that goes on tells its seconds as events, from its live file', async () => {
  const file = new LiveFile(join(root, run));
  tellSeconds(file, 4, () => 1_500);
  await until('live file', () => existsSync(join(root, run, LIVE_FILE)));
  const { text } = await ask(`/-/events/${run}`, { until: 'event: second' });
  const told = JSON.parse(/event: second\ndata: (.*)/.exec(text)?.[1] ?? '{}');
  assert.is(told.seconds.at(-1).achievedPerSec, 990);
  assert.ok(told.ageMs < 60_000);
  await file.close();
});

test('nothing else is given, whatever it is called, to nobody else, and nothing is changed', async () => {
  for (const path of [
    '/../secret.html',
    '/%2e%2e%2fsecret.html',
    '/link.html',
    '/-/live/..',
    '/-/events/%2e%2e',
    '/x',
  ]) {
    const { status, text } = await ask(path);
    assert.is(status, 404, path);
    assert.not.match(text, 'secret');
  }
  assert.is((await ask('/', { host: 'evil.example' })).status, 403);
  for (const method of ['POST', 'PUT', 'DELETE']) assert.is((await ask('/', { method })).status, 405, method);
});

test('a signal ends it with 0', async () => {
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  assert.is(code, 0);
});

test.run();
