import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { fileOf, innerPath, isOwnHost } from '../../../../reports/serve/guard.ts';
import { openerOf } from '../../../../reports/serve/open.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('what a results server gives out');
const base = mkdtempSync(join(tmpdir(), 'ksweep-test-'));
const root = join(base, 'results');
test.before(() => {
  mkdirSync(join(root, 'run one'), { recursive: true });
  mkdirSync(join(root, '.hidden'));
  mkdirSync(join(root, 'folder.html'));
  mkdirSync(join(base, 'results-secret'));
  writeFileSync(join(root, 'run one', 'report.html'), 'page');
  writeFileSync(join(root, 'run one', 'client.properties'), 'secret');
  writeFileSync(join(root, '.hidden', 'page.html'), 'secret');
  writeFileSync(join(base, 'secret.html'), 'secret');
  writeFileSync(join(base, 'results-secret', 'page.html'), 'secret');
  symlinkSync(join(base, 'secret.html'), join(root, 'link.html'));
  symlinkSync(base, join(root, 'out'));
  symlinkSync(join(base, 'results-secret'), join(root, 'beside'));
  symlinkSync(join(root, 'run one'), join(root, 'inner'));
});
test.after(() => rmSync(base, { recursive: true, force: true }));

test('a plain file below the root is given, also by a link that stays below it', async () => {
  const file = await fileOf(root, '/run%20one/report.html');
  assert.match(file?.path ?? '', /run one\/report\.html$/);
  assert.is(file?.contentType, 'text/html; charset=utf-8');
  assert.ok(await fileOf(root, '/inner/report.html'));
});

test('no other path leads to a file', async () => {
  const paths = [
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/%2e%2e%2fsecret.html',
    '/run%20one/../../secret.html',
    '/run%20one/%2e%2e/%2e%2e/secret.html',
    '/%252e%252e/secret.html',
    '/..%5csecret.html',
    '//secret.html',
    `/${join(base, 'secret.html')}`,
    `/${encodeURIComponent(join(base, 'secret.html'))}`,
    '/link.html',
    '/out/secret.html',
    '/beside/page.html',
    '/.hidden/page.html',
    '/run%20one/client.properties',
    '/run%20one/report.html%00.txt',
    '/folder.html',
    '/run%20one',
    '/nothing.html',
    '/%',
    '/%ff',
    '/',
    '',
  ];
  for (const path of paths) assert.is(await fileOf(root, path), null, path);
});

test('a path is decoded once', () => {
  assert.is(innerPath('/a%20b/c'), 'a b/c');
  assert.is(innerPath('/a%2fb'), 'a/b');
  for (const path of ['/a%252fb', '/..', '/a/./b', '/a//b', '/a\\b']) assert.is(innerPath(path), null, path);
});

test('only a Host header that names this server is answered', () => {
  const local = { host: '127.0.0.1', port: 8080 };
  for (const host of ['127.0.0.1:8080', 'localhost:8080', 'LOCALHOST:8080', '[::1]:8080']) {
    assert.ok(isOwnHost(host, local), host);
  }
  for (const host of [
    undefined,
    '',
    'evil.example:8080',
    'localhost.evil.example:8080',
    'localhost',
    'localhost:8081',
    '127.0.0.1:8080@evil.example',
    '10.0.0.1:8080',
    '127.0.0.1:8080, evil.example',
  ]) {
    assert.not.ok(isOwnHost(host, local), host);
  }
  const open = { host: '0.0.0.0', port: 80 };
  for (const host of ['10.0.0.1', '10.0.0.1:80', 'localhost']) assert.ok(isOwnHost(host, open), host);
  assert.not.ok(isOwnHost('evil.example', open));
  assert.ok(isOwnHost('bench-1:80', { host: 'bench-1', port: 80 }));
});

test('a page opens with what the user named, or the system has', () => {
  assert.equal(openerOf({ BROWSER: 'firefox -new-tab' }, 'linux'), ['firefox', '-new-tab']);
  assert.equal(openerOf({}, 'linux'), ['xdg-open']);
  assert.equal(openerOf({ BROWSER: '' }, 'darwin'), ['open']);
});

test.run();
