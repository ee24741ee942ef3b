import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../bench/common/package-root.ts';
import type { PreparedHost } from '../../bench/load/agent/prepare.ts';
import { ksweep } from '../support/cli.ts';
import { suite } from '../support/suite.ts';

const test = suite('ksweep agents prepare', { timeoutMs: 240_000 });

const dir = mkdtempSync(join(tmpdir(), 'ksweep-prepare-'));
const bin = join(dir, 'bin');
const homeOf = (host: string) => join(dir, 'home', host);
const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };

function script(folder: string, name: string, ...lines: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(join(folder, name), 0o755);
}

/**
 * ssh that runs the command here, with a home of the host's own. npm there is one that unpacks and takes this package's
 * dependencies and addon, so that no network and no compiler are needed.
 */
test.before(() => {
  const there = join(dir, 'there');
  script(
    bin,
    'ssh',
    'while [ "$1" != -- ]; do shift; done',
    'if [ "$2" = gone ]; then echo "ssh: connect to host gone port 22: Connection refused" >&2; exit 255; fi',
    `HOME="${join(dir, 'home')}/$2" PATH="${there}:$PATH"`,
    'export HOME PATH',
    'mkdir -p "$HOME"',
    'exec sh -c "$3"',
  );
  script(
    there,
    'npm',
    'if [ "$1" = --version ]; then echo 11.0.0; exit 0; fi',
    'if [ -e "$HOME/full" ]; then echo "npm error code ENOSPC" >&2; exit 228; fi',
    'echo installed >> "$HOME/installs"',
    'prefix="$4"; for file; do :; done',
    'to="$prefix/lib/node_modules/ksweep"',
    'mkdir -p "$to" "$prefix/bin"',
    'tar -xzf "$file" -C "$to" --strip-components=1',
    `ln -s "${join(packageRoot(), 'node_modules')}" "$to/node_modules"`,
    `if [ -d "${join(packageRoot(), 'dist', 'native')}" ]; then ln -s "${join(packageRoot(), 'dist', 'native')}" "$to/dist/native"; fi`,
    'chmod +x "$to/dist/bench/cli/main.js"',
    'ln -sf ../lib/node_modules/ksweep/dist/bench/cli/main.js "$prefix/bin/ksweep"',
  );
});

test.after(() => rmSync(dir, { recursive: true, force: true }));

const prepare = async (where: string) => {
  const { code, stdout, stderr } = await ksweep(['agents', 'prepare', '--load-hosts', where, '--json'], env);
  return { code, stderr, hosts: stdout === '' ? [] : (JSON.parse(stdout) as PreparedHost[]) };
};

const installs = (host: string): number =>
  existsSync(join(homeOf(host), 'installs'))
    ? readFileSync(join(homeOf(host), 'installs'), 'utf8')
        .trim()
        .split('\n').length
    : 0;

test('this very package is put there, found by an agent, and left alone next time', async () => {
  const first = await prepare('ssh:one');
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  assert.is(first.code, 0, JSON.stringify(first));
  assert.is(first.hosts[0]?.did, 'installed');
  assert.is(first.hosts[0]?.after?.version, version);
  assert.match(first.stderr, /one: copying the package[\s\S]*one: npm install/);
  assert.ok(existsSync(join(homeOf('one'), '.ksweep', 'bin', 'ksweep')));

  const checked = await ksweep(['agents', 'check', '--load-hosts', 'ssh:one', '--json'], env);
  assert.is(checked.code, 0, checked.stdout);

  const again = await prepare('ssh:one');
  assert.equal([again.code, again.hosts[0]?.did, installs('one')], [0, 'left alone', 1]);
  assert.equal(again.hosts[0]?.before, first.hosts[0]?.after);
});

test('a host that fails is named with cause and next step; one with another package gets this one all the same', async () => {
  mkdirSync(homeOf('full'), { recursive: true });
  writeFileSync(join(homeOf('full'), 'full'), '');
  writeFileSync(join(homeOf('one'), '.ksweep', 'package.sha256'), 'another\n');
  const { code, hosts } = await prepare('ssh:gone,full,one');
  assert.is(code, 2);
  assert.equal(
    hosts.map(({ name, did }) => [name, did]),
    [
      ['gone', 'failed'],
      ['full', 'failed'],
      ['one', 'installed'],
    ],
  );
  assert.match(
    hosts[0]?.problem ?? '',
    /on load host gone failed: status 255 \| ssh: connect.*refused; look at it by hand: ssh/,
  );
  assert.match(
    hosts[1]?.problem ?? '',
    /npm install on load host full failed: status 228 \| npm error code ENOSPC/,
  );
  assert.not.ok(existsSync(join(homeOf('full'), '.ksweep', 'package.sha256')));
  assert.equal([hosts[2]?.before?.packageSha256, installs('one')], ['another', 2]);
});

test('what cannot be prepared is refused with the reason', async () => {
  const exec = await prepare('exec:a:docker exec -i {host} ksweep agent --stdio');
  assert.is(exec.code, 1);
  assert.match(exec.stderr, /exec: says how an agent is started there, and not how anything else is/);
  const local = await prepare('local');
  assert.is(local.code, 1);
  assert.match(local.stderr, /no other host than this one/);
});

test.run();
