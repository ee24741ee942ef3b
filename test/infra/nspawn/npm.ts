import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../bench/common/package-root.ts';
import { type Hosts, STATE } from './hosts.ts';

const run = promisify(execFile);

/**
 * An npm for hosts without a way to a registry or the time for a compiler: it unpacks, and takes the dependencies and the
 * addon of this checkout. Which Node they have is this one.
 */
export async function bringNpm(hosts: Hosts, names: readonly string[]): Promise<void> {
  const root = packageRoot();
  const { stdout } = await run('npm', ['ls', '--omit=dev', '--all', '--parseable', '--offline'], {
    cwd: root,
  }).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  const packages = stdout
    .split('\n')
    .filter((folder) => folder.startsWith(join(root, 'node_modules')))
    .map((folder) => folder.slice(root.length + 1));
  const leave = ['*/node_modules/typescript*', '*/kafka-javascript/deps', '*/obj.target', '*/echarts'];
  const list = join(hosts.folder, 'packages');
  writeFileSync(list, [...packages, join('dist', 'native')].join('\n'));
  const npm = [
    '#!/bin/sh',
    'if [ "$1" = --version ]; then echo 11.0.0; exit 0; fi',
    'prefix="$4"; for file; do :; done',
    'to="$prefix/lib/node_modules/ksweep"',
    'mkdir -p "$to" "$prefix/bin"',
    'tar -xzf "$file" -C "$to" --strip-components=1',
    'ln -s /opt/there/node_modules "$to/node_modules"',
    'if [ -d /opt/there/dist/native ]; then ln -s /opt/there/dist/native "$to/dist/native"; fi',
    'chmod +x "$to/dist/bench/cli/main.js"',
    'ln -sf ../lib/node_modules/ksweep/dist/bench/cli/main.js "$prefix/bin/ksweep"',
    '',
  ].join('\n');
  for (const name of names) {
    const there = join(STATE, name, 'root', 'opt', 'there');
    const excluded = leave.map((pattern) => `--exclude='${pattern}'`).join(' ');
    await run('sh', [
      '-c',
      `mkdir -p ${there} && tar -cf - -C ${root} ${excluded} -T ${list} | tar -xf - -C ${there}`,
    ]);
    await hosts.ssh(name, 'cat >/usr/local/bin/npm && chmod 755 /usr/local/bin/npm', npm);
    await hosts.ssh(name, `command -v node || ln -s ${process.execPath} /usr/local/bin/node`);
  }
  rmSync(list);
}
