import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const PACKAGE = 'kubernetes-client';

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'kubectl')).find((file) => existsSync(file));
}

/** The kubectl of this machine; as root on Debian it is installed where there is none. */
export function realKubectl(): { readonly path: string } | { readonly reason: string } {
  const there = onPath();
  if (there !== undefined) return { path: there };
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return { reason: `there is no kubectl: install it (on Debian: apt-get install ${PACKAGE})` };
  }
  const install = ['install', '-y', '-qq', '--no-install-recommends', PACKAGE];
  for (const args of [['update', '-qq'], install]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' });
    if (status !== 0) return { reason: `apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}` };
  }
  const path = onPath();
  return path === undefined ? { reason: `${PACKAGE} brought no kubectl` } : { path };
}
